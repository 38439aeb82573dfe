"""Resolves a KAITO operator: release, mode, provisioner and cloud to charts, identities and what is worth a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Final

from kaito_iac.catalog.find import nearest
from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.load import DEFAULT_VERSION, versions
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.catalog.release import changes, lost_kinds
from kaito_iac.kinds.kaito_operator import KarpenterArgs
from kaito_iac.problem import Problem
from kaito_iac.project_url import pip_install
from kaito_iac.resolve.operator_addon import addon_spec
from kaito_iac.resolve.operator_chart import find_chart
from kaito_iac.resolve.operator_cluster import Cluster
from kaito_iac.resolve.operator_gates import read_gates
from kaito_iac.resolve.operator_provisioner import (
    OF_CLOUD,
    aws_karpenter,
    azure_gpu_provisioner,
    azure_karpenter,
    karpenter_providers,
    provisioner_namespace,
)
from kaito_iac.resolve.operator_spec import KEEPER, Chart, Grant, OperatorSpec
from kaito_iac.resolve.operator_streaming import read_streaming
from kaito_iac.resolve.operator_values import ragengine_values, read_replicas, with_own, workspace_values
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioning:
    """What brings the nodes."""

    grant: Grant | None = None
    charts: tuple[Chart, ...] = ()
    token: Any = None


def resolve_operator(name: str, args: Mapping[str, Any] | None) -> OperatorSpec:
    """Check the arguments of a KaitoOperator; raises SpecError with every problem."""
    reader = component_reader("KaitoOperator", name, args)
    mode = reader.text("mode") or "release"
    cluster = Cluster(reader)
    version = _version(reader, "version", "aks-add-on" if mode == "addon" else "chart")
    if version:
        reader.problems += _upgrade(reader, version)
    spec = addon_spec(reader, cluster, version) if mode == "addon" else _installed(reader, cluster, version, mode)
    return replace(spec, problems=reader.finish())


def _version(reader: Reader, key: str, kind: str) -> KaitoVersion | None:
    """Read a release of the catalogue; the newest of its kind when none is named."""
    known = [one for one in versions().values() if one.kind == kind]
    named = reader.text(key, "a KAITO release, such as 0.12.0")
    if named is None:
        return None if reader.problems_at(key) else known[0]
    found = next((one for one in known if one.version == named.removeprefix("v")), None)
    if found is None:
        close = nearest(named, tuple(one.version for one in known))
        fix = f"{reader.path(key)}={close[0]!r}" if close else "choose one of `kaito-iac versions`"
        message = f"{shown(named)}, which the catalogue does not describe"
        reader.add(Problem("KO443", reader.path(key), message, " or ".join(one.version for one in known), fix))
    elif kind == "chart" and found.version != judged_release():
        message = f"{found.version}, while workloads are judged as KAITO {judged_release()} would"
        fix = f"{key}={judged_release()!r}, or --kaito-version {found.version}"
        reader.add(Problem("KO443", reader.path(key), message, judged_release(), fix, "warning"))
    return found


def _upgrade(reader: Reader, version: KaitoVersion) -> Iterator[Problem]:
    """Return what an upgrade from another release changes."""
    named = reader.text("upgrades_from", "a KAITO release, such as 0.11.0")
    old = versions().get(named.removeprefix("v")) if named else None
    if named and old is None:
        yield Problem("KO443", "upgrades_from", f"{shown(named)}, which the catalogue does not describe", " or ".join(versions()))
    if old is None:
        return
    for change in changes(old, version):
        message = f"{old.version} -> {version.version}: {change.area} {change.subject}: {change.text}"
        yield Problem("KO444", "version", message, severity="warning" if change.breaking else "info")


def _installed(reader: Reader, cluster: Cluster, version: KaitoVersion | None, mode: str) -> OperatorSpec:
    cloud = reader.text("cloud") or "azure"
    provisioner = _provisioner(reader, cloud)
    cluster.agree(mode, provisioner)
    own, gates = read_gates(reader, version, provisioner, cloud)
    read_replicas(reader)
    namespace = provisioner_namespace(reader, provisioner, cloud)
    release = version or versions()[DEFAULT_VERSION]
    making = _provisioning(reader, cluster, release, provisioner, cloud, namespace)
    charts = _charts(reader, cluster, release, mode, provisioner, cloud, own)
    keep = (reader.text("crds") or "keep") == "keep"
    _remarks(reader, mode, provisioner, cloud, gates, keep)
    guard = reader.flag("guard", True)
    if guard and find_spec("kubernetes") is None:
        reader.add(NO_CLIENT)
    postrender = reader.text("postrender", "a command on the PATH of the engine")
    absent = [kind for kind in lost_kinds(release, versions()[DEFAULT_VERSION]) if kind != "RAGEngine" or len(charts) > 1]
    return OperatorSpec(
        version=release,
        mode=mode,
        provisioner=provisioner,
        cloud=cloud,
        gates=gates,
        keep_crds=keep,
        postrender=postrender or (KEEPER if keep and mode == "release" else None),
        create_namespaces=reader.flag("create_namespaces", True),
        guard=guard,
        timeout_seconds=60 * (reader.number("timeout_minutes", 1, 120, "minutes") or 10),
        tags=reader.texts("tags"),
        grant=making.grant,
        bootstrap_token=making.token,
        provisioner_charts=making.charts,
        charts=charts,
        streaming=read_streaming(reader, cluster, gates),
        missing=(*absent, *(() if len(charts) > 1 else ("RAGEngine",))),
        cluster_id=cluster.get("cluster_id") if reader.has("cluster") else None,
        problems=(),
    )


NO_CLIENT: Final = Problem(
    "KS224",
    "guard",
    "the Kubernetes client is not installed, by which the guard looks for workloads: the operator could not be removed",
    fix=f"{pip_install(('wait',))}, or guard=False",
    severity="warning",
)
"""Reported in a preview, because the removal would fail."""


def _provisioner(reader: Reader, cloud: str) -> str:
    """Read who brings the nodes; nothing is assumed, because it decides who may buy them."""
    provisioner = reader.text("provisioner", required=True) or ""
    if provisioner and provisioner not in OF_CLOUD[cloud]:
        accepted = " or ".join(OF_CLOUD[cloud])
        reader.add(Problem("KS273", "provisioner", f"'{provisioner}' on {cloud}, which does not have it", accepted))
        return ""
    if provisioner == "azure-gpu-provisioner":
        message = "azure-gpu-provisioner: KAITO has deprecated it, new clusters should use Karpenter"
        reader.add(Problem("KO439", "provisioner", message, "karpenter or node-auto-provisioning", severity="info"))
    return provisioner


def _provisioning(
    reader: Reader, cluster: Cluster, version: KaitoVersion, provisioner: str, cloud: str, namespace: str
) -> Provisioning:
    own = provisioner in ("azure-gpu-provisioner", "karpenter")
    if not reader.flag("install_provisioner", True) or not own:
        for key in ("provisioner_values", "provisioner_chart_source", "provisioner_namespace"):
            if reader.has(key) and provisioner:
                message = "without effect: no provisioner is installed here"
                reader.add(Problem("KS105", key, message, f"no {key}", f"leave {key} out", "warning"))
        reader.add(_idle_karpenter(reader, provisioner))
        return Provisioning()
    if provisioner == "azure-gpu-provisioner":
        grant, charts = azure_gpu_provisioner(reader, cluster, version, namespace)
        return Provisioning(grant=grant, charts=charts)
    if cloud == "aws":
        return Provisioning(charts=aws_karpenter(reader, cluster, version, namespace))
    grant, charts, token = azure_karpenter(reader, cluster, version, namespace)
    return Provisioning(grant=grant, charts=charts, token=token)


def _idle_karpenter(reader: Reader, provisioner: str) -> Problem | None:
    """Report facts for Karpenter where another provisioner creates the nodes; their keys are checked all the same."""
    if not reader.has("karpenter") or provisioner in ("", "karpenter", "node-auto-provisioning"):
        return None
    reader.take(reader.inner("karpenter", KarpenterArgs))
    message = f"without effect: the provisioner is {provisioner}"
    return Problem("KS105", "karpenter", message, "provisioner karpenter", "leave karpenter out", "warning")


def _charts(
    reader: Reader,
    cluster: Cluster,
    version: KaitoVersion,
    mode: str,
    provisioner: str,
    cloud: str,
    gates: Mapping[str, bool],
) -> tuple[Chart, ...]:
    karpenter = provisioner in ("karpenter", "node-auto-provisioning")
    workspace = workspace_values(
        reader,
        gates=gates,
        node_provisioner="karpenter" if karpenter else provisioner,
        cloud=cloud,
        cluster_name=cluster.get("cluster_name"),
        providers=karpenter_providers(reader, cluster, cloud) if karpenter else {},
    )
    charts = [
        _chart(reader, version, "workspace", "namespace", with_own(reader, "values", workspace, version.values["workspace"]))
    ]
    if reader.flag("rag", False):
        own = with_own(reader, "rag_values", ragengine_values(reader, cloud), version.values["ragengine"])
        charts.append(_chart(reader, version, "ragengine", "rag_namespace", own))
    elif reader.has("rag_values") or reader.has("rag_namespace"):
        key = "rag_values" if reader.has("rag_values") else "rag_namespace"
        reader.add(Problem("KS105", key, "without rag=True", "rag=True", f"leave {key} out, or rag=True"))
    if mode == "chart" and provisioner != "byo":
        charts[0] = replace(charts[0], skip_crds=True)
    return tuple(charts)


def _chart(reader: Reader, version: KaitoVersion, name: str, key: str, values: Mapping[str, Any]) -> Chart:
    namespace = reader.text(key, "a namespace")
    reader.add(dns_label()(reader.path(key), namespace) if namespace else None)
    found = find_chart(reader, "chart_source", name, name, version.charts[name])
    return Chart(
        name=f"kaito-{name}",
        chart=found.chart,
        version=found.version,
        repository=found.repository,
        namespace=namespace or f"kaito-{name}",
        values=values,
    )


def _remarks(reader: Reader, mode: str, provisioner: str, cloud: str, gates: Mapping[str, bool], keep: bool) -> None:
    """Report what works otherwise than its name suggests, and what cannot be seen offline."""
    if not keep:
        message = (
            "delete: uninstalling the operator deletes KAITO's CRDs, and with them every Workspace, InferenceSet and RAGEngine"
        )
        reader.add(Problem("KO440", "crds", message, "keep", "leave crds out", "warning"))
    if provisioner == "node-auto-provisioning":
        message = "KAITO needs a Karpenter with the gate StaticCapacity; whether Azure's has it is not seen from here"
        reader.add(Problem("KO441", "provisioner", message, "", "kubectl explain nodepool.spec.replicas", "warning"))
    if cloud == "arc" and not reader.flag("gpu_operator", False):
        message = "arc: KAITO's device plugin matches no node there and is switched off"
        reader.add(
            Problem("KO441", "cloud", message, "a device plugin of your own", "gpu_operator=True if it is NVIDIA's", "warning")
        )
    if mode == "chart" and provisioner != "byo" and gates.get("gatewayAPIInferenceExtension"):
        message = "the CRDs of the inference extension are left out with the chart's crds folder, whose NodeClaim exists already"
        reader.add(Problem("KO441", "mode", message, "", "install inferencepools.inference.networking.k8s.io before", "warning"))
    if reader.args.get("rag") is True and provisioner not in ("", "azure-gpu-provisioner"):
        message = f"on, with provisioner {provisioner}: KAITO's RAG controller gets nodes only from gpu-provisioner"
        reader.add(Problem("KO445", "rag", message, "RAG engines without instance_type", severity="warning"))
    stack = reader.mapping("values").get("productionstack")
    if isinstance(stack, Mapping) and stack.get("enabled") is True:
        message = "the KEDA scaler in it needs the namespace keda; not seen from here"
        fix = "install KEDA before the operator"
        reader.add(Problem("KO441", "values.productionstack.enabled", message, "", fix, "warning"))

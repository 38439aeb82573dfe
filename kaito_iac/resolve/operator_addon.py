"""Resolves the operator that Azure runs as an AKS add-on: no chart, no gate, no value, and what that leaves out."""

from __future__ import annotations

from typing import Final

from kaito_iac.catalog.load import DEFAULT_VERSION, versions
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.catalog.release import lost_kinds
from kaito_iac.problem import Problem
from kaito_iac.resolve.operator_cluster import Cluster, joined
from kaito_iac.resolve.operator_spec import Federation, Grant, OperatorSpec, Role
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import some_text

TAKEN: Final = ("mode", "version", "cluster", "cloud", "provisioner", "upgrades_from", "addon_principal_id", "tags")
"""Arguments that mean something to the add-on."""
WHY: Final = "the add-on's identity may change agent pools there"


def addon_spec(reader: Reader, cluster: Cluster, version: KaitoVersion | None) -> OperatorSpec:
    """Read the few arguments of the add-on; problems go to the reader."""
    for key in reader.args:
        if key not in TAKEN and key in reader.known:
            message = "without effect: Azure runs the add-on, which has no chart, value or gate"
            reader.add(Problem("KO435", reader.path(key), message, "mode release or chart", f"leave {key} out"))
    for key, only in (("cloud", "azure"), ("provisioner", "azure-gpu-provisioner")):
        given = reader.text(key, only)
        if given not in (None, only):
            reader.add(Problem("KS273", key, f"'{given}', which the add-on does not have", only))
    cluster.agree("addon", "")
    release = version or next(one for one in versions().values() if one.kind == "aks-add-on")
    missing = _missing(release)
    message = f"KAITO {release.version} run by Azure has no {', '.join(missing)}"
    reader.add(Problem("KO436", "mode", message, fix="mode='release' has them", severity="info"))
    for defect in release.defects:
        reader.add(Problem("KO437", "mode", defect["text"], fix="az aks nodepool delete", severity="warning"))
    return OperatorSpec(
        version=release,
        mode="addon",
        provisioner="azure-gpu-provisioner",
        cloud="azure",
        gates={},
        keep_crds=True,
        postrender=None,
        create_namespaces=False,
        guard=False,
        timeout_seconds=600,
        tags=reader.texts("tags"),
        grant=_grant(reader, cluster),
        bootstrap_token=None,
        provisioner_charts=(),
        charts=(),
        streaming=None,
        missing=missing,
        cluster_id=cluster.need("cluster_id", "the add-on is a part of it"),
        problems=(),
    )


def _missing(version: KaitoVersion) -> tuple[str, ...]:
    """Return what a chart of the newest release has and the add-on has not."""
    newest = versions()[DEFAULT_VERSION]
    others = [f"provisioner {name}" for name in newest.provisioners if name not in version.provisioners]
    return (*lost_kinds(version, newest), *others, "feature gates", "Helm values")


def _grant(reader: Reader, cluster: Cluster) -> Grant | None:
    """Return the add-on's own identity its role and federation, when its object id is given."""
    principal = reader.late("addon_principal_id", some_text)
    if principal is None:
        return None
    group, subscription = cluster.need("node_resource_group", WHY), cluster.need("subscription_id", WHY)
    federation = Federation(
        credential="kaito-federated-identity",
        resource_group=group,
        issuer=cluster.need("oidc_issuer_url", WHY),
        subject="system:serviceaccount:kube-system:kaito-gpu-provisioner",
    )
    return Grant(
        resource_group=group,
        location=None,
        identity=joined("ai-toolchain-operator-", cluster.need("cluster_name", WHY)),
        principal=principal,
        roles=(Role(title="Contributor", scope=cluster.node_group_id(WHY), subscription=subscription),),
        federations=(federation,),
    )

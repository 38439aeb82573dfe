"""Reads KAITO's feature gates: which a release has, and what each of them needs before it does anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader

NO_NODES: Final = "disableNodeAutoProvisioning"
NEEDS: Final = (
    ("ModelStreaming", "ModelMirror", "the controller stops without it"),
    ("enableMultiRoleInferenceController", "gatewayAPIInferenceExtension", "the roles are joined by its InferencePool"),
    ("enableBaseImageAutoUpgrade", "enableInferenceSetController", "only InferenceSets are upgraded"),
)
"""Gate, the gate it needs, why."""
BYO_ONLY: Final = ("enableMIG", "enableAccelerator")
"""Gates whose workloads KAITO admits with nodeProvisioner byo alone."""
IN_CLUSTER: Final[Mapping[str, str]] = {
    "gatewayAPIInferenceExtension": "the Gateway API CRDs and an implementation with the inference extension, such as Istio",
    "ModelStreaming": "the Blob CSI driver (blob.csi.azure.com), or Workspaces are refused",
}
"""Gate to what has to be in the cluster and cannot be seen from here."""


def read_gates(
    reader: Reader, version: KaitoVersion | None, provisioner: str, cloud: str
) -> tuple[dict[str, bool], dict[str, bool]]:
    """Return the gates to set, and every gate as the controller will see it; problems go to the reader."""
    known: Mapping[str, bool] = version.feature_gates if version else {}
    inner = Reader({}, (), prefix=f"{reader.path('feature_gates')}.")
    own: dict[str, bool] = {}
    for gate, value in reader.mapping("feature_gates").items():
        path = inner.path(gate)
        if version and gate not in known:
            message = f"not a gate of KAITO {version.version}: the controller stops when it is given one"
            inner.add(
                Problem("KS270", path, message, "a gate of `kaito-iac versions`", did_you_mean(nearest(gate, tuple(known))))
            )
            continue
        one = Reader({gate: value}, (gate,), prefix=inner.prefix)
        own[gate] = one.flag(gate, False)
        inner.take(one)
    if provisioner:
        _own_gate(inner, own, provisioner)
    effective = {**known, **own}
    _needs(inner, effective, own, provisioner, cloud)
    reader.take(inner)
    return own, effective


def _own_gate(inner: Reader, own: dict[str, bool], provisioner: str) -> None:
    """Set the gate that has to agree with the provisioner: the chart reads the gate, the controller the provisioner."""
    byo = provisioner == "byo"
    if own.get(NO_NODES, byo) != byo:
        given = str(own[NO_NODES]).lower()
        message = f"{given} with provisioner {provisioner}: the controller follows the provisioner, the chart the gate"
        inner.add(Problem("KS105", inner.path(NO_NODES), message, "leave it out: it follows the provisioner"))
    if byo:
        own[NO_NODES] = True


def _needs(inner: Reader, effective: Mapping[str, bool], own: Mapping[str, Any], provisioner: str, cloud: str) -> None:
    for gate, needed, why in NEEDS:
        if effective.get(gate) and not effective.get(needed):
            fix = f"{inner.path(needed)}=True"
            inner.add(Problem("KS271", inner.path(gate), f"on without {needed}: {why}", f"{needed} on as well", fix))
    for gate in BYO_ONLY:
        if effective.get(gate) and provisioner and provisioner != "byo":
            message = f"on with provisioner {provisioner}: KAITO admits partitions only on existing nodes"
            inner.add(Problem("KS271", inner.path(gate), message, "provisioner byo"))
    if effective.get("ModelStreaming") and cloud and cloud != "azure":
        message = f"on with cloud {cloud}: KAITO streams only from Azure blob storage, and its controller stops"
        inner.add(Problem("KS271", inner.path("ModelStreaming"), message, "cloud azure"))
    for gate, needed in IN_CLUSTER.items():
        if effective.get(gate) and own.get(gate):
            fix = "install it before the operator"
            inner.add(Problem("KO441", inner.path(gate), f"needs {needed}; not seen from here", "", fix, "warning"))

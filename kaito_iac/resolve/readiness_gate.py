"""Resolves a readiness gate: which object it watches, over which kubeconfig, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import pulumi

from kaito_iac.errors import REFUSED
from kaito_iac.kinds.readiness_gate import ReadinessGateArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.problem import Problem, Unknown
from kaito_iac.project_url import pip_install
from kaito_iac.resolve.reading import Reader

LONGEST_MINUTES: Final = 7 * 24 * 60
GROUP: Final = "kubernetes:kaito.sh/"
"""How the Pulumi types of KAITO's kinds begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSpec:
    """A checked readiness gate."""

    made: Any
    """The object that is watched."""
    workload: Any
    """What the user named: the object, or the component that made it."""
    kubeconfig: Any
    """Path or content of a kubeconfig, may be an Output; None: the provider's."""
    context: str
    timeout_seconds: int
    """0: what the model's weights need."""
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the gate: nothing of a kubeconfig."""
        return {"timeoutMinutes": self.timeout_seconds // 60 or None}

    def watched(self) -> dict[str, Any]:
        """Return the object and the version of its specification; another one makes the gate wait again."""
        metadata = self.made.metadata
        kind = self.made.pulumi_resource_type.rpartition(":")[2]
        return {"kind": kind, **{key: metadata.apply(_picked(key)) for key in ("namespace", "name", "uid", "generation")}}


def _picked(key: str) -> Any:
    def pick(metadata: Any) -> Any:
        found = metadata.get(key) if isinstance(metadata, Mapping) else None
        return int(found) if isinstance(found, float) else found

    return pick


def resolve_gate(name: str, args: Mapping[str, Any] | None) -> GateSpec | Unknown:
    """Check the arguments of a ReadinessGate; raises SpecError with every problem.

    Return an Unknown when the workload itself was refused, which is reported already.
    """
    given = args or {}
    reader = Reader(given, keys_of(ReadinessGateArgs), title=f"ReadinessGate '{name}'")
    workload = given.get("workload") if isinstance(given, Mapping) else None
    if getattr(workload, "spec", None) is REFUSED:
        return Unknown(REFUSED.reason)
    made = workload if _is_kaito(workload) else getattr(workload, "workload", None)
    context = reader.text("context", "a context of the kubeconfig") or ""
    minutes = reader.number("timeout_minutes", 1, LONGEST_MINUTES, "minutes") or 0
    if not _is_kaito(made):
        accepted = "a KaitoWorkspace, KaitoInferenceSet, KaitoTuning, KaitoRagEngine, another component or kind of KAITO"
        reader.add(Problem("KS102", "workload", "missing" if workload is None else type(workload).__name__, accepted))
    elif workload is not made and getattr(getattr(workload, "spec", None), "wait_seconds", False):
        message = f"{type(workload).__name__} waits itself, so the gate would begin when all is over"
        reader.add(Problem("KS105", "workload", message, "", "set wait=False on the workload; the gate waits for it"))
    if find_spec("kubernetes") is None:
        message = "the Kubernetes client is not installed"
        reader.add(Problem("KS224", "kubernetes", message, "", pip_install(("wait",))))
    problems = reader.finish()
    return GateSpec(
        made=made,
        workload=workload,
        kubeconfig=None if given.get("kubeconfig") is None else pulumi.Output.secret(given["kubeconfig"]),
        context=context,
        timeout_seconds=minutes * 60,
        problems=problems,
    )


def _is_kaito(resource: Any) -> bool:
    """Return whether a resource is one of KAITO's kinds, rather than a component that makes one."""
    return isinstance(resource, pulumi.CustomResource) and resource.pulumi_resource_type.startswith(GROUP)

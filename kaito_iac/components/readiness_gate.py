"""A gate that opens when a workload is ready, and says within minutes when it never will be."""

from collections.abc import Mapping
from time import monotonic
from typing import Any, Final, Unpack, overload

import pulumi

from kaito_iac.components.cluster_access import aside, names_no_cluster, reach, speaker
from kaito_iac.components.dependencies import after
from kaito_iac.components.interruption import unless_stopped
from kaito_iac.components.refused import collectable
from kaito_iac.errors import SpecError, heard, warn
from kaito_iac.kinds.readiness_gate import ReadinessGateArgs
from kaito_iac.problem import Problem
from kaito_iac.readiness.cluster import ClusterError
from kaito_iac.readiness.cluster_reader import Eye
from kaito_iac.readiness.diagnose import Diagnosis
from kaito_iac.readiness.follow import Wait
from kaito_iac.readiness.target import Target
from kaito_iac.readiness.watch import WatchedCluster
from kaito_iac.resolve.readiness_gate import GateSpec, resolve_gate

NO_KUBECONFIG: Final = Problem(
    "KO479",
    "kubeconfig",
    "none: no argument, provider, configuration kubernetes:kubeconfig, KUBECONFIG or ~/.kube/config names a cluster",
    fix="give the gate a kubeconfig of the cluster that the workload's provider uses, before the update",
    severity="warning",
)
"""Reported in a preview, because the wait of the update would fail."""


@collectable
class ReadinessGate(pulumi.ComponentResource):
    """Waits for one workload while the program runs; what depends on it goes on when the workload is ready.

    Its child is a Stash with the object's uid and generation: another one makes it wait again, a failed wait leaves it as it
    was, so the next update waits again too.
    """

    endpoint: pulumi.Output[Any]
    """The workload's endpoint, once it answers; null for one without."""

    @overload
    def __init__(self, resource_name: str, args: ReadinessGateArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[ReadinessGateArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: ReadinessGateArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        spec = resolve_gate(resource_name, args)
        self.spec = spec
        super().__init__(
            "kaito-iac:index:ReadinessGate", resource_name, spec.inputs() if isinstance(spec, GateSpec) else {}, opts
        )
        if not isinstance(spec, GateSpec):
            self.endpoint = pulumi.Output.from_input(None)
            self.register_outputs({})
            return
        if heard.get() is None and names_no_cluster(spec.made, spec.kubeconfig):
            warn(resource_name, [NO_KUBECONFIG], self)
        hook = pulumi.ResourceHook(f"{resource_name}-ready", lambda seen: wait_for(self, resource_name, spec, seen))
        binding = pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])
        options = pulumi.ResourceOptions(parent=self, depends_on=[spec.made], hooks=binding)
        opened = pulumi.Stash(f"{resource_name}-opened", input=spec.watched(), opts=options)
        self.endpoint = after(opened, getattr(spec.workload, "endpoint", None))
        self.register_outputs({"endpoint": self.endpoint})


async def wait_for(gate: pulumi.Resource, resource_name: str, spec: GateSpec, seen: pulumi.ResourceHookArgs) -> None:
    """Wait for the object of the gate's new inputs; raises SpecError when it is hopeless or late."""
    try:
        cluster = await reach(spec.made, spec.kubeconfig, spec.context)
        watched = WatchedCluster(cluster)
        wait = Wait(look=Eye(watched).look, say=speaker(gate), clock=monotonic, sleep=watched.sleep)
        target = target_of(seen, spec.timeout_seconds)
        title = f"ReadinessGate '{resource_name}'"
        found: list[Diagnosis] = await unless_stopped(aside(lambda: wait.until_ready([target])), title, target.label)
    except ClusterError as error:
        fix = "give the gate a kubeconfig of the cluster that the workload's provider uses"
        raise SpecError(f"ReadinessGate '{resource_name}'", [Problem("KO479", "cluster", str(error), "", fix)]) from error
    problems = [problem for one in found for problem in one.problems]
    if problems:
        raise SpecError(f"ReadinessGate '{resource_name}'", problems)


def target_of(seen: pulumi.ResourceHookArgs, timeout_seconds: int) -> Target:
    """Return what is waited for; where a specification has changed, what was wrong before counts from the first look."""
    new, old = _watched(seen.new_inputs), _watched(seen.old_inputs)
    return Target(
        kind=str(new["kind"]),
        namespace="" if new["kind"] == "ModelMirror" else str(new.get("namespace") or "default"),
        name=str(new["name"]),
        altered=bool(old) and old.get("uid") == new.get("uid"),
        budget_seconds=timeout_seconds,
        uid=str(new.get("uid") or ""),
        generation=int(new.get("generation") or 0),
    )


def _watched(inputs: Any) -> Mapping[str, Any]:
    found = inputs.get("input") if isinstance(inputs, Mapping) else None
    return found if isinstance(found, Mapping) else {}

"""A guard on KAITO's operator: it is not removed while workloads or their nodes are there."""

from time import monotonic
from typing import Any

import pulumi

from kaito_iac.components.cluster_access import aside, reach
from kaito_iac.components.interruption import unless_stopped
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.project_url import pip_install
from kaito_iac.readiness.cluster import ClusterError, NoClient
from kaito_iac.readiness.inventory import until_gone
from kaito_iac.readiness.watch import WatchedCluster


def operator_guard(
    name: str, *, of: pulumi.Resource | None = None, kubeconfig: Any = None, context: str = ""
) -> pulumi.ResourceHook:
    """Return a hook for `before_delete` of the resource that installs the operator, its CRDs or its provisioner.

    A workload that is not being deleted blocks the removal; one that is, and nodes of KAITO, are waited for, up to half
    an hour. `of` is the Kubernetes provider, or a resource that uses it; kubeconfig (path or content) and context override it.
    Pulumi runs such a hook in `pulumi destroy` only with `--run-program`, and refuses to destroy without.
    """

    async def guard(seen: pulumi.ResourceHookArgs) -> None:
        title = f"'{seen.name}' cannot be removed"
        try:
            cluster = await reach(of, kubeconfig, context)
            watched = WatchedCluster(cluster)
            gone = aside(lambda: until_gone(watched, _say, clock=monotonic, sleep=watched.sleep))
            problems = await unless_stopped(gone, title, "workloads and nodes of KAITO to go")
        except NoClient as error:
            fix = f"{pip_install(('wait',))} beside the program, and run the same command again"
            raise SpecError(title, [Problem("KS224", "kubernetes", "the Kubernetes client is not installed", "", fix)]) from error
        except ClusterError as error:
            fix = "give the guard a kubeconfig of the cluster that the operator runs in"
            raise SpecError(title, [Problem("KO479", "cluster", str(error), "", fix)]) from error
        if problems:
            raise SpecError(title, problems)

    return pulumi.ResourceHook(f"{name}-guard", guard)


def _say(text: str) -> None:
    """Report a line on the program's output, which the engine shows: a resource that is being deleted has no log of its own."""
    print(text, flush=True)

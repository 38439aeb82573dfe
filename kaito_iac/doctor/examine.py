"""The whole examination, in the order in which one thing needs the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kaito_iac.doctor.ages import ages
from kaito_iac.doctor.finding import Finding, State
from kaito_iac.doctor.packages import packages
from kaito_iac.doctor.tool import tools
from kaito_iac.project_url import pip_install


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked at."""

    program: Path = Path()
    stack: str | None = None
    references: Path | None = None
    quota: Path | None = None
    prices: Path | None = None
    region: str | None = None
    kubeconfig: str | None = None
    context: str | None = None
    offline: bool = False
    """Whether no cluster is looked at."""


def examine(asked: Asked, today: date) -> Iterator[Finding]:
    """Yield every finding as it is made."""
    from kaito_iac.doctor.program import program_findings

    yield from tools()
    yield from packages(asked.program)
    yield from ages(asked.quota, asked.prices, asked.region, today)
    found, wanted = program_findings(asked.program, asked.stack, asked.references)
    yield from found
    if asked.offline:
        return
    from kaito_iac.readiness.cluster import ClusterError, NoClient, NoConfig, open_cluster

    try:
        cluster = open_cluster(kubeconfig=asked.kubeconfig, context=asked.context)
    except NoClient:
        message = "not looked at: the Kubernetes client is not installed"
        fix = pip_install(("wait",))
        yield Finding(area="cluster", subject="kubeconfig", state="info", found=message, fix=fix)
        return
    except NoConfig as error:
        fix = "az aks get-credentials, aws eks update-kubeconfig, or --kubeconfig FILE"
        state: State = "error" if asked.kubeconfig or asked.context else "warning"  # what is named has to be there
        yield Finding(area="cluster", subject="kubeconfig", state=state, found=str(error), fix=fix)
        return
    except ClusterError as error:
        fix = "kubectl config view --minify"
        yield Finding(area="cluster", subject="kubeconfig", state="error", found=str(error), fix=fix)
        return
    from kaito_iac.doctor.cluster import cluster_findings

    yield from cluster_findings(cluster, wanted)

"""Objects of components go to the cluster that the component hangs on."""

import pytest

import kaito_iac as kaito
from kaito_iac.offline.run import run_function
from kaito_iac.planning.wrong_cluster import wrong_cluster_problems

A100 = "Standard_NC24ads_A100_v4"
DEFAULT = "whatever cluster the default Kubernetes provider reaches"
FIX = "with the variable that holds the cluster"


def made(own: str | None, **placed: object) -> list[str]:
    """Return the problems of a program with two clusters, whose workload uses the provider of one of them."""
    import pulumi

    def program() -> None:
        clusters = {name: kaito.KaitoCluster(name, location="eastus") for name in ("models", "others")}
        opts = pulumi.ResourceOptions(providers=[clusters[own].provider()]) if own else None
        pool = kaito.GpuNodePool("a100", cluster=clusters["models"], instance_type=A100, count=1)
        kaito.KaitoWorkspace("chat", {"preset": "phi-4", "node_pool": pool, **placed}, opts=opts)

    recording = run_function(program)
    assert recording.error is None
    return [f"{one.severity}: {one.text(indent='', marked=False)}" for one in wrong_cluster_problems(recording.resources)]


@pytest.mark.parametrize(
    ("own", "goes", "severity"),
    [
        pytest.param("models", None, "", id="the provider of its cluster"),
        pytest.param(None, DEFAULT, "warning", id="the default provider"),
        pytest.param("others", "KaitoCluster 'others'", "error", id="the provider of another cluster"),
    ],
)
def test_objects_go_to_their_cluster(own, goes, severity):
    """A workload on a pool of a cluster, whose objects go elsewhere, is told with the line that mends it."""
    told = (
        f"{severity}: chat: hangs on KaitoCluster 'models', but its objects go to {goes}; expected objects in the cluster that "
        f"it hangs on [KO414]\n  fix: opts=pulumi.ResourceOptions(providers=[models.provider()]), {FIX}"
    )
    assert made(own) == ([told] if goes else [])


def test_programs_without_a_cluster():
    """A program that makes no cluster leaves it to its providers where objects go."""
    recording = run_function(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", instance_type=A100) and None)
    assert list(wrong_cluster_problems(recording.resources)) == []

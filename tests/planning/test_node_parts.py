"""Whether the parts of nodes that workloads ask for fit on their pool together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program

HEAD = """
import kaito_iac as kaito
def pool(size, nodes):
    return kaito.GpuNodePool("gpus", {"instance_type": size, "count": nodes, "labels": {"apps": "gpus"}})
def sliced(name, nodes, profile, replicas=1):
    part = {"mode": "mig", "profile": profile}
    kaito.KaitoInferenceSet(name, {"preset": "qwen3.5-2b", "node_pool": nodes, "partition": part, "replicas": replicas})
def shared(name, nodes, count):
    kaito.KaitoWorkspace(name, {"preset": "phi-4", "node_pool": nodes, "partition": {"mode": "accelerator", "count": count}})
"""
PLAIN = """
import pulumi
made = {{"vmSize": "{size}", "count": 1, "nodeLabels": {{"apps": "gpus"}}}}
pulumi.CustomResource("azure-native:containerservice:AgentPool", "gpus", made)
part = {{"mode": "mig", "profile": "{profile}"}}
place = {{"labelSelector": {{"matchLabels": {{"apps": "gpus"}}}}, "partition": part}}
raw = {{"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {{"name": "chat"}}, "resource": place}}
raw["inference"] = {{"preset": {{"name": "qwen/qwen3.5-2b"}}}}
pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", "chat", raw)
"""
"""A Workspace of no component on a pool of none."""
CLUSTER = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks"
H100, A100 = "Standard_NC40ads_H100_v5", "Standard_NC96ads_A100_v4"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(
            f'nodes = pool("{H100}", 1)\nsliced("guard", nodes, "2g.24gb", 3)\nsliced("clerk", nodes, "1g.12gb")',
            [],
            id="a GPU cut as a whole",
        ),
        pytest.param(
            f'nodes = pool("{H100}", 1)\nsliced("guard", nodes, "2g.24gb", 3)\nsliced("clerk", nodes, "1g.12gb", 2)',
            [
                "gpus: 2 GPUs are needed for parts of nodes, cut into 3 x 2g.24gb and 2 x 1g.12gb, the pool has at most 1; "
                "expected a pool of 2 or more nodes [KS223]"
            ],
            id="one slice too many",
        ),
        pytest.param(f'nodes = pool("{A100}", 1)\nshared("one", nodes, 2)\nshared("two", nodes, 2)', [], id="four GPUs shared"),
        pytest.param(
            f'nodes = pool("{A100}", 1)\nshared("one", nodes, 2)\nshared("two", nodes, 3)',
            [
                "gpus: 5 GPUs are needed for parts of nodes, the pool has at most 4; expected a pool of 2 or more nodes [KS223]",
            ],
            id="one GPU too many",
        ),
        pytest.param(
            'nodes = kaito.GpuNodePool("gpus", {"instance_type": "Standard_NC40ads_H100_v5", "labels": {"apps": "gpus"}})\n'
            'sliced("guard", nodes, "2g.24gb", 9)',
            [],
            id="a pool that no one counted",
        ),
    ],
)
def test_parts_of_a_pool(tmp_path: Path, body, said):
    """A plan says that a pool cannot be divided into what is asked of it; of a pool of unknown size it says nothing."""
    (tmp_path / "Pulumi.yaml").write_text("name: parts\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(HEAD + body)
    problems = make_plan(Program(tmp_path)).problems
    assert [problem.headline for problem in problems if problem.severity == "error"] == said


@pytest.mark.parametrize(
    ("size", "profile", "said"),
    [
        pytest.param(A100, "3g.40gb", "", id="its own"),
        pytest.param(A100, "1g.10gb", "", id="of two GPUs"),
        pytest.param(A100, "7g.141gb", "chat: 7g.141gb, a slice of H200 (141GB HBM3e), while ", id="of a larger GPU"),
        pytest.param(A100, "1g.5gb", "chat: 1g.5gb, a slice of A100 (40GB), while ", id="of the same GPU with less memory"),
        pytest.param(H100, "7g.80gb", "chat: 7g.80gb, a slice of A100 (80GB) / H100 (80GB), while ", id="by memory"),
        pytest.param("Standard_NC4as_T4_v3", "3g.40gb", "chat: 3g.40gb, a slice of A100 (80GB) / H100 (80GB), while ", id="none"),
        pytest.param("Standard_ND128isr_NDR_GB200_v6", "3g.90gb", "", id="a GPU whose slices KAITO does not list"),
        pytest.param("Standard_Unknown", "3g.90gb", "", id="a size nobody knows"),
    ],
)
def test_slices_of_other_gpus(tmp_path: Path, size, profile, said):
    """A plan refuses slices that no GPU of a plain pool can be cut into: its pods would stay Pending."""
    (tmp_path / "Pulumi.yaml").write_text("name: parts\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PLAIN.format(size=size, profile=profile))
    found = [problem.headline for problem in make_plan(Program(tmp_path)).problems if problem.code == "KS223"]
    assert [line.startswith(f"{said}{size} has ") for line in found] == [True] * bool(said)


def test_slices_of_another_gpu_in_components(tmp_path: Path):
    """A component on a pool whose GPUs the program does not cut is told the same; of one that it cuts once, by the component."""
    (tmp_path / "Pulumi.yaml").write_text("name: parts\nruntime: python\n")
    made = f'"count": nodes, "mig": "MIG7g", "location": "eastus", "cluster_id": "{CLUSTER}",'
    cut = HEAD.replace('"count": nodes,', made)
    codes = []
    for head in (HEAD, cut):
        (tmp_path / "__main__.py").write_text(f'{head}\nsliced("guard", pool("{H100}", 1), "7g.141gb")')
        problems = make_plan(Program(tmp_path)).problems
        codes.append([problem.code for problem in problems if problem.severity == "error"])
    assert codes == [["KS223"], ["KS266"]]

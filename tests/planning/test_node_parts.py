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

"""KQ105: GPUs by product."""

from datetime import date
from pathlib import Path

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.gpu_products import RULE
from kaito_iac.rules.rule import StackFacts
from kaito_iac.stack.resource import Resource

A100 = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4", "count": 2}
A10 = {"name": "a10", "vmSize": "Standard_NV36ads_A10_v5", "count": 3}
FIX = "\n  fix: use fewer or smaller nodes, use another product, or raise maxGpus of gpu-products"
CONFIG = "\n  fix: correct the policy configuration"
KNOWN = (
    "AMD MI300X, AMD Radeon Instinct MI25, AMD Radeon PRO V620, AMD Radeon Pro V520, AWS Inferentia accelerators, "
    "AWS Inferentia2 accelerators, AWS Trainium accelerators, AWS Trainium2 accelerators, NVIDIA A10, NVIDIA A100, NVIDIA A10G, "
    "NVIDIA A16, NVIDIA A2, NVIDIA B200, NVIDIA B300, NVIDIA GB200, NVIDIA GB300, NVIDIA H100, NVIDIA H200, NVIDIA L4, "
    "NVIDIA L40S, NVIDIA RTX PRO 4500, NVIDIA RTX PRO 6000, NVIDIA T4G, Tesla K80, Tesla M60, Tesla P100, Tesla P40, Tesla T4, "
    "Tesla V100"
)


@pytest.mark.parametrize(
    ("pools", "settings", "said"),
    [
        pytest.param([A100, A10], {}, [], id="no budget"),
        pytest.param([A100, A10], {"maxGpus": {"A100": 2}}, [], id="exactly the budget, other products do not count"),
        pytest.param(
            [A100, A10],
            {"maxGpus": {"A100": 1, "NVIDIA A10": 2}},
            [
                f"stack: 2 A100 GPUs (a100 2); expected at most 1 [KQ105]{FIX}",
                f"stack: 3 NVIDIA A10 GPUs (a10 3); expected at most 2 [KQ105]{FIX}",
            ],
            id="one above, in both, with the maker or without",
        ),
        pytest.param([A100], {"maxGpus": {"a 10": 0}}, [], id="A10 is not the beginning of A100"),
        pytest.param([A100], {"maxGpus": {"H100": 0}}, [], id="none allowed, none held"),
        pytest.param(
            [{**A100, "count": Unknown("set by an output")}],
            {"maxGpus": {"A100": 2}},
            ["stack: a100: A100 GPUs unknown (set by an output); expected a number the budget can count [KQ105]"],
            id="an unknown count",
        ),
        pytest.param(
            [{**A100, "vmSize": Unknown("set by an output")}],
            {"maxGpus": {"H100": 2}},
            ["stack: a100: H100 GPUs unknown (set by an output); expected a number the budget can count [KQ105]"],
            id="an unknown size may be of any product",
        ),
        pytest.param(
            [{**A100, "count": Unknown("set by an output")}],
            {"maxGpus": {"A100": 2}, "onUnknown": "warn"},
            [],
            id="left to unknown-demand",
        ),
        pytest.param(
            [{"kind": "Workspace", "name": "chat", "resource": {"labelSelector": {"matchLabels": {"a": "b"}}}}],
            {"maxGpus": {"A100": 0}},
            [],
            id="nodes that exist are not created",
        ),
        pytest.param(
            [],
            {"maxGpus": {"A1000": 2, "A100": -1, "A10": "many"}},
            [
                f"gpu-products.maxGpus.A1000.[key]: 'A1000'; expected one of {KNOWN} [KQ105]{CONFIG}",
                f"gpu-products.maxGpus.A100: -1; expected at least 0 [KQ105]{CONFIG}",
                f"gpu-products.maxGpus.A10: 'many'; expected a whole number [KQ105]{CONFIG}",
            ],
            id="a  that does not exist, and numbers of wrong types",
        ),
        pytest.param([A100], {"maxGpus": {"A100": 2.0}}, [], id="a whole number off the wire"),
    ],
)
def test_gpu_products(judged, pools, settings, said):
    """Every product has a budget of its own; one that is not named has none."""
    assert judged(RULE, pools, settings) == said


GROUP = "aws:eks/nodeGroup:NodeGroup"
SCALING = {"minSize": 0, "desiredSize": 1, "maxSize": 3}


@pytest.mark.parametrize(
    ("product", "most", "said"),
    [
        pytest.param("A100", 0, [], id="none of the sizes has it"),
        pytest.param("H100", 24, [], id="at most what the one size that has it may hold"),
        pytest.param("H100", 8, ["stack: 24 H100 GPUs (gpu 24); expected at most 8 [KQ105]"], id="more than the budget"),
        pytest.param("L4", 3, [], id="the other size"),
    ],
)
def test_nodes_of_several_sizes(product, most, said):
    """Nodes that may have one of several sizes count for each product with the sizes that have it, and for no other."""
    inputs = {"instanceTypes": ["g6.xlarge", "p5.48xlarge"], "scalingConfig": SCALING}
    facts = StackFacts.of([Resource("urn:gpu", GROUP, "gpu", None, inputs)], date(2026, 6, 30), Path())
    assert [problem.headline for problem in RULE.judge(facts, {"maxGpus": {product: most}})] == said

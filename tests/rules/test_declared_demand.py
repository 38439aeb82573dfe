"""KQ115: declarations agree with what can be read."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kaito_iac.rules import declared_demand, gpu_budget
from kaito_iac.rules.rule import StackFacts
from kaito_iac.rules.run import run
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import DECLARATION_TYPE, Resource

STACK = "urn:pulumi:prod::shop"
RELEASE = "kubernetes:helm.sh/v3:Release"
SIZE = "Standard_NC24ads_A100_v4"


def resource(type_, name, parent=None, **inputs):
    return Resource(f"{STACK}::{type_}::{name}", type_, name, parent, inputs)


def declared(name="triton", **values):
    return resource(DECLARATION_TYPE, f"d-{name}-{len(values)}", resource=name, reason="counted by hand", **values)


CHART = resource(RELEASE, "triton", chart="triton")
ASKING = resource(RELEASE, "triton", chart="triton", values={"resources": {"limits": {"nvidia.com/gpu": "2"}}})
POOL = resource("azure-native:containerservice:AgentPool", "triton", vmSize=SIZE, count=3, location="eastus")
AROUND = replace(resource("shop:index:Serving", "serving"), custom=False)
INSIDE = Resource(POOL.urn, POOL.type, "inside", AROUND.urn, POOL.inputs)


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        pytest.param([CHART, declared(gpus=2)], [], id="of a chart"),
        pytest.param([POOL, declared(gpus=3)], [], id="the very number that is counted"),
        pytest.param(
            [POOL, declared(gpus=2)],
            ["declared with 2 GPUs, and 3 GPUs can be read; expected no declaration of what can be counted"],
            id="fewer than can be counted",
        ),
        pytest.param(
            [AROUND, INSIDE, declared("serving", gpus=0)],
            ["declared with 0 GPUs, and 3 GPUs can be read; expected no declaration of what can be counted"],
            id="fewer than its children hold",
        ),
        pytest.param(
            [ASKING, declared(gpus=1)],
            ["declared with 1 GPU, and its values ask for 2 GPUs; expected no fewer GPUs than its values"],
            id="fewer than the values of a chart name",
        ),
        pytest.param(
            [CHART, declared("tritn", gpus=2)],
            ["no resource has this name; expected a resource of this program"],
            id="of a name that is not there",
        ),
        pytest.param(
            [CHART, declared(gpus=2), declared(size=SIZE, nodes=3)],
            [f"declared twice, here with 3 x {SIZE}; expected one declaration of a resource"],
            id="two that differ",
        ),
        pytest.param(
            [CHART, resource("eks:index:Cluster", "triton"), declared(gpus=2)],
            ["2 resources of this name cannot be counted; expected one resource"],
            id="a name that two have",
        ),
        pytest.param([CHART, declared(gpus="2")], [], id="an amount that is no number declares nothing"),
    ],
)
def test_contradictions(resources, found):
    """A declaration that differs from what can be read, or is not clear, is an error."""
    facts = StackFacts.of(resources, date(2026, 6, 30), Path())
    told = [problem.headline for problem in declared_demand.RULE.judge(facts, {})]
    assert [text.partition(": ")[2] for text in told] == [f"{text} [KQ115]" for text in found]


@pytest.mark.parametrize(
    ("resources", "config", "budget"),
    [
        pytest.param([CHART, declared(gpus=2)], {}, ["KQ101"], id="of the program alone"),
        pytest.param([CHART, declared(gpus="2")], {"declarations": "program"}, ["KQ101"], id="without a number"),
        pytest.param([CHART, declared(gpus=9)], {"declarations": "program"}, ["KQ101"], id="over the budget"),
        pytest.param([CHART, declared(gpus=8)], {"declarations": "program"}, [], id="within it"),
        pytest.param(
            [CHART, declared(gpus=1), declared(gpus=9, nodes=None)],
            {"declarations": "program"},
            ["KQ101", "KQ115"],
            id="the greater of two that differ",
        ),
        pytest.param([POOL, declared(gpus=0)], {"declarations": "program"}, ["KQ115"], id="never less than what is counted"),
        pytest.param(
            [CHART, resource("eks:index:Cluster", "triton"), declared(gpus=0)],
            {"declarations": "program"},
            ["KQ101", "KQ101", "KQ115"],
            id="not of two at once",
        ),
    ],
)
def test_counts(resources, config, budget):
    """A budget counts a declaration only as the configuration accepts it, and never instead of what can be counted."""
    rules = (gpu_budget.RULE, declared_demand.RULE)
    settings, problems = settings_of(rules, {"declared-demand": config, "gpu-budget": {"maxGpus": 8}})
    found = run(rules, StackFacts.of(resources, date(2026, 6, 30), Path()), settings)
    assert problems == ()
    assert [finding.problem.code for finding in found] == budget


def test_configuration():
    """A declaration of the configuration states an amount, and why."""
    wrong = {"declared": [{"resource": "triton", "nodes": 2, "reason": "measured"}, {"resource": "triton", "gpus": 1}]}
    facts = StackFacts.of([CHART], date(2026, 6, 30), Path())
    assert [(problem.path, problem.accepted) for problem in declared_demand.RULE.judge(facts, wrong)] == [
        ("declared-demand.declared.0", "gpus, or size with nodes"),
        ("declared-demand.declared.1.reason", "a value"),
    ]

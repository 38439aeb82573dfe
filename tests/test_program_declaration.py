"""Declarations in a program: what they say is shown, checked, and counted only where someone else allows it."""

import json

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Program
from kaito_iac.problem import Unknown
from kaito_iac.testing import record

RELEASE = "kubernetes:helm.sh/v3:Release"
SEEN = f"what {RELEASE} installs is not seen"
PROGRAM = f"""\
import pulumi
import kaito_iac

chart = pulumi.CustomResource("{RELEASE}", "triton", {{"chart": "triton"}})
kaito_iac.declare(chart, gpus=4, reason="two replicas of two")
"""


def chart(name="triton", **values):
    return pulumi.CustomResource(RELEASE, name, {"chart": name, "values": values})


@pytest.fixture
def program(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


def planned(folder, config):
    file = folder / "policy.json"
    file.write_text(json.dumps({**config, "quota-age": "disabled", "autoscaler-maximum": "disabled"}))
    return make_plan(Program(folder), packs=[kaito_pack()], policy_config=file)


def kaito_pack():
    from pathlib import Path

    return Path("gpu-quota")


def test_registered():
    """A declaration is a component of its own, with the name and type of what it is about."""

    def program():
        kaito.declare(chart(), gpus=4, reason="two replicas of two")
        kaito.declare("eks", size="Standard_NC24ads_A100_v4", nodes=2, reason="a node group")

    found = record(program)
    told = [(one.name, dict(one.inputs), dict(one.outputs)) for one in found.resources if one.type.endswith(":Declaration")]
    first = {"resource": "triton", "resourceType": RELEASE, "gpus": 4, "reason": "two replicas of two"}
    second = {"resource": "eks", "size": "Standard_NC24ads_A100_v4", "nodes": 2, "reason": "a node group"}
    assert told == [("triton-Release", first, first), ("eks", second, second)]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param({}, "declare: no amount; expected gpus, or size with nodes [KQ115]", id="no amount"),
        pytest.param({"nodes": 2}, "declare: nodes=2; expected gpus, or size with nodes [KQ115]", id="nodes of no size"),
        pytest.param({"gpus": -1}, "gpus: -1; expected a whole number, at least 0 [KS102]", id="fewer than none"),
        pytest.param({"gpus": True}, "gpus: True; expected a whole number, at least 0 [KS102]", id="a truth value"),
        pytest.param({"gpus": 1, "reason": " "}, "reason: missing; expected where the number comes from [KS102]", id="no reason"),
        pytest.param(
            {"gpus": 1, "size": "Standard_NC24ads_A100_v4", "nodes": 2},
            "declare: gpus=1, size='Standard_NC24ads_A100_v4', nodes=2; expected gpus that 2 x Standard_NC24ads_A100_v4 have: 2 "
            "[KQ115]",
            id="GPUs that its nodes do not have",
        ),
        pytest.param(
            {"size": "Standard_ND_Z9000", "nodes": 1},
            "declare: size='Standard_ND_Z9000', nodes=1; expected a VM size of the catalogue (Standard_ND_Z9000 is a GPU size "
            "that is not in the catalogue) [KQ115]",
            id="an unknown GPU size",
        ),
    ],
)
def test_refused(given, problem):
    """What states nothing, or two things that differ, is refused in the program."""
    with pytest.raises(SpecError) as refused:
        kaito.declare("triton", **{"reason": "two replicas", **given})
    assert [found.headline for found in refused.value.problems] == [problem]


def test_shown(program):
    """A plan shows a declaration with amount, line and reason, and says that it is not counted."""
    plan = make_plan(Program(program))
    assert [demand.gpus for demand in plan.demands] == [Unknown(SEEN)]
    assert (
        "Declared demand\n  triton: 4 GPUs, __main__.py:5: two replicas of two; not counted\n"
        "    (declared-demand does not accept declarations of a program)\n"
    ) in plan_text(plan)
    assert plan.problems == ()


@pytest.mark.parametrize(
    ("config", "codes", "counts"),
    [
        pytest.param({}, ["KQ101", "KQ114"], [False], id="by default a program cannot declare its own GPUs away"),
        pytest.param({"declared-demand": {"declarations": "program"}}, [], [True], id="where the pack accepts it"),
        pytest.param(
            {"declared-demand": {"declarations": "program"}, "gpu-budget": {"maxGpus": 3}},
            ["KQ101"],
            [True],
            id="accepted, and over the budget",
        ),
        pytest.param(
            {"declared-demand": {"declared": [{"resource": "triton", "gpus": 2, "reason": "measured"}]}},
            [],
            [True, False],
            id="the declaration of the pack counts without the program's",
        ),
        pytest.param(
            {"declared-demand": {"declared": [{"resource": "triton", "stack": "other/prod", "gpus": 2, "reason": "measured"}]}},
            ["KQ101", "KQ114"],
            [False],
            id="that of another stack does not",
        ),
    ],
)
def test_gates(program, config, codes, counts):
    """A limit takes a declaration where the configuration of the pack says so."""
    plan = planned(program, config)
    assert sorted(problem.code for problem in plan.problems if problem.severity == "error") == codes
    assert [one.counts for one in plan.declarations] == counts


@pytest.mark.parametrize(
    ("declarations", "said"),
    [
        pytest.param({"declarations": "program"}, "", id="accepted"),
        pytest.param(
            {},
            f"Release 'triton': 1 problem\n  triton: GPU count unknown ({SEEN}); expected a number the budget can count [KQ101]\n"
            '    fix: state it where declarations are accepted: kaito_iac.declare("triton", gpus=N, reason="…")',
            id="not accepted unless the guard says so",
        ),
    ],
)
def test_guard(declarations, said):
    """A guard counts what is declared above a resource, where it is set to."""

    def program():
        kaito.guard(gpus=4, **declarations)
        kaito.declare("triton", gpus=4, reason="two replicas of two")
        chart()

    found = record(program, allow_error=True)
    assert (str(found.error.cause) if found.error else "") == said


def test_guard_counts_it():
    """What is declared is held against the limits of a guard."""

    def program():
        kaito.guard(gpus=4, declarations="program")
        kaito.declare("triton", gpus=5, reason="five replicas")
        chart()

    found = record(program, allow_error=True)
    assert [problem.headline for problem in found.error.problems] == ["stack: 5 GPUs (triton 5); expected at most 4 [KQ101]"]


def test_guard_argument():
    """An argument of the guard that is neither word is refused."""
    with pytest.raises(SpecError) as refused:
        kaito.guard(gpus=1, declarations="all")
    assert [found.headline for found in refused.value.problems] == ["declarations: 'all'; expected none or program [KS102]"]

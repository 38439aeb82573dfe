"""`kaito_iac.plan`: the plan of a folder or a function, as platform code asks for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.planning.library import config_doubts
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Program

ROOT = Path(__file__).resolve().parents[2]
SIZE = "Standard_NC24ads_A100_v4"


def chat() -> None:
    """A program of one model; its region is configured."""
    kaito.KaitoWorkspace("chat", preset="phi-4", instance_type=SIZE, location=pulumi.Config().require("location"))


def test_a_folder() -> None:
    """The plan of a folder, given as text, is that of the command."""
    folder = ROOT / "docs/examples/tool-calling"
    plan = kaito.plan(str(folder))
    assert isinstance(plan, kaito.Plan)
    assert plan.text(width=100) == plan_text(make_plan(Program(folder)), width=100)
    assert plan.errors == ()


def test_a_function() -> None:
    """A function is planned in this process, as a stack of a project, with its configuration; the results have types."""
    plan = kaito.plan(chat, project="shop", stack="prod", config={"location": "westus3"})
    (demand,) = plan.demands
    (workload,) = plan.workloads
    assert (plan.project, plan.stack, plan.complete) == ("shop", "prod", True)
    assert (type(demand), demand.region, demand.nodes) == (kaito.Demand, "westus3", kaito.Range.exactly(1))
    assert (type(workload), workload.model, workload.endpoint["url"]) == (
        kaito.Workload,
        "microsoft/phi-4",
        "http://chat.default.svc.cluster.local/v1",
    )
    assert plan.gpus == {"NVIDIA A100": kaito.Total(kaito.Range(1, 1, 1), ())}


def test_a_function_inside_an_event_loop() -> None:
    """Platform code that runs on an event loop may ask too, again and again."""

    async def ask() -> list[int]:
        return [len(kaito.plan(chat, config={"location": "eastus"}).resources) for _ in range(2)]

    assert asyncio.run(ask()) == [3, 3]


def broken() -> None:
    kaito.KaitoWorkspace("chat", preset="phi-5", instance_type=SIZE)
    kaito.KaitoWorkspace("docs", preset="phi-4", context=10**6)


def test_a_function_that_is_refused() -> None:
    """A program that fails raises nothing: every refused component is a problem of the plan."""
    plan = kaito.plan(broken)
    assert [problem.code for problem in plan.errors if "chat" in problem.path] == ["KS101"]
    assert any("docs" in problem.path for problem in plan.errors)
    assert (plan.complete, plan.unread) == (False, False)


def raises() -> None:
    raise ValueError("no such team")


def test_a_function_that_raises() -> None:
    """What a function raises is a problem with its message, and nothing is raised."""
    (problem,) = kaito.plan(raises, project="shop").errors
    assert (problem.code, problem.path) == ("KS108", "shop")
    assert "no such team" in problem.found


QUOTA = """
date: 2026-11-20
subscriptions:
  00000000-0000-0000-0000-000000000001:
    regions: {eastus: {families: {StandardNCADSA100v4Family: {limit: 24, used: 12}}}}
"""
OTHER = "azure-native:subscriptionId"


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        pytest.param({}, ["KQ102"], id="the only subscription"),
        pytest.param({OTHER: "00000000-0000-0000-0000-000000000001"}, ["KQ102"], id="the configured one"),
        pytest.param({OTHER: "00000000-0000-0000-0000-000000000002"}, ["KQ103"], id="one that the file does not have"),
    ],
)
def test_quota(tmp_path: Path, config: dict[str, str], codes: list[str]) -> None:
    """The plan of a function is held against a quota file, of the subscription it is configured for."""
    file = tmp_path / "quota.yaml"
    file.write_text(QUOTA)
    plan = kaito.plan(chat, config={"location": "eastus", **config}, quota=file)
    assert [problem.code for problem in plan.errors] == codes


def pool() -> None:
    cluster = "Microsoft.ContainerService/managedClusters/models"
    group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/models"
    kaito.GpuNodePool("a100", cluster_id=f"{group}/providers/{cluster}", instance_type=SIZE, min_count=1, max_count=2)


def test_policy_pack() -> None:
    """Packs judge a function as they judge a folder."""
    assert kaito.plan(pool).problems == ()
    assert [problem.headline for problem in kaito.plan(pool, policy_packs=[ROOT / "policies/guardrails"]).problems] == [
        "a100-nodes: tags.owner: missing; expected the name of the responsible person or team [KO409]"
    ]


def referring() -> None:
    pulumi.export("zone", pulumi.StackReference("org/net/prod").require_output("zone"))


def test_references_and_results_as_values() -> None:
    """Outputs of other stacks and results of provider functions are given as values; a wrong shape is a problem."""
    assert kaito.plan(referring, references={"org/net/prod": {"zone": "1"}}).exports == {"zone": "1"}
    wrong = {"org/net/prod": "zone"}
    refused = kaito.plan(referring, references=wrong)  # type: ignore[arg-type]
    assert [problem.headline for problem in refused.errors] == [
        "references: no such object; expected a JSON object: organization/project/stack to outputs [KO482]"
    ]
    entries = kaito.plan(referring, invokes=[{"token": 1}])
    assert [problem.headline for problem in entries.errors] == [
        "invokes: [0]: no such entry; expected a JSON list of {token, args, result}, args being optional, or what "
        "PULUMI_DEBUG_GRPC recorded [KO489]"
    ]


def test_a_folder_that_is_none() -> None:
    """A folder without a program is a plan that could not be read, with the reason."""
    plan = kaito.plan("nowhere")
    assert (plan.unread, [problem.code for problem in plan.errors]) == (True, ["KO480"])


def test_a_preview_is_of_a_folder() -> None:
    """The engine previews folders; a function is refused."""
    with pytest.raises(ValueError, match=r"^preview needs the folder of a program"):
        kaito.plan(chat, preview=True)


def test_a_release() -> None:
    """A release is named as on the command line; one that is not described is refused."""
    assert kaito.plan(chat, config={"location": "eastus"}, kaito_version="v0.11.0").kaito == "0.11.0"
    with pytest.raises(ValueError, match=r"^kaito_version '9\.9' is none of "):
        kaito.plan(chat, kaito_version="9.9")


@pytest.mark.parametrize(
    ("stack", "config", "texts"),
    [
        pytest.param(
            None,
            {"presett": "phi-4"},
            [
                "config presett: not declared in Pulumi.yaml; expected one of preset, location "
                "[KO482]\n  fix: did you mean 'preset'?"
            ],
            id="a misspelt key",
        ),
        pytest.param(None, {"extra": "1", "aws:region": "x"}, [], id="keys of their own"),
        pytest.param(
            "prod",
            {},
            [
                "Pulumi.prod.yaml: no such file in shop: defaults are used; expected the file of a stack [KO482]\n"
                "  fix: pulumi stack init prod, or leave --stack out"
            ],
            id="a stack without a file",
        ),
    ],
)
def test_doubts_about_the_configuration(stack: str | None, config: dict[str, str], texts: list[str], tmp_path: Path) -> None:
    """A key that is close to a declared one, and a stack without a file, are warnings with the next step."""
    folder = tmp_path / "shop"
    folder.mkdir()
    keys = "config: {preset: {default: phi-4}, location: {default: eastus}}\n"
    (folder / "Pulumi.yaml").write_text(f"name: shop\nruntime: python\n{keys}")
    (folder / "__main__.py").write_text("")
    found = config_doubts(Program(folder, stack, config))
    assert [one.text("", marked=False) for one in found] == texts
    assert {one.severity for one in found} <= {"warning"}

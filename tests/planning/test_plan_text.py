"""A plan as text: whole pages, widths, colours, and names that would harm a terminal."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaito_iac.demand.demand import Demand
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.planning.plan import Plan, make_plan
from kaito_iac.planning.plan_text import MOST_REASONS, MOST_ROWS, clean, plan_text, short_type, span
from kaito_iac.planning.request import Program
from kaito_iac.planning.workload import Workload
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.resource import Resource

ROOT = Path(__file__).resolve().parents[2]
STACKS = [
    pytest.param("quickstart", ROOT, {}, id="quickstart"),
    pytest.param("quickstart-existing", ROOT, {"nodes": "existing"}, id="quickstart on existing nodes"),
    pytest.param("chat-and-docs", ROOT / "stacks/chat-and-docs", {}, id="chat and docs"),
]


def too_wide(text: str, width: int) -> list[str]:
    """Lines beyond the width that could have been broken: those with more than one long word."""
    return [line for line in text.splitlines() if len(line) > width and not re.fullmatch(r"\s*(fix: )?\S+", line)]


@pytest.mark.parametrize(("name", "folder", "config"), STACKS)
def test_whole_page(golden, name, folder, config):
    """The page of a stack, at 80 columns."""
    text = plan_text(make_plan(Program(folder, config=config)))
    golden(f"{name}.txt", text)
    assert too_wide(text, 80) == []


@pytest.mark.parametrize(("name", "folder", "config"), STACKS)
def test_whole_json(golden, written, name, folder, config):
    """The JSON of a stack."""
    plan = replace(make_plan(Program(folder, config=config)), made=date(2026, 1, 31))
    golden(f"{name}.json", written(plan.as_json()))


MANY = """
team = pulumi.ComponentResource("acme:index:Team", "a-team-with-a-name-that-is-longer-than-any-page-of-eighty-columns-allows-for")
kaito.KaitoWorkspace("llama", {
    "preset": "llama-3.3-70b-instruct", "access_secret": "hf", "instance_type": "Standard_NC48ads_A100_v4", "location": "East US",
    "expose": "loadBalancer",
})
kaito.KaitoWorkspace("deepseek", {
    "preset": "deepseek-r1-0528", "instance_type": "Standard_ND96isr_H200_v5", "location": "westeurope",
})
cluster = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
pool = kaito.GpuNodePool("spot", {
    "cluster_id": cluster, "instance_type": "Standard_NC96ads_A100_v4",
    "min_count": 1, "max_count": 3, "spot": True, "location": "eastus",
})
kaito.KaitoWorkspace("small", {
    "preset": "phi-4-mini-instruct", "node_pool": pool, "partition": {"mode": "mig", "profile": "2g.20gb"},
})
pulumi.export("answer", 42)
"""


@pytest.mark.parametrize(
    ("name", "width", "color"),
    [
        pytest.param("many.txt", 80, False, id="80 columns"),
        pytest.param("many-narrow.txt", 60, False, id="narrow"),
        pytest.param("many-wide.txt", 120, False, id="wide"),
        pytest.param("many-color.txt", 80, True, id="with colours"),
    ],
)
def test_page_of_many_workloads(golden, program, name, width, color):
    """Spot, autoscaling, slices, several nodes, warnings and unknown prices on one page."""
    text = plan_text(make_plan(Program(program(MANY))), width=width, color=color)
    golden(name, text)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert too_wide(plain, max(width, 80)) == []
    assert ("\x1b" in text) == color
    assert plain == plan_text(make_plan(Program(program(MANY))), width=width)


@pytest.mark.parametrize(
    ("width", "same_as"),
    [pytest.param(10, 60, id="never below 60"), pytest.param(500, 120, id="never above 120")],
)
def test_bounds_of_the_width(program, width, same_as):
    """However wide the terminal is, lines stay readable."""
    plan = make_plan(Program(program(MANY)))
    assert plan_text(plan, width=width) == plan_text(plan, width=same_as)


def resource(index: int, name: str, token: str = "acme:index:Thing") -> Resource:
    parent = "urn:0" if index else None
    kind = token if index else "pulumi:pulumi:Stack"
    return Resource(urn=f"urn:{index}", type=kind, name=name, parent=parent, custom=True, inputs={}, outputs={})


def plan_of(resources=(), found=(), workloads=(), problems=(), unseen=(), name="shop") -> Plan:
    return Plan(
        project=name,
        stack="dev",
        made=date(2026, 1, 31),
        complete=True,
        resources=tuple(resources),
        demands=tuple(found),
        workloads=tuple(workloads),
        exports={},
        unseen=tuple(unseen),
        problems=tuple(problems),
    )


def lost(index: int) -> Demand:
    return Demand(
        urn=f"urn:{index}",
        resource=f"pool{index}",
        kind="AgentPool",
        component=f"pool{index}",
        size_name="",
        size=Unknown("set by an output"),
        nodes=Unknown("set by an output"),
        region="eastus",
    )


def test_three_hundred_of_everything():
    """Long tables are cut, and say how much more there is."""
    plan = plan_of(
        [resource(index, f"thing{index}") for index in range(301)],
        [lost(index) for index in range(300)],
        problems=[Problem("KS101", f"thing{index}", "wrong") for index in range(300)],
        unseen=[(f"thing{index}", "not seen") for index in range(300)],
    )
    text = plan_text(plan)
    assert [line for line in text.splitlines() if "…" in line] == [
        f"  … and {301 - MOST_ROWS} more lines; --json has them all",
        f"  … and {301 - MOST_ROWS} more lines; --json has them all",
        f"  … and {300 - MOST_REASONS} more prices; --json has them all",
        f"  … and {300 - MOST_ROWS} more lines; --json has them all",
        f"  … and {300 - MOST_ROWS} more problems; --json has them all",
    ]
    assert len(text.splitlines()) < 6 * MOST_ROWS
    assert len(plan.as_json()["problems"]) == 300


def test_unknown_totals():
    """What no one knows is called unknown; no sum says nothing or zero."""
    text = plan_text(plan_of([resource(0, "shop-dev")], [lost(1)]))
    assert text.split("Totals\n")[1].split("\n\n")[0] == (
        "  GPUs   unknown of an unknown product\n"
        "  vCPUs  unknown unknown family in eastus\n"
        "  Cost   unknown (estimate: list prices, 730 hours, without discounts, disks and\n"
        "         traffic)\n"
        "         pool1: set by an output"
    )


EVIL = st.text(st.characters(codec="utf-8"), min_size=1, max_size=90)


@settings(max_examples=60, deadline=None)
@given(name=EVIL, reason=EVIL, fix=EVIL)
def test_nothing_controls_the_terminal(name, reason, fix):
    """No name, reason, fix or address puts a control character or a line of its own on the page."""
    workload = Workload(
        component=name, kind="KaitoWorkspace", model=name, endpoint={"url": name}, nodes=None, place=name, why=reason
    )
    problem = Problem("KS101", name, reason, fix=fix)
    plan = plan_of([resource(0, "shop-dev"), resource(1, name)], [], [workload], [problem], [(name, reason)], name)
    text = plan_text(plan)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert [line for line in text.splitlines() if line in ("Resources", "Endpoints", "Not seen offline")] == [
        "Resources",
        "Endpoints",
        "Not seen offline",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("phi-4", "phi-4", id="as it is"),
        pytest.param("a\x1b[31mb", "a\N{REPLACEMENT CHARACTER}[31mb", id="colours"),
        pytest.param("a\u202eb", "a\N{REPLACEMENT CHARACTER}b", id="text from right to left"),
        pytest.param("a\nb", "a b", id="two lines"),
        pytest.param("a\tb", "a    b", id="a tab"),
    ],
)
def test_clean(text, shown):
    """A text is shown on one line, without control characters."""
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        pytest.param("kaito-iac:index:KaitoWorkspace", "KaitoWorkspace", id="ours"),
        pytest.param("pulumi:pulumi:Stack", "Stack", id="the stack"),
        pytest.param("kubernetes:core/v1:ConfigMap", "ConfigMap (v1)", id="of the core"),
        pytest.param("kubernetes:kaito.sh/v1beta1:Workspace", "Workspace (kaito.sh/v1beta1)", id="of KAITO"),
        pytest.param("azure-native:containerservice:AgentPool", "AgentPool (azure-native)", id="of a cloud"),
        pytest.param("odd", " (odd)", id="no token"),
    ],
)
def test_short_type(token, shown):
    """Types are named as people call them."""
    assert short_type(token) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(Range.exactly(2), "2", id="exactly"),
        pytest.param(Range(0, 1, 1234), "0-1,234", id="from and to"),
        pytest.param(Range(0, 5, 1234, low_known=False), "up to 1,234", id="the fewest are not known"),
        pytest.param(Unknown("later"), "unknown", id="not known"),
        pytest.param(None, "", id="none"),
    ],
)
def test_span(value, shown):
    """A range states fewest and most."""
    assert span(value) == shown


def test_a_stack_that_buys_nothing():
    """A stack on nodes that exist says that it creates none."""
    found = demands([resource(0, "shop-dev")])
    assert found == ()
    assert "No nodes are created" in plan_text(make_plan(Program(ROOT, config={"nodes": "existing"})))


A100 = "Standard_NC24ads_A100_v4"


def team_pool(index: int, team: object, **more: object) -> Resource:
    tags = {"team": team} if team else {}
    pool = {"vmSize": A100, "count": index + 1, "location": "eastus", "tags": tags, **more}
    return replace(resource(index + 1, f"pool{index}", "azure-native:containerservice:AgentPool"), inputs=pool)


LATER = Unknown("set by an output")


@pytest.mark.parametrize(
    ("pools", "said"),
    [
        pytest.param([team_pool(0, None), team_pool(1, None)], "", id="no one names a team"),
        pytest.param([team_pool(0, "ads"), team_pool(1, "ads")], "", id="one team"),
        pytest.param(
            [
                team_pool(0, "search"),
                team_pool(1, "ads"),
                team_pool(2, LATER),
                team_pool(3, None),
                team_pool(4, "ads", count=LATER),
            ],
            "  TEAM                                          GPUS               USD/MONTH\n"
            "  ads                                  2 and unknown       5,363 and unknown\n"
            "  search                                           1                   2,681\n"
            "  no team                                          4                  10,725\n"
            "  owner not known                                  3                   8,044",
            id="several, some of them not known",
        ),
    ],
)
def test_teams(pools, said):
    """Where several teams create, or something is no team's, the plan states what each of them does."""
    text = plan_text(plan_of([resource(0, "shop-dev")], demands(pools)))
    assert (text.split("\n\nTeams\n")[1].split("\n\n")[0] if "\nTeams\n" in text else "") == said


def test_teams_in_json():
    """The JSON states teams as soon as one is named: what belongs to none, and what is unknown whose it is, apart."""
    assert plan_of(found=demands([team_pool(0, None)])).as_json()["totals"]["teams"] == []
    teams = plan_of(found=demands([team_pool(0, "ads"), team_pool(1, None), team_pool(2, LATER)])).as_json()["totals"]["teams"]
    assert [(row["team"], row["known"], row["gpus"]["max"]) for row in teams] == [
        ("ads", True, 1),
        (None, True, 2),
        (None, False, 3),
    ]
    (found,) = plan_of(found=demands([team_pool(2, LATER)])).as_json()["demands"]
    assert (found["team"], found["unknown"], found["namespace"], found["pool"]) == (
        None,
        {"team": "set by an output"},
        None,
        None,
    )


def test_pods_use_gpus_of_nodes():
    """Pods are reported with the GPUs they use, of several sizes both, and create nothing."""
    limits = {"limits": {"nvidia.com/gpu": 2}}
    app = {"replicas": 2, "template": {"spec": {"containers": [{"resources": limits}]}}}
    needs = [
        {
            "key": "node.kubernetes.io/instance-type",
            "operator": "In",
            "values": ["Standard_NV36ads_A10_v5", "Standard_NV72ads_A10_v5"],
        }
    ]
    nodes = {"replicas": 2, "template": {"spec": {"requirements": needs}}}
    stack = [
        replace(resource(1, "app", "kubernetes:apps/v1:Deployment"), inputs={"spec": app}),
        replace(resource(2, "nodes", "kubernetes:karpenter.sh/v1:NodePool"), inputs={"spec": nodes}),
    ]
    text = plan_text(plan_of([resource(0, "shop-dev")], demands(stack, region="eastus")))
    assert text.split("GPU nodes\n")[1].split("\n\n")[0].splitlines()[1:] == [
        "  app         unknown                             4            of existing nodes",
        "  nodes       Standard_NV36ads_A10_v5 …     2   2-4  72-144    2-13  1,168-9,519",
    ]


def test_deeply_nested_components(program) -> None:
    """Components nested deeper than Python calls functions are shown all the same."""
    source = """
    parent = None
    for number in range(1200):
        parent = pulumi.ComponentResource("a:b:C", f"c{number}", {}, pulumi.ResourceOptions(parent=parent))
    """
    assert "… and " in plan_text(make_plan(Program(program(source))), width=80)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        pytest.param(80, ["customer-s…", "customer-s…"], id="a narrow page"),
        pytest.param(200, ["customer-support-eu-chat", "customer-support-eu-code"], id="a page with room"),
    ],
)
def test_names_have_the_room_of_the_page(program, width, shown):
    """Names in the table of nodes are as wide as the page allows, so that they differ where they do."""
    source = """
    for task in ("chat", "code"):
        kaito.KaitoWorkspace(f"customer-support-eu-{task}", preset="phi-4", instance_type="Standard_NC24ads_A100_v4")
    """
    lines = plan_text(make_plan(Program(program(source))), width=width).splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("  COMPONENT"))
    assert [line.split()[0] for line in lines[start + 1 : start + 3]] == shown

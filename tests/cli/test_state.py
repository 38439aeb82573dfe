"""`state` and `quota running`, as a user calls them: what a saved state holds, and what of it runs for certain."""

import io
import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaito_iac.planning.state import judge_state
from kaito_iac.stack.saved_state import read_state

STATE = "tests/cli/files/state.json"
TODAY = date.today().isoformat()
POOL = "azure-native:containerservice:AgentPool"
SIZE = "Standard_NC24ads_A100_v4"
FAMILY = "StandardNCADSA100v4Family"
QUOTA = f"""\
date: {TODAY}
subscriptions:
  research:
    name: lab
    regions:
      eastus:
        families:
          standardNCADSA100v4Family: {{limit: 96, used: 48}}
          cores: {{limit: 350, used: 88}}
        running:
          docs/prod: {{cores: 4}}
          shop/prod: {{cores: 64}}
"""
PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def validate(args, report):
    report(f"{args.name}: {args.props.get('location')}")


PolicyPack(
    name="own",
    enforcement_level=EnforcementLevel.ADVISORY,
    policies=[ResourceValidationPolicy(name="where", description="Where it is.", validate=validate)],
)
"""


def pool(name, stack="prod", project="shop", **inputs):
    return {
        "urn": f"urn:pulumi:{stack}::{project}::{POOL}::{name}",
        "type": POOL,
        "custom": True,
        "inputs": {"agentPoolName": name, "vmSize": SIZE, "location": "eastus", **inputs},
    }


def exported(*resources, **more):
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": list(resources), **more}})


@pytest.fixture
def quota(tmp_path):
    path = tmp_path / "quota.yaml"
    path.write_text(QUOTA)
    return path


def test_state_as_json(run):
    """The plan's JSON, dated by the last update, which other stacks take as a ledger."""
    told = run("state", STATE, "--json").json
    assert {key: told[key] for key in ("project", "stack", "made", "complete", "exports", "problems")} == {
        "project": "shop",
        "stack": "prod",
        "made": "2026-06-30",
        "complete": True,
        "exports": {},
        "problems": [],
    }
    assert [(held["component"], held["gpus"]["max"], held["team"]) for held in told["demands"] if held["bought"]] == [
        ("a100", 4, "search"),
        ("spot", 2, "ads"),
    ]


def test_a_state_is_a_plan_of_the_ledger(run, tmp_path, quota):
    """What another stack holds counts by its saved state as by its plan."""
    (tmp_path / "shop.json").write_text(run("state", STATE, "--json").out.replace("2026-06-30", TODAY))
    (tmp_path / "own.json").write_text(exported(pool("own", project="docs", count=1)))
    told = run("state", str(tmp_path / "own.json"), "--quota", str(quota), "--ledger", str(tmp_path / "shop.json"), "--json").json
    assert [(problem["path"], problem["found"], problem["accepted"]) for problem in told["problems"]] == [
        (f"{FAMILY} in eastus", "24 vCPUs (own 24)", "at most 0 (96 less 48 used, 96 of shop/prod)")
    ]


def test_quota_of_a_state(run, quota):
    """What the stack runs is taken out of the use, and its maximum is held against what is left."""
    quota.write_text(QUOTA.replace("cores: 64", "cores: 64, standardNCADSA100v4Family: 24"))
    told = run("state", STATE, "--quota", str(quota), "--json").json["problems"]
    assert [(problem["path"], problem["found"], problem["accepted"]) for problem in told] == [
        (f"{FAMILY} in eastus", "96 vCPUs (a100 96)", "at most 72 (96 less 24 used elsewhere)"),
        ("lowPriorityCores in eastus", "72 vCPUs (spot 72), but no limit on record", "an entry in the quota file"),
    ]


def test_a_pack_of_ones_own(run, tmp_path):
    """A pack that is not ours is asked as a process of its own."""
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (tmp_path / "__main__.py").write_text(PACK)
    told = run("state", STATE, "--policy-pack", str(tmp_path), "--json").json
    said = [problem["found"] for problem in told["problems"]]
    assert [line.rpartition("Where it is. ")[2] for line in said][1:3] == ["a100: eastus", "spot: eastus"]


def test_nothing_secret_is_printed(run):
    """The text of a secret, in clear or encrypted, is in nothing that is printed."""
    for more in ([], ["--json"], ["-p", "guardrails", "-p", "gpu-quota"]):
        ended = run("state", STATE, *more)
        assert "sesame" not in ended.out + ended.err
        assert "b3BlbiBz" not in ended.out + ended.err


def test_standard_input(run, monkeypatch):
    """`-` reads what `pulumi stack export` pipes."""
    text = exported(pool("gpu", count=2)).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run("state", "-", "--json").json["totals"]["gpus"][0]["max"] == 2


def test_standard_input_that_is_closed(run, monkeypatch):
    """A closed standard input is reported, exit code 3: nothing was judged."""
    monkeypatch.setattr("sys.stdin", None)
    ended = run("state", "-", "--json")
    assert ended.code == 3
    assert [(one["code"], one["found"]) for one in ended.json["problems"]] == [("KQ150", "standard input is closed")]


def test_prices_and_sizes_of_the_quota_file(run, tmp_path):
    """A state costs what the quota file states, and sizes have its facts, as for a plan of a program."""
    (tmp_path / "state.json").write_text(exported(pool("gpu", count=2), pool("own", vmSize="Standard_NC_Own_v1", count=1)))
    (tmp_path / "quota.yaml").write_text(
        f"date: {TODAY}\nprices:\n  date: {TODAY}\n  rates: {{eastus: {{{SIZE}: {{onDemand: 1}}}}}}\n"
        "sizes: {Standard_NC_Own_v1: {vcpus: 8, family: own, gpus: 2}}\nbudgets: {}\n"
    )
    demands = run("state", str(tmp_path / "state.json"), "--quota", str(tmp_path / "quota.yaml"), "--json").json["demands"]
    assert {one["component"]: (one["gpus"] and one["gpus"]["max"], one["vcpus"]["max"]) for one in demands} == {
        "gpu": (2, 48),
        "own": (2, 8),
    }
    assert demands[0]["usdPerMonth"]["max"] == 2 * 730


def test_an_unreadable_file(run, tmp_path):
    """A file that is no state is a problem and exit code 3, not an end with a traceback."""
    path = tmp_path / "state.json"
    path.write_text("[]")
    ended = run("state", str(path))
    assert (ended.code, ended.err) == (3, "")
    assert ended.out.startswith("State of state, stack unknown  (not read, KAITO 0.12.0)\n")
    assert ended.out.endswith("fix: pulumi stack export --file state.json\n")


def test_wrong_policy_config(run, tmp_path):
    """A configuration that cannot be read ends the command before anything is judged."""
    ended = run("state", STATE, "-p", "guardrails", "--policy-config", str(tmp_path / "none.json"), "--json")
    assert (ended.code, ended.out) == (3, "")
    assert "none.json: No such file or directory; expected a JSON object [KO485]" in ended.err


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from((10**400, "\ud800", SIZE)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("vmSize", "count", "metadata", "spec", "resource", "\ud800")), inner, max_size=4)
    ),
    max_leaves=12,
)
KINDS = (POOL, "kubernetes:kaito.sh/v1beta1:Workspace", "kubernetes:core/v1:Service", "kaito-iac:index:KaitoWorkspace", "\ud800")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(st.tuples(st.sampled_from(KINDS), JSON, JSON, st.booleans()), max_size=4))
def test_any_state_is_judged(run, tmp_path, found):
    """Whatever inputs and outputs hold, both packs judge it, and text and JSON are printed."""
    entries = [
        {"urn": f"urn:pulumi:p::s::{kind}::r{index}", "type": kind, "custom": custom, "inputs": inputs, "outputs": outputs}
        for index, (kind, inputs, outputs, custom) in enumerate(found)
    ]
    path = tmp_path / "state.json"
    path.write_text(exported(*entries))
    for more in ([], ["--json"]):
        ended = run("state", str(path), "-p", "gpu-quota", "-p", "guardrails", *more)
        assert (ended.code in (0, 1), ended.err) == (True, "")
        assert "could not be judged" not in ended.out


def test_what_no_wire_carries_is_unknown_to_a_pack(tmp_path):
    """Values too deep, numbers too great and halves of characters reach a pack as something it can read."""
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (tmp_path / "__main__.py").write_text(PACK)
    deep: object = "x"
    for _ in range(60):
        deep = {"a": [deep]}
    state = read_state(exported(pool("\ud800", count=10**400, tags={"deep": deep, "\ud800": float("nan")}, location="\ud800")))
    said = judge_state(state, packs=[tmp_path]).problems
    assert [problem.found.rpartition("Where it is. ")[2] for problem in said] == ["?: ?"]


def test_running(run):
    """Pools count with what they surely run, an autoscaled one with its minimum; spot nodes are no part of cores."""
    ended = run("quota", "running", STATE)
    line = f"    shop/prod: {{{FAMILY}: 24, cores: 24, lowPriorityCores: 72}}\n"
    assert (ended.code, ended.out, ended.err) == (0, f"eastus:\n  running:\n{line}", "")


def test_running_as_json(run):
    """With --json everything is data."""
    assert run("quota", "running", STATE, "--json").json == {
        "running": [
            {
                "stack": "shop/prod",
                "made": "2026-06-30",
                "regions": {"eastus": {FAMILY: 24, "cores": 24, "lowPriorityCores": 72}},
                "unknown": [],
            }
        ]
    }


def test_running_into_the_file(run, quota):
    """The stack's entry is written anew, in the file's spelling; others stay, and what has no limit on record is reported."""
    ended = run("quota", "running", STATE, "-o", str(quota), "--subscription", "lab")
    assert (ended.code, ended.out) == (0, f"{quota}: what 1 stack runs\n")
    told = (
        "left out, so it stays in the use of others: shop/prod: 72 vCPUs of lowPriorityCores in eastus: no limit on record there"
    )
    assert ended.err == f"{told}\n"
    assert quota.read_text() == QUOTA.replace("{cores: 64}", "{cores: 24, standardNCADSA100v4Family: 24}")


def test_a_stack_that_holds_nothing_any_more(run, tmp_path, quota):
    """Its entry goes."""
    (tmp_path / "state.json").write_text(exported(pool("gpu", count=0)))
    assert run("quota", "running", str(tmp_path / "state.json"), "-o", str(quota)).code == 0
    assert quota.read_text() == QUOTA.replace("          shop/prod: {cores: 64}\n", "")


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        pytest.param("[]", [], "neither a deployment nor a checkpoint", id="no state"),
        pytest.param(exported(), [], "state.json holds no resource, so its owner is unknown", id="nothing in it"),
        pytest.param(exported(pool("a", count=9)), [], "would say that more runs than is used", id="more than is used"),
        pytest.param(exported(pool("a", count=1)), ["--subscription", "other"], "'other' names none", id="another subscription"),
    ],
)
def test_running_is_refused(run, tmp_path, quota, state, more, said):
    """What cannot be right is not written: the file stays as it was."""
    path = tmp_path / "state.json"
    path.write_text(state)
    ended = run("quota", "running", str(path), "-o", str(quota), *more)
    assert (ended.code, ended.out, quota.read_text()) == (3, "", QUOTA)
    assert said in ended.err


def test_two_states_of_one_stack(run):
    """It is unknown which of them holds."""
    assert run("quota", "running", STATE, STATE).err == "kaito-iac: state.json is a second state of shop/prod\n"


def test_what_is_not_certain_is_left_out(run, tmp_path):
    """What is not known, and what an interrupted update may have made, is not reported to run; the first is reported."""
    operations = [{"type": "creating", "resource": pool("half", count=1)}]
    (tmp_path / "state.json").write_text(exported(pool("odd", vmSize=7), pool("gpu", count=1), pending_operations=operations))
    ended = run("quota", "running", str(tmp_path / "state.json"))
    assert ended.out == f"eastus:\n  running:\n    shop/prod: {{{FAMILY}: 24, cores: 24}}\n"
    assert ended.err.splitlines()[-1].startswith("left out, so it stays in the use of others: shop/prod: odd: vCPUs unknown (")

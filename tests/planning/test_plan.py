"""A plan: why a program ends, what quota and packs say, what other stacks give, and what stays secret."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaito_iac.demand.range import Range
from kaito_iac.planning.judgement import quota_problems
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.reference import plan_page
from kaito_iac.planning.request import Limits, Program
from kaito_iac.problem import Problem, Unknown

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"
SCHEMA = json.loads((REFERENCE / "plan.schema.json").read_text())
CHAT = """
kaito.KaitoWorkspace("chat", {
    "preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "location": "eastus",
})
"""


def said(plan) -> list[str]:
    """The problems of a plan, whole; the plan fits its schema in any case."""
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(plan.as_json())))
    return [problem.text(indent="") for problem in plan.problems]


def test_the_schema_is_one():
    """The schema of the JSON is a valid schema, and every record in it is closed."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["additionalProperties"] is False
    assert all(terms["additionalProperties"] is False for terms in SCHEMA["$defs"].values())


def test_page_of_the_json_is_up_to_date():
    """The page is made of the schema."""
    assert (REFERENCE / "plan-json.md").read_text() == plan_page(SCHEMA)


@pytest.mark.parametrize(
    ("folder", "config"),
    [
        pytest.param(ROOT, {}, id="quickstart"),
        pytest.param(ROOT, {"nodes": "existing"}, id="quickstart on existing nodes"),
        pytest.param(ROOT / "stacks/chat-and-docs", {}, id="chat and docs"),
    ],
)
def test_stacks_fit_the_schema(folder, config):
    """The JSON of every stack fits the schema, and no stack has a problem."""
    assert said(make_plan(Program(folder, config=config))) == []


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        pytest.param(
            "",
            [
                "info: shop: the program ran to its end and registered no resource [KS109]\n"
                "  fix: create a component in __main__.py, such as kaito.KaitoWorkspace; `kaito-iac init` writes a program",
            ],
            id="no resources",
        ),
        pytest.param(
            "raise pulumi.RunError('the team is over its budget')",
            ["shop: the team is over its budget [KS108]"],
            id="it says why it ends",
        ),
        pytest.param(
            "pulumi.Config().require('region')",
            [
                "shop: Missing required configuration variable 'shop:region'\n\tplease set a value using the command "
                "`pulumi config set shop:region <value>` [KS108]"
            ],
            id="configuration that is missing",
        ),
        pytest.param(
            'kaito.KaitoWorkspace("chat", {"preset": "phi4-mini-instruct", "instance_type": "Standard_D4s_v5", "contxt": 4})',
            [
                "KaitoWorkspace 'chat': preset: 'phi4-mini-instruct' is not a preset; expected a name from "
                "`kaito-iac presets`, or "
                "an `organisation/model` [KS101]\n  fix: did you mean 'phi-4-mini-instruct' or 'phi-3.5-mini-instruct' or "
                "'phi-4-mini-instruct-lora'?",
                "KaitoWorkspace 'chat': instance_type: 'Standard_D4s_v5' is a size without GPUs: KAITO admits the name and then "
                "fails to size it; expected a size from `kaito-iac sizes` [KS201]\n  fix: choose a size with GPUs",
                "KaitoWorkspace 'chat': contxt: not an argument; expected one of preset, template, model_facts, namespace, "
                "operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, "
                "vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, "
                "timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, wait, adopt [KS102]\n"
                "  fix: did you mean 'context'?",
            ],
            id="every problem of a component",
        ),
        pytest.param(
            CHAT + 'kaito.KaitoWorkspace("open", {"preset": "phi-4", "location": "eastus", "expose": "loadBalancer"})',
            [
                "warning: open: expose: a public load balancer without authentication, which also opens Ray's ports "
                "6379 and 8265; "
                "expected a gateway in front [KN301]\n  fix: leave expose out"
            ],
            id="a warning",
        ),
    ],
)
def test_problems_of_a_program(program, source, problems):
    """A program that ends early says why in its own words; what it registered before is still in the plan."""
    found = said(make_plan(Program(program(source))))
    assert [
        text.replace("did you mean 'phi-4-mini-instruct' or", "did you mean 'phi-4-mini-instruct' or") for text in found
    ] == problems


def test_a_program_that_raises(program):
    """A defect of the program is a traceback of its own lines, and the resources before it are planned."""
    folder = program(CHAT + "raise ValueError('no luck')\n")
    plan = make_plan(Program(folder))
    (problem,) = plan.problems
    assert (problem.code, problem.path) == ("KS108", "shop")
    assert problem.found.splitlines() == [
        "Traceback (most recent call last):",
        f'  File "{folder / "__main__.py"}", line 7, in <module>',
        "    raise ValueError('no luck')",
        "ValueError: no luck",
    ]
    assert [demand.component for demand in plan.demands] == ["chat"]
    assert "    ValueError: no luck [KS108]\n" in plan_text(plan)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param({"Pulumi.yaml": "name: shop\nruntime: nodejs\n"}, "KO481", id="another language"),
        pytest.param({"Pulumi.yaml": "runtime: python\nmain: gone\nname: shop\n"}, "KO480", id="no program"),
    ],
)
def test_a_program_that_is_refused(program, files, code):
    """A program that cannot be run is a plan with problems alone."""
    plan = make_plan(Program(program("", **files)))
    assert [problem.code for problem in plan.problems] == [code]
    assert (plan.project, plan.resources, plan.demands) == ("shop", (), ())
    assert len(said(plan)) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("[]", "no such object", id="a list"),
        pytest.param('{"org/shop/dev": 3}', "no such object", id="outputs that are a number"),
        pytest.param("{", "no JSON: Expecting property name enclosed in double quotes: line 1 column 2", id="no JSON"),
        pytest.param('{"a": {}, "a": {}}', "key 'a' a second time", id="a key twice"),
    ],
)
def test_references_that_cannot_be_read(program, tmp_path, text, found):
    """References that cannot be read refuse the plan."""
    path = tmp_path / "references.json"
    path.write_text(text)
    expected = f"references.json: {found}; expected a JSON object: organization/project/stack to outputs [KO482]"
    fix = "\n  fix: write into it what `pulumi stack output --json --stack NAME` prints, under the name of the stack"
    assert said(make_plan(Program(program(CHAT), references=path))) == [expected + (fix if found != "no such object" else "")]


READS = 'pulumi.export("size", pulumi.StackReference("org/platform/dev").get_output("size"))\n'


def test_a_package_that_is_not_installed(program):
    """A module that the environment lacks is answered with where to add it."""
    (problem,) = make_plan(Program(program("import torch_that_is_not_there"))).problems
    assert problem.found.splitlines()[-1] == "ModuleNotFoundError: No module named 'torch_that_is_not_there'"
    assert (problem.code, problem.fix) == (
        "KS108",
        "add the package of 'torch_that_is_not_there' to requirements.txt, and install it into the environment of the program",
    )


def test_outputs_of_other_stacks(program, tmp_path):
    """References supply what other stacks put out; without them it is not seen, and a warning says so."""
    path = tmp_path / "references.json"
    path.write_text('{"org/platform/dev": {"size": "big"}}')
    plan = make_plan(Program(program(CHAT + READS), references=path))
    assert (plan.exports, said(plan)) == ({"size": "big"}, [])
    without = make_plan(Program(program(CHAT + READS)))
    assert isinstance(without.exports["size"], Unknown)
    assert [(problem.code, problem.severity, problem.path) for problem in without.problems] == [
        ("KO401", "warning", "org/platform/dev")
    ]
    assert without.as_json()["exports"] == {"size": None}


@pytest.mark.parametrize(
    ("limit", "problems"),
    [
        pytest.param(
            "date: 2999-01-01\nlimits: [{family: StandardNCADSA100v4Family, region: eastus, limit: 24}]", 1, id="of a day to come"
        ),
        pytest.param("date: 2001-01-01\nlimits: [{family: StandardNCADSA100v4Family, region: eastus, limit: 24}]", 1, id="stale"),
        pytest.param("date: soon\nlimits: []", 1, id="unreadable, reported once"),
    ],
)
def test_quota_file(program, tmp_path, limit, problems):
    """A quota file is held against the plan; its age is a warning, what cannot be read is reported once."""
    quota = tmp_path / "quota.yaml"
    quota.write_text(limit)
    assert len(said(make_plan(Program(program(CHAT)), Limits(quota=quota)))) == problems


def test_quota_in_full(program, tmp_path):
    """Over quota is an error, an old file a warning, the error first."""
    quota = tmp_path / "quota.yaml"
    quota.write_text("date: 2026-01-01\nlimits: [{family: StandardNCADSA100v4Family, region: eastus, limit: 23}]\n")
    found = make_plan(Program(program(CHAT))).demands
    assert [problem.text(indent="") for problem in quota_problems(found, quota, date(2026, 2, 1))] == [
        "StandardNCADSA100v4Family in eastus: 24 vCPUs (chat 24); expected at most 23 (23 less 0 used) [KQ102]\n"
        "  fix: use fewer or smaller nodes, or ask for quota",
        "warning: quota.yaml: limits of 2026-01-01, 31 days old; expected at most 30 days [KQ103]\n"
        "  fix: read limits and use again",
    ]
    assert list(quota_problems(found, None, date(2026, 2, 1))) == []


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        pytest.param(
            '{"gpu-budget": {"maxGpus": 0}}',
            [
                "stack: 1 GPU (chat 1); expected at most 0 [KQ101]\n"
                "  fix: use fewer or smaller nodes, or raise maxGpus of gpu-budget",
                "warning: quotaFile: missing: vCPU quotas are not checked; expected the path of a quota file [KQ103]\n"
                "  fix: set quotaFile of vcpu-quota and quota-age",
            ],
            id="a mandatory rule is an error, an advisory one a warning",
        ),
        pytest.param('{"all": "disabled"}', [], id="all rules off"),
        pytest.param(
            '{"gpu-budget": {"maxGpus": -1}}',
            ["gpu-budget.maxGpus: -1; expected at least 0 [KO485]"],
            id="a setting out of bounds",
        ),
        pytest.param("[]", ["policy.json: no JSON object; expected a JSON object [KO485]"], id="no object"),
        pytest.param(
            "{",
            [
                "policy.json: no JSON: Expecting property name enclosed in double quotes: line 1 column 2; "
                "expected a JSON object [KO485]"
            ],
            id="no JSON",
        ),
    ],
)
def test_policy_pack(program, tmp_path, config, problems):
    """A pack's findings are problems of the plan, in the words of the rules."""
    pytest.importorskip("pulumi_policy")
    path = tmp_path / "policy.json"
    path.write_text(config)
    assert said(make_plan(Program(program(CHAT)), packs=[ROOT / "policies/gpu-quota"], policy_config=path)) == problems


def test_a_pack_that_cannot_run_does_not_hide_the_next(program, tmp_path):
    """Every pack is asked, also behind one that is no pack; findings of outsiders stay whole."""
    pytest.importorskip("pulumi_policy")
    other = tmp_path / "other"
    other.mkdir()
    (other / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (other / "__main__.py").write_text(
        "from pulumi_policy import PolicyPack, StackValidationPolicy\n"
        "def check(args, report):\n    report('needs an owner')\n"
        "PolicyPack(name='other', policies=[StackValidationPolicy(name='owner', description='Owners.', validate=check)])\n"
    )
    found = said(make_plan(Program(program(CHAT)), packs=[tmp_path / "gone", other]))
    assert found == [
        f"{tmp_path / 'gone'}: no PulumiPolicy.yaml; expected the folder of a policy pack [KO484]\n"
        "  fix: name guardrails, gpu-quota, or a folder with PulumiPolicy.yaml; `kaito-iac init guardrails` writes one",
        "warning: other: Owners. needs an owner [owner]",
    ]


@pytest.mark.parametrize(
    ("source", "cost", "reasons"),
    [
        pytest.param(CHAT, Range.exactly(pytest.approx(2681.29)), [], id="a price on record"),
        pytest.param(
            CHAT.replace("eastus", "atlantis"),
            Range(0, 0, 0),
            ["no list price on record for Standard_NC24ads_A100_v4 in atlantis"],
            id="a region without prices",
        ),
        pytest.param(
            CHAT.replace('"location": "eastus",', ""),
            Range(0, 0, 0),
            ["price depends on the region: no location is named"],
            id="no region",
        ),
        pytest.param(
            CHAT.replace("phi-4-mini-instruct", "deepseek-r1-0528").replace("NC24ads_A100_v4", "ND96isr_H200_v5"),
            Range(0, 0, 0),
            ["no list price on record for Standard_ND96isr_H200_v5 in eastus"],
            id="a size without a price",
        ),
    ],
)
def test_cost(program, source, cost, reasons):
    """A price that is not on record is unknown with its reason, in text and JSON; never nothing."""
    plan = make_plan(Program(program(source)))
    assert plan.usd_per_month.known == cost
    assert [reason.reason for _, reason in plan.usd_per_month.unknown] == reasons
    data = plan.as_json()["demands"][0]
    assert (data["usdPerMonth"] is None) == bool(reasons)
    assert ("usdPerMonth" in data["unknown"]) == bool(reasons)
    assert ("Cost   unknown (" in plan_text(plan)) == bool(reasons)


def test_region_of_the_command_line(program):
    """A region given for the stack is in where none is named."""
    plan = make_plan(Program(program(CHAT.replace('"location": "eastus",', ""))), Limits(region="East US"))
    assert [demand.region for demand in plan.demands] == ["eastus"]


SECRET = """
token = pulumi.Output.secret({token!r})
containers = [{{"name": "main", "image": "registry.example/app:1", "env": [{{"name": "TOKEN", "value": token}}]}}]
kaito.KaitoWorkspace("chat", {{
    "template": {{"spec": {{"containers": containers}}}}, "instance_type": "Standard_NC24ads_A100_v4", "namespace": token,
    "labels": {{"team": token}}, "annotations": {{"note": token}},
}})
kaito.KaitoWorkspace("model", {{"preset": "phi-4-mini-instruct", "namespace": token, "context": 4096, "access_secret": token}})
pulumi.CustomResource("azure-native:containerservice:AgentPool", "pool", {{"vmSize": token, "count": 1}})
inference = {{"preset": {{"name": token}}, "config": token}}
raw = {{"resource": {{"instance_type": "Standard_NC24ads_A100_v4"}}, "inference": inference}}
pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", "raw", raw)
pulumi.export("token", token)
pulumi.export("inside", {{"list": [token]}})
pulumi.export("joined", pulumi.Output.concat("Bearer ", token))
"""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    token=st.from_regex(r"[a-z][a-z0-9]{10,20}[xyz]{3}", fullmatch=True)
    | st.from_regex(r"[A-Z]{4}[!_ $%]{2}[a-z]{5}", fullmatch=True)
)
def test_a_secret_is_nowhere(program, token):
    """A secret in namespace, label, annotation, environment, size, model name or export is in no line and no value."""
    plan = make_plan(Program(program(SECRET.format(token=token))))
    assert len(plan.demands) == 4 or [problem.code for problem in plan.problems] == ["KS104", "KS296"]
    assert token not in plan_text(plan, color=True)
    assert token not in json.dumps(plan.as_json())
    assert token not in "\n".join(problem.text() for problem in plan.problems)


def test_a_secret_namespace_still_counts(program):
    """A secret namespace hides no context: the nodes are counted as without it."""
    source = """
    place = pulumi.Output.secret("hidden-place")
    kaito.KaitoWorkspace("chat", {
        "preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "location": "eastus", "namespace": place,
        "context": 4096,
    })
    """
    (demand,) = make_plan(Program(program(source))).demands
    assert (demand.nodes, demand.why) == (Range.exactly(1), "KAITO's estimate for 4096 tokens")


def test_the_same_plan_twice(program):
    """A plan is the same whenever it is made: no times, no order of chance."""
    folder = program(CHAT)
    assert make_plan(Program(folder)).as_json() == make_plan(Program(folder)).as_json()


def test_pools_too_small(program):
    """Workloads that share a pool and need more nodes than it can have are one problem."""
    source = """
    pool = kaito.GpuNodePool("gpus", {
        "instance_type": "Standard_NC24ads_A100_v4", "kind": "existing", "count": 1, "labels": {"apps": "gpu"},
    })
    for name in ("one", "two"):
        kaito.KaitoWorkspace(name, {"preset": "phi-4-mini-instruct", "node_pool": pool})
    """
    assert make_plan(Program(program(source))).problems == (
        Problem(
            "KS223",
            "gpus",
            "2 nodes are needed (one 1, two 1), the pool has at most 1; a node's GPUs serve one workload",
            "a pool of 2 or more nodes",
            "give the pool 2 nodes",
        ),
    )


def test_pools_have_room_for_one_replacement(program):
    """A pool holds what is on it, and the larger second generation of one workload under blueGreen."""
    source = """
    pool = kaito.GpuNodePool("gpus", {
        "instance_type": "Standard_NC24ads_A100_v4", "kind": "existing", "count": 3, "labels": {"apps": "gpu"},
    })
    kaito.KaitoWorkspace("one", {"preset": "phi-4-mini-instruct", "node_pool": pool, "replacement": "blueGreen"})
    kaito.KaitoWorkspace("two", {"preset": "phi-4-mini-instruct", "node_pool": pool})
    """
    assert make_plan(Program(program(source))).problems == ()
    assert make_plan(Program(program(source.replace('"count": 3', '"count": 2')))).problems == (
        Problem(
            "KS276",
            "gpus",
            "3 nodes are needed while blueGreen replaces one (one 1, two 1), the pool has at most 2",
            "a pool of 3 or more nodes",
            "give the pool 3 nodes, or replacement='recreate'",
            "warning",
        ),
    )


def test_pools_hold_replicas_and_roles(program):
    """Replicas and roles count with all their nodes; a slice of a node leaves the rest to others."""
    source = """
    pool = kaito.GpuNodePool("gpus", {
        "instance_type": "Standard_NC40ads_H100_v5", "kind": "existing", "count": 3, "labels": {"apps": "gpu"},
    })
    kaito.KaitoInferenceSet("many", {"preset": "phi-4", "node_pool": pool, "replicas": 2})
    kaito.KaitoMultiRoleInference(
        "roles", {"preset": "phi-4", "node_pool": pool, "prefill": {"replicas": 1}, "decode": {"replicas": 2}}
    )
    part = {"mode": "mig", "profile": "2g.24gb"}
    kaito.KaitoInferenceSet("npc", {"preset": "qwen3.5-2b", "node_pool": pool, "partition": part, "replicas": 7})
    """
    (problem,) = [problem for problem in make_plan(Program(program(source))).problems if problem.severity == "error"]
    assert problem == Problem(
        "KS223",
        "gpus",
        "5 nodes are needed (many 2, roles 3), the pool has at most 3; a node's GPUs serve one workload",
        "a pool of 5 or more nodes",
        "give the pool 5 nodes",
    )


def test_findings_about_resources_name_them():
    """A rule that finds the same at three resources is three problems, each with the name of its resource."""
    settings = ROOT / "policies" / "guardrails" / "production.json"
    plan = make_plan(Program(ROOT / "stacks" / "multi-team"), packs=[Path("guardrails")], policy_config=settings)
    found = [problem.path for problem in plan.problems if problem.code == "KO409"]
    assert found == [
        "games-npc-workspace: metadata.labels.owner",
        "search-chat-workspace: metadata.labels.owner",
        "search-code-workspace: metadata.labels.owner",
    ]

"""Policy packs as real processes, on a recording."""

import time
from pathlib import Path
from textwrap import dedent

import pulumi
import pytest

from kaito_iac.offline import Refusal, run_function
from kaito_iac.offline.analyze import PolicyViolation, analyze
from kaito_iac.problem import Problem

pytest.importorskip("pulumi_policy")

PACK = """
from pulumi_policy import (
    EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy, Severity, StackValidationPolicy,
)

def gpus(args, report):
    if args.resource_type == "test:index:Thing":
        limit = args.get_config()["maxGpus"]
        if args.props["gpus"] > limit:
            report(f"{args.name} has {args.props['gpus']:g} of {limit:g}, protected: {args.opts.protect}")

def owner(args):
    if args.resource_type == "test:index:Thing" and "owner" not in args.props:
        args.props["owner"] = "nobody"
        return args.props

def stack(args, report):
    lines = []
    for found in args.resources:
        above = found.parent.name if found.parent else "-"
        provider = found.provider.props["region"] if found.provider else "-"
        props = ", ".join(sorted(found.props))
        lines.append(f"{found.name} in {above} by {provider} ({props}) after {len(found.dependencies)}")
    report("; ".join(lines))

SCHEMA = PolicyConfigSchema(properties={"maxGpus": {"type": "integer", "minimum": 0, "default": 2}})
PolicyPack(
    name="limits",
    enforcement_level=EnforcementLevel.ADVISORY,
    policies=[
        ResourceValidationPolicy(name="gpus", description="GPUs", validate=gpus, config_schema=SCHEMA, severity=Severity.HIGH),
        ResourceValidationPolicy(name="owner", description="an owner is set", remediate=owner),
        StackValidationPolicy(name="tree", description="Tree", validate=stack),
    ],
)
"""


class Thing(pulumi.CustomResource):
    def __init__(self, name, props, opts=None):
        super().__init__("test:index:Thing", name, {**props, "made": None}, opts)


class Provider(pulumi.ProviderResource):
    def __init__(self, name, region):
        super().__init__("test", name, {"region": region})


def _program():
    west = Provider("west", "west")
    box = pulumi.ComponentResource("test:index:Box", "box", {"size": 1}, pulumi.ResourceOptions(providers=[west]))
    first = Thing("first", {"gpus": 1, "owner": "me"}, pulumi.ResourceOptions(parent=box))
    Thing("second", {"gpus": 4, "key": pulumi.Output.secret("w")}, pulumi.ResourceOptions(protect=True, depends_on=[first]))
    box.register_outputs({"nodes": first.id})


@pytest.fixture(scope="module")
def recording():
    """One recorded program for all packs."""
    return run_function(_program)


@pytest.fixture
def pack(tmp_path):
    """Writes a pack."""

    def write(source: str, manifest: str = "runtime: python\n") -> Path:
        (tmp_path / "PulumiPolicy.yaml").write_text(manifest)
        (tmp_path / "__main__.py").write_text(dedent(source))
        return tmp_path

    return write


SECOND = "urn:pulumi:dev::project::test:index:Thing::second"
TREE = (
    "Tree\nproject-dev in - by - () after 0; west in project-dev by - (region) after 0; box in project-dev by - (nodes) after 0; "
    "first in box by west (gpus, owner) after 0; second in project-dev by - (gpus, key) after 1"
)


@pytest.mark.parametrize(
    ("config", "violations"),
    [
        pytest.param(
            {},
            [
                PolicyViolation("gpus", "limits", "advisory", "GPUs\nsecond has 4 of 2, protected: True", SECOND, "high"),
                PolicyViolation("tree", "limits", "advisory", TREE, ""),
            ],
            id="defaults of the pack",
        ),
        pytest.param(
            {"all": "disabled", "gpus": {"enforcementLevel": "mandatory", "maxGpus": 3}},
            [PolicyViolation("gpus", "limits", "mandatory", "GPUs\nsecond has 4 of 3, protected: True", SECOND, "high")],
            id="one policy, with a level and a limit of its own",
        ),
        pytest.param(
            {"all": "disabled", "owner": "remediate", "tree": "mandatory"},
            [
                PolicyViolation("owner", "limits", "remediate", "remediated: an owner is set", SECOND),
                PolicyViolation("tree", "limits", "mandatory", TREE.replace("gpus, key", "gpus, key, owner"), ""),
            ],
            id="a remedy is seen by what comes after it",
        ),
        pytest.param({"all": "disabled"}, [], id="nothing is asked"),
    ],
)
def test_violations(recording, pack, config, violations):
    """Policies see inputs one by one, then the outputs of all, with options, parents, providers and dependencies."""
    assert analyze(recording, pack(PACK), config=config) == tuple(violations)


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        pytest.param(
            {"gpus": {"maxGpus": -1}}, [Problem("KO485", "gpus.maxGpus", "-1", "at least 0")], id="a setting out of bounds"
        ),
        pytest.param(
            {"gpus": "strict", "tree": 3},
            [
                Problem("KO485", "gpus", '"strict"', "advisory, mandatory, remediate or disabled"),
                Problem("KO485", "tree", "3", "an enforcement level or an object"),
            ],
            id="no level, and no setting at all",
        ),
        pytest.param(
            {"gpu": {"maxGpus": 4}},
            [Problem("KO485", "gpu", "not a rule", "a rule of limits", "write gpus")],
            id="a policy that the pack does not have",
        ),
    ],
)
def test_config_that_the_pack_does_not_allow(recording, pack, config, problems):
    """A config is checked against the schema the pack publishes, all of it at once."""
    with pytest.raises(Refusal) as refusal:
        analyze(recording, pack(PACK), config=config)
    assert refusal.value.problems == tuple(problems)


@pytest.mark.parametrize(
    ("source", "found", "fix"),
    [
        pytest.param(
            "raise ValueError('no rules today')",
            "ended with exit code 1 before it could be asked anything",
            "ValueError: no rules today",
            id="a pack that raises",
        ),
        pytest.param(
            "print('hello')\nimport time; time.sleep(60)",
            "wrote 'hello' where its port should be",
            "write to standard error, or log; the first line on standard output is the port of the pack",
            id="a pack that talks first",
        ),
        pytest.param("import time; time.sleep(60)", "names no port after 2 seconds", "", id="a pack that sleeps"),
        pytest.param(
            "print(9)\nimport time; time.sleep(60)", "not done after 15 seconds", "", id="a pack that is about its port"
        ),
    ],
)
def test_pack_that_cannot_be_asked(recording, pack, source, found, fix):
    """A pack that fails says so with its own last words, and never holds us up."""
    limit = int(found.split()[-2]) if found.endswith("seconds") else 60
    started = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        analyze(recording, pack(source), timeout_seconds=limit)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.found, problem.fix.splitlines()[-1:]) == ("KO484", found, [fix] if fix else [])
    assert time.monotonic() - started < limit + 30


def test_policy_that_raises(recording, pack):
    """A policy that raises is the pack's failure, with what it raised."""
    source = """
    from pulumi_policy import PolicyPack, StackValidationPolicy
    def broken(args, report):
        raise KeyError("nodes")
    PolicyPack(name="broken", policies=[StackValidationPolicy(name="b", description="B", validate=broken)])
    """
    with pytest.raises(Refusal) as refusal:
        analyze(recording, pack(source))
    (problem,) = refusal.value.problems
    assert problem.found == "failed: Exception calling application: 'nodes'"


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        pytest.param("runtime: nodejs\n", "'nodejs'", id="another language"),
        pytest.param("version: 1\n", "missing", id="no language"),
        pytest.param("runtime: [\n", "no YAML: did not find expected node content", id="no YAML"),
    ],
)
def test_what_is_no_pack(recording, pack, manifest, found):
    """What is no Python pack is refused before anything starts."""
    with pytest.raises(Refusal) as refusal:
        analyze(recording, pack("", manifest))
    assert [problem.found for problem in refusal.value.problems] == [found]


def test_no_pack_at_all(recording, tmp_path):
    """A folder without a manifest is no pack."""
    with pytest.raises(Refusal) as refusal:
        analyze(recording, tmp_path)
    assert [problem.found for problem in refusal.value.problems] == ["no PulumiPolicy.yaml"]

"""A rule about one resource: judged, remedied, and served to the engine's analyzer."""

import textwrap
from datetime import date
from pathlib import Path

import pulumi
import pytest

from kaito_iac.offline.analyze import analyze
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import ResourceRule, RuleConfig, StackFacts, StackRule, Watchful
from kaito_iac.stack.resource import Resource
from kaito_iac.testing import record

LATER = Unknown("known only after the update")


class Config(Watchful):
    """Settings of the rule."""

    owner: str = "owner"


def check(fact, config):
    tags = fact.inputs["tags"]
    if isinstance(tags, Unknown):
        yield from config.unread("KQ101", "tags", tags, "tags")
    elif config.owner not in tags:
        yield Problem("KQ101", "tags", "no owner", config.owner)


def remedy(fact, config):
    tags = fact.inputs["tags"]
    return {**fact.inputs, "tags": {**tags, config.owner: "unnamed"}} if config.owner not in tags else None


RULE = ResourceRule(
    code="KQ101", name="owner", title="Somebody owns it", config=Config, check=check, remedy=remedy, why="Bills.", about="test:.*"
)


def thing(**inputs):
    return Resource("urn:pulumi:dev::shop::test:index:Thing::it", "test:index:Thing", "it", None, inputs)


@pytest.mark.parametrize(
    ("fact", "settings", "said"),
    [
        pytest.param(thing(tags={"owner": "us"}), {}, [], id="as it should be"),
        pytest.param(thing(tags={}), {}, ["tags: no owner; expected owner [KQ101]"], id="not as it should be"),
        pytest.param(thing(tags={}), {"owner": "who"}, ["tags: no owner; expected who [KQ101]"], id="by its settings"),
        pytest.param(
            thing(tags=LATER),
            {},
            ["tags: unknown (known only after the update); expected tags [KQ101]"],
            id="an unknown is denied",
        ),
        pytest.param(thing(tags=LATER), {"onUnknown": "warn"}, [], id="an unknown is left to another rule"),
        pytest.param(
            thing(tags=4),
            {},
            [
                "owner: could not be judged: TypeError: argument of type 'int' is not iterable; "
                "expected readable resources [KQ101]"
            ],
            id="a failing check is a finding",
        ),
        pytest.param(
            thing(tags={}),
            {"owner": 4},
            ["owner.owner: 4; expected a text [KQ101]"],
            id="unreadable settings are a finding",
        ),
    ],
)
def test_judge(fact, settings, said):
    """A rule judges one resource, and whatever happens answers with findings."""
    assert [problem.headline for problem in RULE.judge(fact, settings)] == said


@pytest.mark.parametrize(
    ("fact", "settings", "inputs"),
    [
        pytest.param(thing(tags={"a": "b"}), {}, {"tags": {"a": "b", "owner": "unnamed"}}, id="remedied"),
        pytest.param(thing(tags={"owner": "us"}), {}, None, id="nothing to remedy"),
        pytest.param(thing(tags=LATER), {}, None, id="an unknown is left alone"),
    ],
)
def test_remedied(fact, settings, inputs):
    """A remedy gives inputs as the rule wants them, or leaves them to the check."""
    assert RULE.remedied(fact, Config(**settings)) == inputs


def test_without_remedy():
    """Most rules remedy nothing."""
    rule = ResourceRule(code="KQ101", name="owner", title="t", config=Config, check=check, why="w", about="test:.*")
    assert rule.remedied(thing(tags={}), Config()) is None


def test_inputs_that_cannot_be_read():
    """A resource whose inputs cannot be read as a whole is a finding."""
    fact = Resource("urn:x", "test:index:Thing", "it", None, Unknown("its inputs cannot be read: OSError"))
    told = "it: unknown (its inputs cannot be read: OSError); expected inputs that can be read [KQ101]"
    assert [problem.headline for problem in RULE.judge(fact, {})] == [told]


@pytest.mark.parametrize(
    ("kind", "concerned"),
    [
        pytest.param("test:index:Thing", True, id="of its kind"),
        pytest.param("attest:index:Thing", False, id="of another kind that ends alike"),
        pytest.param("pulumi:pulumi:Stack", False, id="the stack itself"),
    ],
)
def test_concerns(kind, concerned):
    """A rule is asked of the types it is about, and of no other."""
    assert RULE.concerns(kind) is concerned


def test_rule_about_a_stack_never_raises():
    """A rule about a stack that fails says so."""

    def fails(facts, config):
        raise KeyError("count")
        yield

    rule = StackRule(code="KQ101", name="total", title="t", config=RuleConfig, check=fails, why="w")
    facts = StackFacts.of([], date(2026, 6, 30), Path("/"))
    told = "total: could not be judged: KeyError: 'count'; expected readable resources [KQ101]"
    assert [problem.headline for problem in rule.judge(facts, {})] == [told]


def test_demands_are_counted_when_asked_for():
    """Facts of a stack hold its demand, counted by anyone who looks at it."""
    pool = {"name": "a100", "vmSize": "Standard_NC24ads_A100_v4", "count": 2}
    found = Resource("urn:x", "azure-native:containerservice:AgentPool", "a100", None, pool)
    facts = StackFacts.of([found], date(2026, 6, 30), Path("/"))
    assert [(demand.resource, demand.gpus.high) for demand in facts.demands] == [("a100", 2)]
    assert facts.demands[0].kind == "AgentPool"


SERVED = textwrap.dedent(
    """
    from pydantic import Field
    from kaito_iac.rules.pack import serve
    from kaito_iac.rules.rule import ResourceRule, Watchful
    from kaito_iac.problem import Problem, Unknown


    class Config(Watchful):
        needed: str = Field(description="Tag that has to be there.")


    def check(fact, config):
        tags = fact.inputs.get("tags", {})
        if isinstance(tags, Unknown):
            yield from config.unread("KQ101", "tags", tags, "tags")
        elif config.needed not in tags:
            yield Problem("KQ101", "tags", "no tag", config.needed)


    def remedy(fact, config):
        tags = fact.inputs.get("tags", {})
        return {**fact.inputs, "tags": {**tags, config.needed: "unnamed"}} if config.needed not in tags else None


    RULE = ResourceRule(
        code="KQ101", name="tagged", title="It has a tag", config=Config, check=check, remedy=remedy, why="Bills.",
        about="test:.*", severity="low", url="https://example.com/tagged",
    )
    serve("tags", [RULE])
    """
)


@pytest.fixture
def served(tmp_path):
    """A pack of one rule, in a folder of its own."""
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (tmp_path / "__main__.py").write_text(SERVED)
    return tmp_path


def program():
    class Thing(pulumi.CustomResource):
        made: pulumi.Output[dict]

        def __init__(self, name, tags):
            super().__init__("test:index:Thing", name, {"tags": tags, "made": None})

    first = Thing("tagged", {"needed": "x"})
    Thing("bare", {"count": 2})
    Thing("later", first.made)


@pytest.fixture
def recording():
    """Three resources: one with a tag, one without, one with tags that does not exist yet."""
    return record(program)


def test_served(served, recording):
    """The engine asks about every resource before it exists, and hears of what is not known."""
    title = "It has a tag\n"
    stack = f"urn:pulumi:{recording.stack}::{recording.project}::"
    found = analyze(recording, served, config={"tagged": {"needed": "needed"}})
    told = [(one.urn.removeprefix(stack), one.level, one.message) for one in found]
    assert told == [
        ("test:index:Thing::bare", "mandatory", f"{title}tags: no tag; expected needed [KQ101]"),
        ("test:index:Thing::later", "mandatory", f"{title}tags: unknown (known only after the update); expected tags [KQ101]"),
    ]


def test_remediated(served, recording):
    """With the level `remediate` the resource gets what it lacks, and what cannot be remedied is still refused."""
    stack = f"urn:pulumi:{recording.stack}::{recording.project}::"
    found = analyze(recording, served, config={"tagged": {"needed": "needed", "enforcementLevel": "remediate"}})
    told = [(one.urn.removeprefix(stack), one.level, one.message) for one in found]
    assert told == [
        ("test:index:Thing::bare", "remediate", "remediated: It has a tag"),
        (
            "test:index:Thing::later",
            "mandatory",
            "It has a tag\ntags: unknown (known only after the update); expected tags [KQ101]",
        ),
    ]

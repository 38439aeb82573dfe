"""The example programs: each is planned whole, and the plan is what its golden file says."""

import json
from pathlib import Path

import jsonschema
import pytest

from kaito_iac.report.plan import make_plan
from kaito_iac.report.plan_text import plan_text

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/__main__.py"))


@pytest.mark.parametrize("name", NAMES)
def test_plan_of_an_example(name, golden):
    """The plan of an example is its golden text, and has no error."""
    plan = make_plan(EXAMPLES / name)
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []
    golden(f"examples/{name}.txt", plan_text(plan, width=100))


@pytest.mark.parametrize("name", NAMES)
def test_example_is_described(name):
    """Every example is named and described in the list of examples."""
    assert f"]({name}/__main__.py): " in (EXAMPLES / "README.md").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_json_of_an_example(name):
    """The JSON of every example's plan fits the published schema."""
    schema = json.loads((EXAMPLES.parent / "reference" / "plan.schema.json").read_text())
    jsonschema.validate(json.loads(json.dumps(make_plan(EXAMPLES / name).as_json())), schema)

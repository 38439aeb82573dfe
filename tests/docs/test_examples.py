"""The example programs: each is planned whole, and the plan is what its golden file says."""

import ast
import json
import re
from pathlib import Path

import jsonschema
import pytest

from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Program

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/__main__.py"))


@pytest.mark.parametrize("name", NAMES)
def test_plan_of_an_example(name, golden):
    """The plan of an example is its golden text, and has no error."""
    plan = make_plan(Program(EXAMPLES / name))
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []
    golden(f"examples/{name}.txt", plan_text(plan, width=100))


@pytest.mark.parametrize("name", NAMES)
def test_example_is_described(name):
    """Every example is named and described in the list of examples."""
    assert f"]({name}/__main__.py): " in (EXAMPLES / "README.md").read_text()


def test_table_of_topics():
    """Every example, and every stack that is a program of its own, is in the table of topics; nothing there is missing here."""
    text = (EXAMPLES / "README.md").read_text()
    rows = "".join(line for line in text.splitlines() if line.startswith("|"))
    linked = set(re.findall(r"\]\(([^)]+)/__main__\.py\)", rows))
    stacks = {f"../../stacks/{path.parent.name}" for path in (EXAMPLES.parents[1] / "stacks").glob("*/__main__.py")}
    assert linked == set(NAMES) | stacks


@pytest.mark.parametrize("name", NAMES)
def test_program_says_what_it_costs(name):
    """The first lines of a program say what it costs and what it needs."""
    lines = ast.get_docstring(ast.parse((EXAMPLES / name / "__main__.py").read_text()))
    assert "Costs: " in lines


@pytest.mark.parametrize("name", NAMES)
def test_json_of_an_example(name):
    """The JSON of every example's plan fits the published schema."""
    schema = json.loads((EXAMPLES.parent / "reference" / "plan.schema.json").read_text())
    jsonschema.validate(json.loads(json.dumps(make_plan(Program(EXAMPLES / name)).as_json())), schema)

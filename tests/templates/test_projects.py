"""Projects made of templates: each plans at once, nothing is written over, and what is asked is what is declared."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kaito_iac.cli.main import main
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.templates.project import project_files, templates_folder, values_of
from kaito_iac.templates.table import BY_NAME, PIPELINE, POLICY, PROGRAM, TEMPLATES

ROOT = Path(__file__).parents[2]
PROGRAMS = [template for template in TEMPLATES if template.kind == PROGRAM]
FOLDER = ROOT / "templates"


def test_templates_are_those_of_the_table():
    """Every folder below templates/ is in the table, and the other way round."""
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(BY_NAME)
    names = [{path.relative_to(folder) for path in folder.rglob("*.*")} for folder in (FOLDER, templates_folder())]
    assert names[0] == names[1]


@pytest.mark.process
@pytest.mark.parametrize("template", PROGRAMS, ids=lambda one: one.name)
def test_project_plans_at_once(template, tmp_path, monkeypatch, capsys):
    """A project of every program template has its name, no error in its plan, and the environment of its own beside it."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", template.name, "-o", "models/shop"]) == 0
    project = yaml.safe_load(Path("models/shop/Pulumi.yaml").read_text())
    assert (project["name"], project["runtime"]["options"]["virtualenv"]) == ("shop", ".venv")
    assert "template" not in project
    references = Path("models/shop/references.json")
    plan = make_plan(Program(Path("models/shop"), references=references if references.exists() else None))
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []
    assert plan.complete
    assert plan.demands


@pytest.mark.process
@pytest.mark.parametrize("template", PROGRAMS, ids=lambda one: one.name)
def test_program_is_the_one_of_its_source(template):
    """The program of a template is that of the stack or example, to the letter."""
    source = (ROOT / template.source / "__main__.py").read_text()
    assert (FOLDER / template.name / "__main__.py").read_text() == source


@pytest.mark.process
@pytest.mark.parametrize("name", [template.name for template in TEMPLATES if template.kind == POLICY])
def test_pack_judges_at_once(name, tmp_path, monkeypatch, capsys):
    """A pack made of a template says what the shipped pack of its name says."""
    assert main(["init", name, "-o", str(tmp_path / "own")]) == 0
    monkeypatch.chdir(ROOT)
    capsys.readouterr()
    said = []
    for pack in (str(tmp_path / "own"), name):
        main(["plan", "stacks/npc", "--policy-pack", pack, "--json"])
        found = json.loads(capsys.readouterr().out)["problems"]
        said.append(sorted((re.findall(r"K[SQNO]\d{3}", one["found"]) or [one["code"]])[0] for one in found))
    assert said[0] == said[1] != []


SCHEMAS = {
    ".github/workflows/kaito-iac.yml": ["vendor.github-workflows"],
    ".github/actions/kaito-iac/action.yml": ["vendor.github-actions"],
    "kaito-iac.gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    "pipelines/kaito-iac.yml": ["vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "python"],
}


@pytest.mark.parametrize("template", [one for one in TEMPLATES if one.kind == PIPELINE], ids=lambda one: one.name)
def test_pipeline_is_valid(template, tmp_path):
    """A pipeline made of a template fits the schema of its platform, and names the folder and stack that it was given."""
    given = ["-c", "PROGRAM_FOLDER=infra/models", "-c", "STACK=live"]
    assert main(["init", template.name, "-o", str(tmp_path), *given]) == 0
    for name in template.files:
        text = (tmp_path / name).read_text()
        assert "infra/platform" not in text
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *SCHEMAS[name], str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        if not name.endswith("action.yml"):
            assert "infra/models" in text
            assert re.search(r"\blive\b", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_nothing_is_left_to_fill_in(template):
    """Every name that a template leaves open is filled."""
    asked = re.compile(r"\$\{(PROJECT|DESCRIPTION|PROGRAM_FOLDER|PROGRAM_NAME|STACK)\}")
    files = project_files(template, "shop", "dev", {})
    assert {name: asked.findall(text) for name, text in files.items() if name != "__main__.py" and asked.search(text)} == {}


def test_nothing_is_written_over(tmp_path, run):
    """Where one file exists, none is written, and every one that exists is named."""
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    (tmp_path / "README.md").symlink_to("elsewhere")
    ended = run("init", "quickstart", "-o", str(tmp_path))
    said = "exists; expected a new file [KO495]\n    fix: name another folder: -o DIR\n"
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"init: 2 problems\n  {tmp_path}/Pulumi.yaml: {said}  {tmp_path}/README.md: {said}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.yaml", "README.md"]
    assert run("init", "quickstart", "-o", str(tmp_path / "Pulumi.yaml")).err == (
        f"init: 1 problem\n  {tmp_path}/Pulumi.yaml: is no folder; expected a folder, or nothing [KO495]\n"
        "    fix: name another folder: -o DIR\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["quikstart"],
            "  template: 'quikstart' is no template; expected one of {names} [KS101]\n    fix: did you mean 'quickstart'?\n",
            id="no template",
        ),
        pytest.param(
            [], "  template: missing; expected one of {names} [KS101]\n    fix: kaito-iac init quickstart\n", id="none named"
        ),
        pytest.param(
            ["quickstart-aks", "-c", "nodes=two", "-c", "regoin=x", "--name", "a b"],
            "  name: 'a b'; expected letters, digits, '-', '_' and '.', at most 100 [KS102]\n"
            "  config nodes: 'two'; expected a value of type integer [KS102]\n"
            "  config regoin: an unknown key; expected one of location, preset, instanceType, nodes, owner [KS102]\n",
            id="wrong values",
        ),
        pytest.param(
            ["guardrails", "-c", "a=b"],
            "  config a: an unknown key; expected no configuration: this template asks for none [KS102]\n",
            id="no configuration",
        ),
    ],
)
def test_what_is_refused(arguments, said, tmp_path, run, monkeypatch):
    """Everything that is wrong is reported at once, and nothing is written."""
    ended = run("init", *arguments)
    problems = said.count("[KS1")
    head = f"init: {problems} problem{'s' if problems > 1 else ''}\n"
    assert (ended.code, ended.err) == (1, head + said.format(names=", ".join(BY_NAME)))


def test_values_are_written_for_the_stack(tmp_path, run):
    """Values that differ from the defaults stand in the file of the stack, each with its type."""
    given = ["-c", "nodes=2", "-c", "location=westeurope", "-c", "preset=phi-4-mini-instruct"]
    ended = run("init", "quickstart-aks", "-o", str(tmp_path / "a"), "--name", "models", "-s", "lab", *given)
    assert (ended.code, (tmp_path / "a" / "Pulumi.lab.yaml").read_text()) == (
        0,
        'config:\n  models:nodes: 2\n  models:location: "westeurope"\n',
    )
    plan = make_plan(Program(tmp_path / "a", stack="lab"))
    assert {demand.region for demand in plan.demands if demand.gpus} == {"westeurope"}
    assert "next: cd " in ended.err


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_is_asked(tmp_path, monkeypatch, capsys):
    """On a terminal the template and every plain value are asked for; an empty answer takes the default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal("quickstart-eks\nprod\n\n\n\n"))
    monkeypatch.setattr("kaito_iac.cli.start_app.is_terminal", lambda stream: True)
    assert main(["init"]) == 0
    ended = capsys.readouterr()
    assert [line.split("  ")[0] for line in ended.err.splitlines()[:2]] == ["Programs:", ""]
    assert "Region of the cluster, for prices and quota [us-west-2]: " in ended.err
    assert Path("quickstart-eks/Pulumi.dev.yaml").read_text() == 'config:\n  quickstart-eks:clusterName: "prod"\n'


def test_list_of_templates(run):
    """The list has every template, its kind and what it asks."""
    found = run("init", "--list", "--json").json
    assert [one["name"] for one in found] == list(BY_NAME)
    asked = {one["name"]: [value["name"] for value in one["config"]] for one in found}
    assert asked["quickstart-eks"] == ["clusterName", "location", "preset", "instanceType"]
    assert {value.name for value in values_of(BY_NAME["pipeline-github"])} == {"PROGRAM_FOLDER", "STACK"}
    assert run("init", "--list").out.splitlines()[2].startswith("quickstart ")


@pytest.mark.engine
@pytest.mark.parametrize("template", PROGRAMS, ids=lambda one: one.name)
def test_pulumi_new(template, tmp_path, monkeypatch):
    """`pulumi new` makes a project of the same folder, which plans at once."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    command = ["pulumi", "new", str(FOLDER / template.name), "--generate-only", "--yes", "--name", "shop"]
    done = subprocess.run([*command, "--dir", str(tmp_path / "shop")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    project = yaml.safe_load((tmp_path / "shop" / "Pulumi.yaml").read_text())
    assert (project["name"], "template" in project) == ("shop", False)
    references = tmp_path / "shop" / "references.json"
    plan = make_plan(Program(tmp_path / "shop", references=references if references.exists() else None))
    assert [problem.headline for problem in plan.problems if problem.severity == "error"] == []

"""`plan` and `render`: what reaches the functions that do the work, and how their answers and refusals end."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kaito_iac.cli.command import BadParameter
from kaito_iac.cli.options import together
from kaito_iac.offline import Refusal
from kaito_iac.planning.request import Limits, Program
from kaito_iac.problem import Problem

ROOT = Path(__file__).parents[2]
WRONG = Problem("KS101", "chat: preset", "'phi4' is not a preset", "a name", "preset='phi-4'")


class Planner:
    """Simulates the module that plans."""

    def __init__(self, problems: tuple[Problem, ...] = (), refusal: Exception | None = None) -> None:
        self.asked: dict[str, Any] = {}
        self._problems = problems
        self._refusal = refusal

    def begin(self, program: Program) -> Any:
        self.begun = program
        return nullcontext("begun")

    def make_plan(self, program: Program, limits: Limits, **asked: Any) -> Any:
        assert asked.pop("begun") == "begun"
        assert program == self.begun
        self.asked = {"limits": limits, **asked}
        if self._refusal:
            raise self._refusal
        facts = {"unread": False, "problems": self._problems, "resources": (), "kaito": "0.12.0"}
        return SimpleNamespace(complete=True, **facts, as_json=lambda: {"stack": program.stack})

    def plan_text(self, plan: Any, *, width: int, color: bool) -> str:
        return f"a plan of {width} columns, colour {color}"

    def render(self, program: Program, folder: Path, **asked: Any) -> Any:
        assert asked.pop("begun") == "begun"
        assert program == self.begun
        self.asked = {"folder": folder, **asked}
        if self._refusal:
            raise self._refusal
        return SimpleNamespace(files=(folder / "01-a.yaml",), left_out=("pool (azure-native:x:AgentPool)",))


@pytest.fixture
def plan_with(monkeypatch):
    def install(*arguments: Any, **options: Any) -> Planner:
        planner = Planner(*arguments, **options)
        for module in ("plan", "plan_text", "render", "rehearsal"):
            monkeypatch.setitem(sys.modules, f"kaito_iac.planning.{module}", planner)
        return planner

    return install


def test_plan_hands_over_every_option(run, plan_with, tmp_path, monkeypatch):
    """Each option of `plan` reaches the planner."""
    planner = plan_with()
    options = [
        "-s",
        "prod",
        "-c",
        "a=1",
        "-c",
        "ns:b=x=y",
        "--policy-pack",
        "p",
        "--policy-pack",
        "q",
        "--policy-config",
        "pc.json",
    ]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pc.json").write_text("{}")
    (tmp_path / "q.yaml").write_text("date: 2026-06-30\nlimits: [{family: F, region: eastus, limit: 1}]\n")
    (tmp_path / "plans").mkdir()
    plan = {"schema": 1, "project": "docs", "stack": "prod", "made": "2026-06-30", "complete": True, "demands": []}
    (tmp_path / "m.yaml").write_text("date: 2026-06-30\ncurrency: USD\nusdPerUnit: 1\n")
    for name in ("plans/docs.json", "x.json"):
        (tmp_path / name).write_text(json.dumps(plan))
    ledger = ("--ledger", "plans", "--ledger", "x.json", "--subscription", "research")
    ended = run(
        "plan",
        "prog",
        *options,
        "--quota",
        "q.yaml",
        *ledger,
        "--region",
        "westus",
        "--references",
        "r.json",
        "--invokes",
        "i.json",
        "--timeout",
        "3",
        "--prices",
        "m.yaml",
        "--json",
    )
    assert (ended.code, ended.json, ended.err) == (0, {"stack": "prod"}, "")
    limits = Limits(
        quota=Path("q.yaml"),
        ledger=(Path("plans"), Path("x.json")),
        subscription="research",
        region="westus",
        prices=Path("m.yaml"),
    )
    assert planner.asked == {"limits": limits, "packs": (Path("p"), Path("q")), "policy_config": Path("pc.json")}
    config = {"a": "1", "ns:b": "x=y"}
    assert planner.begun == Program(Path("prog"), "prod", config, Path("r.json"), Path("i.json"), 3.0)


def test_plan_of_the_current_folder(run, plan_with):
    """Without a program the current folder is planned, in text for 80 columns without colours."""
    planner = plan_with()
    ended = run("plan")
    assert (ended.code, ended.out) == (0, "a plan of 80 columns, colour False\n")
    assert planner.begun == Program(Path("."))


@pytest.mark.parametrize(
    ("problems", "code"),
    [
        pytest.param((Problem("KN301", "chat", "public", severity="warning"),), 0, id="a warning"),
        pytest.param((Problem("KN301", "chat", "public", severity="warning"), WRONG), 1, id="an error"),
    ],
)
def test_plan_ends_by_its_gravest_problem(problems, code, run, plan_with):
    """Only a problem of severity error makes the exit code 1."""
    plan_with(problems)
    assert run("plan").code == code


@pytest.mark.parametrize("command", ["plan prog", "render prog -o out"])
def test_refusal_lists_its_problems(command, run, plan_with):
    """A program that cannot be run is refused with every problem on stderr, exit code 3."""
    plan_with(refusal=Refusal("Program 'prog'", [WRONG]))
    ended = run(*command.split())
    text = "Program 'prog': 1 problem\n  chat: preset: 'phi4' is not a preset; expected a name [KS101]\n    fix: preset='phi-4'\n"
    assert (ended.code, ended.out, ended.err) == (3, "", text)


def test_unreadable_file_is_refused(run, plan_with):
    """A file that the work cannot read is one line, exit code 3."""
    plan_with(refusal=PermissionError(13, "Permission denied", "quota.yaml"))
    ended = run("plan")
    assert (ended.code, ended.err) == (3, "kaito-iac: cannot read or write quota.yaml: Permission denied\n")


def test_render_names_its_files(run, plan_with):
    """`render` prints the files in order; what is no Kubernetes object is reported beside them."""
    planner = plan_with()
    ended = run("render", "prog", "-o", "out", "-c", "a=1")
    assert (ended.code, ended.out) == (0, "out/01-a.yaml\n")
    assert ended.err == "left out, no Kubernetes object: pool (azure-native:x:AgentPool)\n"
    assert planner.asked == {"folder": Path("out")}
    assert planner.begun == Program(Path("prog"), config={"a": "1"})
    assert run("render", "prog", "-o", "out", "--json").json == {
        "files": ["out/01-a.yaml"],
        "leftOut": ["pool (azure-native:x:AgentPool)"],
    }


def test_real_plan_of_the_quickstart(process):
    """The quickstart is planned without a problem by the real process, as text and as JSON."""
    ended = process("plan", str(ROOT), "--json")
    patience = ["", f"planning {ROOT} …\n"]  # a machine may need more than a second
    assert (ended.code, json.loads(ended.out)["problems"]) == (0, [])
    assert ended.err in patience
    text = process("plan", str(ROOT))
    assert text.code == 0
    assert text.err in patience
    assert text.out.endswith("\n")
    assert max(len(line) for line in text.out.splitlines()) <= 80


def test_real_render_of_a_stack(process, tmp_path):
    """A stack's objects are written as files, and each is named."""
    ended = process("render", str(ROOT / "stacks" / "chat-and-docs"), "-o", str(tmp_path / "out"))
    assert ended.code == 0
    assert sorted(ended.out.splitlines()) == sorted(str(path) for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(
            ["--policy-config", "pc.json"],
            "--policy-config: needs --policy-pack, the pack that it configures, or --quota",
            id="a configuration without a pack",
        ),
    ],
)
@pytest.mark.parametrize("command", ["plan", "state x.json"])
def test_options_that_say_nothing_alone(command, options, told, run):
    """An option that is not used without another one is wrong usage, not silence."""
    ended = run(*command.split(), *options)
    assert (ended.code, ended.out) == (2, "")
    assert told in " ".join(ended.err.split()).replace("Invalid value for ", "").replace("'", "")


def test_plans_of_others_without_limits():
    """Plans that are added up for no limit are wrong usage."""
    with pytest.raises(BadParameter) as error:
        together((), None, (Path("plans"),), None)
    assert error.value.message == "needs --quota, the limits with which the plans are compared"


def test_a_stack_without_a_file(run, tmp_path):
    """A stack that is named and has no file is planned with defaults, and a warning says so."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("")
    problems = {
        stack: [
            (one["path"], one["severity"], one["fix"])
            for one in run("plan", str(tmp_path), "-s", stack, "--json").json["problems"]
        ]
        for stack in ("dev", "dve")
    }
    note = ("shop", "info", "create a component in __main__.py, such as kaito.KaitoWorkspace; `kaito-iac init` writes a program")
    assert problems == {"dev": [note], "dve": [note, ("Pulumi.dve.yaml", "warning", "did you mean 'dev'?")]}

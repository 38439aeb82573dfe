"""What is explained of codes: examples provoke them. (tests/architecture/test_codes.py: every code is explained.)"""

from __future__ import annotations

import re

import pytest
import yaml

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment
from kaito_iac.code import CODES
from kaito_iac.explain.code import KEYS, _sentence, code_examples, notes
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program

PROGRAM = re.compile(r"kaito\.\w+\(.*\)")
RUN = {code: note["example"] for code, note in notes().items() if PROGRAM.fullmatch(note.get("example", ""))}
HEAD = "import pulumi\nimport kaito_iac as kaito\n"


def test_notes_are_about_codes() -> None:
    """No note is about a code that there is not, or has a key that nothing reads."""
    assert set(notes()) - set(CODES) == set()
    assert {key for note in notes().values() for key in note} == KEYS


def test_notes_say_nothing_twice() -> None:
    """Reasons and examples of two codes differ."""
    for key in ("why", "example"):
        texts = [note[key] for note in notes().values() if key in note and note[key] not in (RUN.get("KO436"),)]
        assert len(texts) == len(set(texts)), key


@pytest.mark.parametrize("code", sorted(RUN))
def test_program_provokes_its_code(code: str, tmp_path) -> None:
    """A program that is as an example is refused with its code, or planned with it."""
    (tmp_path / "Pulumi.yaml").write_text("name: example\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(f"{HEAD}{RUN[code]}\n")
    assert code in [problem.code for problem in make_plan(Program(tmp_path)).problems]


@pytest.mark.parametrize("code", sorted(code_examples()))
def test_manifest_provokes_its_code(code: str) -> None:
    """A manifest that is as an example gets its code, in the words that are shown."""
    example = code_examples()[code]
    found = judge(yaml.safe_load(example["manifest"]), Environment()).problems
    assert example["message"] in [f"{problem.severity}: {problem.headline}" for problem in found if problem.code == code]


def test_some_programs_are_run() -> None:
    """Enough of the examples are programs that the test above means something."""
    assert len(RUN) > 25


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("remove the label", "Remove the label"),
        ("az login", "az login"),
        ("kubectl get nodes", "kubectl get nodes"),
        ("pulumi up", "pulumi up"),
        ("`max_nodes=3`", "`max_nodes=3`"),
        ("context: leave it out", "context: leave it out"),
    ],
)
def test_commands_and_code_keep_their_case(fix: str, said: str) -> None:
    """A fix begins with a capital, unless it begins with a command or with code."""
    assert _sentence(fix) == said

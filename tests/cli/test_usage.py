"""Wrong usage, unreadable input and defects: one readable line, the right exit code, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param("foo", "kaito-iac: no such command 'foo'; see kaito-iac --help", id="unknown command"),
        pytest.param("fit", "kaito-iac fit: give MODEL, or --models FILE; see kaito-iac fit --help", id="no model"),
        pytest.param(
            "fit phi-4 --size a --all",
            "kaito-iac fit: --size names one size, so --all has no meaning; see kaito-iac fit --help",
            id="one size of all",
        ),
        pytest.param(
            "fit phi-4 --size a --cloud AWS",
            "kaito-iac fit: --size names one size, so --cloud has no meaning; see kaito-iac fit --help",
            id="one size of a cloud",
        ),
        pytest.param(
            "fit phi-4 --models f",
            "kaito-iac fit: --models takes its questions from the file, so MODEL has no meaning; see kaito-iac fit --help",
            id="a model and a file of them",
        ),
        pytest.param(
            "fit --models f --layers 3",
            "kaito-iac fit: --models takes its questions from the file, so facts of a model has no meaning;"
            " see kaito-iac fit --help",
            id="facts and a file",
        ),
        pytest.param(
            "fit phi-4 --weights-gib 3",
            "kaito-iac fit: 'phi-4' is in the catalogue: its facts are known; leave out --weights-gib; see kaito-iac fit --help",
            id="facts of a known model",
        ),
        pytest.param(
            "fit me/mine --weights-gib 3 --heads 4",
            "kaito-iac fit: a model outside the catalogue also needs --bytes-per-token, --max-context; see kaito-iac fit --help",
            id="half of the facts",
        ),
        pytest.param(
            "fit me/mine --weights-gib nan --bytes-per-token 1 --max-context 1",
            "kaito-iac fit: invalid value for --weights-gib: nan is not above 0 and at most 1125899906842624;"
            " see kaito-iac fit --help",
            id="facts that are no facts",
        ),
        pytest.param(
            "models phi-4 --tunable",
            "kaito-iac models: a NAME cannot be combined with a filter; see kaito-iac models --help",
            id="name and filter",
        ),
        pytest.param(
            "sizes --cloud gcp",
            "kaito-iac sizes: invalid value for '--cloud': 'gcp' is none of azure, aws, arc; see kaito-iac sizes --help",
            id="unknown cloud",
        ),
        pytest.param(
            "presets --kind chat",
            "kaito-iac presets list: invalid value for '--kind': 'chat' is none of inference, tuning, rag;"
            " see kaito-iac presets list --help",
            id="unknown kind",
        ),
        pytest.param(
            "plan -c a=1 -c a=2",
            "kaito-iac plan: invalid value for --config: 'a' is given twice; see kaito-iac plan --help",
            id="key twice",
        ),
        pytest.param(
            "plan -c =1",
            "kaito-iac plan: invalid value for --config: '=1' is no KEY=VALUE; see kaito-iac plan --help",
            id="no key",
        ),
    ],
)
def test_wrong_usage(command, said, run):
    """Wrong usage says on one line what is wrong and where help is, with exit code 2 and nothing on stdout."""
    ended = run(*command.split())
    assert (ended.code, ended.out, ended.err) == (2, "", f"{said}\n")


@pytest.mark.parametrize(
    "command", ["fit --nope", "fit --size", "fit phi-4 --context many", "render", "presets check", "models a b"]
)
def test_wrong_usage_in_the_parsers_words(command, run):
    """What the option parser refuses is one line with exit code 2 as well; its words belong to click."""
    ended = run(*command.split())
    assert (ended.code, ended.out, ended.err.count("\n"), ended.err[:9]) == (2, "", 1, "kaito-iac")
    assert ended.err.endswith("--help\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param("fit --models nope.jsonl", "kaito-iac: cannot read nope.jsonl: No such file or directory", id="no file"),
        pytest.param("fit --models tests", "kaito-iac: cannot read tests: Is a directory", id="folder"),
        pytest.param("presets --folder nope", "kaito-iac: nope is no folder", id="no folder"),
    ],
)
def test_unreadable_input(command, said, run):
    """Input that cannot be read is reported on one line with exit code 3."""
    ended = run(*command.split())
    assert (ended.code, ended.out, ended.err) == (3, "", f"{said}\n")


def test_file_name_with_control_characters(run):
    """A name from outside never reaches the terminal raw."""
    ended = run("fit", "--models", "a\x1b[31m\u202eb")
    assert ended.err == "kaito-iac: cannot read a\\x1b[31m\\u202eb: No such file or directory\n"
    ended = run("models", "a\x1b]0;x\x07\n\x9b")
    assert ended.err.splitlines()[1].startswith("  name: 'a\\x1b]0;x\\x07\\n\\x9b' is not a model")


def broken(*arguments: object, **options: object) -> None:
    raise ValueError("first line\nsecond \x1b line")


def test_defect_is_one_line(run, monkeypatch):
    """An unexpected exception says what to report on one line, with exit code 70."""
    monkeypatch.setattr("kaito_iac.cli.model_list.list_models", broken)
    ended = run("models")
    line = "kaito-iac: defect of kaito-iac: ValueError: first line second \\x1b line; please report this line, the command,"
    assert (ended.code, ended.out, ended.err) == (70, "", f"{line} and what it prints with KAITO_IAC_DEBUG=1\n")


def test_defect_shows_its_traceback_when_asked(run, monkeypatch):
    """KAITO_IAC_DEBUG=1 shows the traceback before that line."""
    monkeypatch.setattr("kaito_iac.cli.model_list.list_models", broken)
    monkeypatch.setenv("KAITO_IAC_DEBUG", "1")
    ended = run("models")
    assert ended.code == 70
    assert ended.err.startswith("Traceback (most recent call last):\n")


def test_interrupt_in_a_command(run, monkeypatch):
    """Ctrl-C ends with one word and exit code 130."""

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kaito_iac.cli.model_list.list_models", interrupted)
    ended = run("models")
    assert (ended.code, ended.out, ended.err) == (130, "", "kaito-iac: interrupted\n")


def test_exit_codes_are_unique():
    """No exit code is used for two things, and each says what it means."""
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 70, 74, 130, 141]
    assert max(Counter(code.meaning for code in ExitCode).values()) == 1


def test_exit_codes_are_plain_numbers():
    """`main` gives numbers, as the console script hands them to the shell."""
    assert type(main(["models", "phi-4", "--json"])) is int


def test_version(run):
    """`--version` says what runs."""
    ended = run("--version")
    assert (ended.code, ended.out.split(" ")[0].rstrip(","), ended.err) == (0, "kaito-iac", "")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        pytest.param(
            ["fit", "phi-4", "--size", "g6.xlarge", "--json"],
            {"rich", "pulumi", "pydantic", "yaml", "kaito_iac.presets"},
            id="fit as JSON",
        ),
        pytest.param(["models", "--json"], {"rich", "pulumi", "pydantic", "yaml", "kaito_iac.sizing"}, id="models as JSON"),
        pytest.param(["models"], {"pulumi", "yaml", "kaito_iac.sizing"}, id="models"),
        pytest.param(["presets"], {"pulumi"}, id="presets"),
        pytest.param(["plan", str(ROOT), "--json"], {"rich", "pulumi", "pydantic", "grpc"}, id="plan without packs and quota"),
    ],
)
def test_start_loads_no_more_than_it_needs(arguments, heavy):
    """A command does not import what it does not use: start-up is most of its time."""

    def loaded(code: str) -> set[str]:
        code = f"import sys; {code}; print(*sys.modules, file=sys.stderr)"
        return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split())

    assert loaded(f"from kaito_iac.cli.main import main; main({arguments!r})") & heavy == set()

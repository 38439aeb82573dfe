"""An option that switches nothing on is an error: an empty value is what an unset variable leaves."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from kaito_iac.cli.app import app
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        elif found is not None:
            yield (*path, name), found


AHEAD = '{"schema": 1, "project": "other", "stack": "dev", "made": "2999-01-01", "complete": true, "demands": []}'


def cases() -> Iterator[object]:
    for words, command in commands(app):
        folder = ["."] if any(one.name == "program" and one.required for one in command.params) else []
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag and option.opts:
                name = next(one for one in option.opts if one.startswith("--"))
                useless = ["", " "]
                if option.metavar == "FILE":
                    useless += [".", "./", "/", ".."]
                for value in useless:
                    yield pytest.param([*words, *folder], name, value, id=f"{' '.join(words)} {name} {value!r}")


@pytest.mark.parametrize(("words", "name", "value"), list(cases()))
def test_useless_value(words, name, value, capsys):
    """Every option of every command refuses an empty value, and a folder in the place of a file, as wrong usage."""
    assert main([*words, name, value]) == ExitCode.USAGE
    assert name in capsys.readouterr().err


def arguments() -> Iterator[object]:
    for words, command in commands(app):
        if any(isinstance(one, click.Argument) for one in command.params):
            for value in ("", " "):
                yield pytest.param(words, value, id=f"{' '.join(words)} {value!r}")


@pytest.mark.parametrize(("words", "value"), list(arguments()))
def test_useless_argument(words, value, capsys):
    """Every command refuses an empty argument as wrong usage, before it reads or asks anything."""
    assert main([*words, value]) == ExitCode.USAGE
    assert "it is empty" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["plan", "."], ["state", "state.json"], ["report", "render", "--events", "events.json"]])
@pytest.mark.parametrize(
    ("option", "name", "text", "code"),
    [
        ("--quota", "quota.yaml", None, "KQ103"),
        ("--quota", "quota.yaml", "- no mapping", "KQ103"),
        ("--ledger", "plans", None, "KQ112"),
        ("--ledger", "plan.json", "{}", "KQ112"),
        ("--ledger", "deep/below/plan.JSON", "{}", "KQ112"),
        ("--ledger", "n" * 5000, None, "KQ112"),
        ("--ledger", "ahead.json", AHEAD, "KQ112"),
    ],
)
def test_unreadable_gate(tmp_path, monkeypatch, capsys, command, option, name, text, code):
    """A quota file or a plan of another stack that cannot be read ends every command before anything is judged."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    given = name.partition("/")[0]
    assert main([*command, option, given]) == ExitCode.REFUSED
    assert f"[{code}]" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--quota", "--prices", "--ledger"])
def test_names_that_the_system_refuses(tmp_path, option, capsys):
    """A name that is longer than the system takes is one line and exit code 3, not a defect."""
    assert main(["plan", str(tmp_path), option, "n" * 5000]) == ExitCode.REFUSED
    told = capsys.readouterr().err
    assert "File name too long" in told
    assert "defect" not in told


@pytest.mark.parametrize("text", [None, "- no mapping"])
def test_unreadable_prices(tmp_path, monkeypatch, capsys, text):
    """Prices that cannot be read are not list prices: the command ends before anything is judged."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "prices.yaml").write_text(text)
    for command in (["plan", "."], ["report", "render", "--events", "events.json"], ["fit", "phi-4"]):
        assert main([*command, "--prices", "prices.yaml"]) == ExitCode.REFUSED
        assert "[KQ113]" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "<html>log in</html>", "[1]", '{"gpu-budget": {}, "gpu-budget": {}}', "{"])
@pytest.mark.parametrize(
    "command",
    [
        ["plan", ".", "-p", "gpu-quota"],
        ["state", "state.json", "-p", "gpu-quota"],
        ["report", "run", ".", "-p", "gpu-quota"],
        ["plan", ".", "--quota", "quota.yaml"],
        ["report", "render", "--events", "events.json", "--quota", "quota.yaml"],
    ],
    ids=" ".join,
)
def test_unreadable_policy_configuration(tmp_path, monkeypatch, capsys, command, text):
    """A configuration of packs that cannot be read ends every command before anything is judged: exit code 3."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quota.yaml").write_text("date: 2026-11-20\nlimits: []\n")
    if text is not None:
        (tmp_path / "policy.json").write_text(text)
    assert main([*command, "--policy-config", "policy.json"]) == ExitCode.REFUSED
    assert "policy.json: " in (shown := " ".join(capsys.readouterr().err.split()))
    assert "[KO485]" in shown


@pytest.mark.parametrize("value", ["s" * 101, "a/b/c/d", "../prod", "prod!", "\u202eprod"])
def test_names_of_stacks(tmp_path, value, capsys):
    """What Pulumi takes for no stack is wrong usage, not a stack without configuration.

    Source: sdk/go/common/tokens/stack_name.go of pulumi.
    """
    assert main(["plan", str(tmp_path), "--stack", value]) == ExitCode.USAGE
    assert "is no name of a stack" in capsys.readouterr().err


def test_a_ledger_with_too_many_files(tmp_path, monkeypatch, capsys):
    """A ledger that is no ledger, such as a whole disk, is not walked to its end."""
    monkeypatch.setattr("kaito_iac.quota.ledger._MOST_FILES", 3)
    for index in range(4):
        (tmp_path / f"{index}.txt").touch()
    assert main(["state", "state.json", "--ledger", str(tmp_path)]) == ExitCode.REFUSED
    assert "more than 3 files and folders; expected plans [KQ112]" in capsys.readouterr().err


def test_a_pack_that_is_not_there(tmp_path, capsys):
    """A plan whose policy pack cannot be asked is not judged: exit code 3, as for any gate that cannot check."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("")
    assert main(["plan", str(tmp_path), "--policy-pack", str(tmp_path / "gone")]) == ExitCode.REFUSED
    assert "folder of a policy pack [KO484]" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("minutes", ["nan", "inf", "1e308", "-1", "0", "10081"])
@pytest.mark.parametrize("command", ["plan", "render", "images"])
def test_times_that_bound_nothing(command, minutes, tmp_path, capsys):
    """A time that no clock reaches, or that is none, is wrong usage before the program runs."""
    assert main([command, str(tmp_path), "--timeout", minutes]) == ExitCode.USAGE
    assert "--timeout" in capsys.readouterr().err


def variables() -> Iterator[object]:
    for words, command in commands(app):
        needed = ["x" if isinstance(one, click.Argument) else f"{one.opts[-1]}=x" for one in command.params if one.required]
        for option in command.params:
            if isinstance(option, click.Option) and option.envvar:
                yield pytest.param([*words, *needed], str(option.envvar), id=f"{' '.join(words)} {option.envvar}")


@pytest.mark.parametrize(("words", "name"), list(variables()))
@pytest.mark.parametrize("value", ["", " "])
def test_useless_variable(words, name, value, monkeypatch, capsys):
    """A variable that is empty, as a CI system leaves what it does not know, is wrong usage, and no default is taken for it."""
    monkeypatch.setenv(name, value)
    assert main(words) == ExitCode.USAGE
    words_of_it = (f"the environment variable {name} is empty; give it a value, or unset it", "it is empty; give a path")
    shown = capsys.readouterr().err
    assert any(one in shown for one in words_of_it[: 2 if value else 1])


def test_an_option_stands_above_an_empty_variable(monkeypatch, capsys):
    """What is given to an option is taken, whatever its variable holds."""
    monkeypatch.setenv("KAITO_IAC_CLOUD", "")
    assert main(["sizes", "--cloud", "azure"]) == ExitCode.OK


@pytest.mark.parametrize(
    "words",
    [
        ("check", "-"),
        ("state", "-"),
        ("fit", "--models", "-"),
        ("plan", "--events", "-"),
        ("report", "render", "--events", "-"),
        ("report", "merge", "-"),
        ("quota", "import", "-", "-o", "q.yaml"),
        ("quota", "running", "-"),
    ],
    ids=" ".join,
)
def test_closed_standard_input(words, tmp_path, monkeypatch, capsys):
    """A standard input that is closed is no empty file: nothing was judged, which is exit code 3."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    assert main(words) == ExitCode.REFUSED
    assert "closed" in "".join(capsys.readouterr())


def test_convert_of_a_closed_standard_input(monkeypatch, capsys):
    """A program of nothing is not written."""
    monkeypatch.setattr("sys.stdin", None)
    assert main(["convert", "-"]) in (ExitCode.REFUSED, ExitCode.PROBLEMS)
    assert "standard input is closed" in "".join(capsys.readouterr())

"""A stack program runs in a process of its own: however it ends, the command has a result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.rehearsal import rehearse
from kaito_iac.planning.request import Program

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[2]
LEFT = "remove os._exit, and other code that ends the process"


@pytest.mark.parametrize(
    ("source", "found", "fix"),
    [
        pytest.param(
            "import os; os._exit(0)",
            "its process left with exit code 0 before the program came to its end",
            LEFT,
            id="os._exit",
        ),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "its process was ended by SIGKILL before the program came to its end",
            "look for what sends the signal: the program, its memory limit, another process",
            id="a signal",
        ),
    ],
)
def test_program_that_ends_its_process(source, found, fix, program) -> None:
    """A process that ends before the program does is reported, with how it ended."""
    folder = program(source)
    with pytest.raises(Refusal) as caught:
        rehearse(Program(folder))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.found, problem.fix) == ("KO486", str(folder), found, fix)
    assert problem.accepted == "a program that runs to its end"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import atexit, os; atexit.register(os._exit, 0)", id="an exit handler that ends the process"),
        pytest.param("import os\nif os.fork() == 0: pass", id="a copy of the process that runs on"),
        pytest.param("import sys; sys.stdout.close(); sys.stderr.close()", id="closed streams"),
        pytest.param("import subprocess; subprocess.Popen(['sleep', '5'])", id="a program started and left alone"),
        pytest.param(
            "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", id="a daemon thread"
        ),
    ],
)
def test_program_that_comes_to_its_end(source, program) -> None:
    """What a program does beside its resources, or after them, does not touch the recording."""
    rehearsal = rehearse(Program(program(f"Thing('a')\n{source}")))
    assert ([found.name for found in rehearsal.recording.resources], list(rehearsal.problems())) == (["demo-dev", "a"], [])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("import asyncio\nraise asyncio.CancelledError", "asyncio.exceptions.CancelledError", id="a cancellation"),
        pytest.param("raise GeneratorExit", "GeneratorExit", id="GeneratorExit"),
        pytest.param(
            "raise BaseExceptionGroup('two', [SystemExit(), ValueError()])",
            "BaseExceptionGroup: two (2 sub-exceptions)",
            id="a group",
        ),
        pytest.param("class Own(BaseException): ...\nraise Own('x')", "Own: x", id="a class of its own"),
        pytest.param(
            "class Odd(Exception):\n    def __str__(self): raise ValueError\nraise Odd",
            "Odd: <exception str() failed>",
            id="an error without a text",
        ),
        pytest.param("class Odd(Exception):\n    problems = 5\nraise Odd('x')", "Odd: x", id="an error with odd problems"),
        pytest.param("import sys\nsys.setrecursionlimit(1)", "RecursionError", id="a recursion limit"),
    ],
)
def test_whatever_is_raised_is_the_result(source, message, program) -> None:
    """Whatever a program raises is one problem, with the line of the program."""
    (problem,) = rehearse(Program(program(source))).problems()
    assert problem.code == "KS108"
    assert message in problem.found.splitlines()[-1].removeprefix("__main__.")
    assert problem.found.startswith("Traceback (most recent call last):\n")


def test_thread_that_never_ends_is_told(program) -> None:
    """A thread that goes on is a warning: the real run would wait for it."""
    source = "import threading, time; threading.Thread(target=time.sleep, args=(600,), name='watch').start(); Thing('a')"
    (problem,) = rehearse(Program(program(source))).problems()
    assert problem.text(indent="") == (
        "warning: demo: the thread 'watch' still runs after the program; `pulumi up` waits for it [KO488]"
    )


def test_lines_the_program_logs_are_told(program) -> None:
    """Warnings and errors are shown; what is only worth knowing is not."""
    source = "pulumi.log.info('one'); pulumi.log.warn('two', Thing('a')); pulumi.log.error('three')"
    found = [problem.text(indent="") for problem in rehearse(Program(program(source))).problems()]
    assert found == ["demo: three [KO488]", "warning: a: two [KO488]"]


def test_program_that_takes_too_long(program) -> None:
    """The time limit ends the program and everything it has started."""
    folder = program("import subprocess, time; print(subprocess.Popen(['sleep', '77.25']).pid); time.sleep(60)")
    with pytest.raises(Refusal) as caught:
        rehearse(Program(folder, minutes=0.05))
    (problem,) = caught.value.problems
    fix = "look for a loop, a wait or a thread that never ends, or give it longer with --timeout MINUTES"
    assert (problem.code, problem.found, problem.fix) == ("KO486", "still runs after 0.05 minutes", fix)
    assert not _running("sleep", "77.25")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_command_that_is_ended_leaves_no_process(number, program) -> None:
    """Whatever ends the command ends the program too, and what that has started."""
    seconds = f"88.{int(number)}"
    folder = program(f"import subprocess; open('begun', 'w').close(); subprocess.run(['sleep', '{seconds}'])")
    command = [sys.executable, "-m", "kaito_iac.cli.main", "plan", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert _within(60, (folder / "begun").exists)
        assert _within(10, lambda: _running("sleep", seconds))
        started.send_signal(number)
        out, err = started.communicate(timeout=90)
    assert out == b""
    if number == signal.SIGINT:
        assert (started.returncode, err.splitlines()[-1]) == (130, b"kaito-iac: interrupted")
    assert _within(10, lambda: not _running("sleep", seconds))


def test_program_has_nothing_to_read(program) -> None:
    """A program that asks learns at once that no one answers."""
    (problem,) = rehearse(Program(program("input()"))).problems()
    assert problem.found.splitlines()[-1] == "EOFError: EOF when reading a line"


def test_own_environment_without_the_package(program, tmp_path) -> None:
    """A project whose environment lacks kaito-iac is refused, with what to install."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "own")], check=True)
    manifest = "name: demo\nruntime: {name: python, options: {virtualenv: own}}\n"
    with pytest.raises(Refusal) as caught:
        rehearse(Program(program("", manifest=manifest)))
    (problem,) = caught.value.problems
    python = tmp_path / "own" / "bin" / "python"
    assert (problem.code, problem.found, problem.fix) == (
        "KO487",
        f"kaito-iac is not installed in the environment that Pulumi.yaml names ({python})",
        f"install it there: {python} -m pip install 'kaito-iac @ git+https://example.com/kaito-iac'",
    )


def test_own_environment_runs_the_program(program, tmp_path) -> None:
    """The environment that the project names runs it: what is installed there can be imported."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "own")], check=True)
    (packages,) = (tmp_path / "own" / "lib").glob("python*/site-packages")
    paths = [ROOT, *(path for path in sys.path if path.endswith("site-packages"))]
    (packages / "others.pth").write_text("".join(f"{path}\n" for path in paths))
    (packages / "only_there.py").write_text("NAME = 'there'\n")
    manifest = "name: demo\nruntime: {name: python, options: {virtualenv: own}}\n"
    rehearsal = rehearse(Program(program("import only_there; Thing(only_there.NAME)", manifest=manifest)))
    assert [found.name for found in rehearsal.recording.resources] == ["demo-dev", "there"]


def test_environment_that_does_not_exist(program) -> None:
    """An environment that was not made yet keeps no one from planning: the Python of the command is in."""
    manifest = "name: demo\nruntime: {name: python, options: {virtualenv: own}}\n"
    rehearsal = rehearse(Program(program("Thing('a')", manifest=manifest)))
    assert [found.name for found in rehearsal.recording.resources] == ["demo-dev", "a"]


def test_process_that_judges_loads_no_sdk(program) -> None:
    """A plan loads neither the SDK nor the program into the process of the command."""
    folder = program("Thing('a')")
    code = (
        "import sys, json; from kaito_iac.cli.main import main; code = main(['plan', sys.argv[1], '--json'])\n"
        "print(json.dumps([code, sorted({'pulumi', 'grpc', 'google.protobuf'} & set(sys.modules))]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr.splitlines()[-1]) == [0, []]


def _running(*command: str) -> bool:
    """Return whether a process with this command line exists."""
    wanted = "\0".join(command) + "\0"
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if entry.read_bytes().decode() == wanted:
                return True
        except (OSError, UnicodeDecodeError):
            continue
    return False


def _within(seconds: float, holds) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_working_directory_that_is_gone(tmp_path) -> None:
    """A command in a folder that was deleted says so."""
    code = "import os, sys; gone = sys.argv.pop(1); os.mkdir(gone); os.chdir(gone); os.rmdir(gone)\n"
    code += "from kaito_iac.cli.main import main; sys.exit(main(sys.argv[1:]))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(tmp_path / "gone"), "plan", "."]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = "kaito-iac: the working directory no longer exists; change to one that does\n"
    assert (ended.returncode, ended.stdout, ended.stderr.replace("planning . …\n", "")) == (3, "", said)

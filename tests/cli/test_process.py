"""The command as a real process: streams, pipes, terminals, signals."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = b'{"model": "phi-4", "size": "Standard_NC24ads_A100_v4"}\n'


def read_terminal(started, *arguments: str, env: dict[str, str] | None = None) -> str:
    """Return what a command shows on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    running = started(*arguments, stdout=theirs, env={"TERM": "xterm", "COLUMNS": "80", **(env or {})})
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # Linux: the other side is closed
        pass
    running.communicate(timeout=30)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def test_answer_and_talk_are_apart(process):
    """The answer is on stdout alone, everything else on stderr alone."""
    ended = process("fit", "--models", "-", stdin=GOOD)
    assert json.loads(ended.out)["nodes"] == 1
    assert (ended.code, ended.err) == (0, "1 question, none with errors\n")


def test_without_a_terminal_there_is_no_colour(process):
    """A pipe gets no escape sequence, and 80 columns."""
    ended = process("models", env={"FORCE_COLOR": "1"})
    assert "\x1b" not in ended.out
    assert max(len(line) for line in ended.out.splitlines()) <= 80


def test_terminal_gets_colours(started):
    """A terminal gets a bold heading."""
    assert "\x1b[1m" in read_terminal(started, "models", "--family", "phi")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "a dumb terminal"])
def test_terminal_without_colours(env, started, process):
    """NO_COLOR and a dumb terminal get exactly what a pipe gets."""
    assert read_terminal(started, "models", "--family", "phi", env=env) == process("models", "--family", "phi").out


def test_answers_come_as_questions_do(started):
    """Each answer is written before the next question is read; Ctrl-C then ends quietly with exit code 130."""
    running = started("fit", "--models", "-")
    for _ in range(3):
        running.stdin.write(GOOD)
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["model"] == "microsoft/phi-4"
    running.send_signal(signal.SIGINT)
    running.wait(timeout=30)
    assert (running.returncode, running.stderr.read()) == (130, b"kaito-iac: interrupted\n")
    for stream in (running.stdin, running.stdout, running.stderr):
        stream.close()


def test_broken_pipe_is_quiet(started, tmp_path):
    """When the reader stops, as `head` does, the command ends without a word."""
    path = tmp_path / "asked.jsonl"
    path.write_bytes(GOOD * 5000)
    running = started("fit", "--models", str(path))
    running.stdout.readline()
    running.stdout.close()
    running.wait(timeout=30)
    assert (running.returncode, running.stderr.read()) == (141, b"")
    running.stdin.close()
    running.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_is_told(started):
    """Output that cannot be written is reported, with an exit code of its own."""
    with open("/dev/full", "w") as full:
        running = started("models", "--json", stdout=full)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (74, b"kaito-iac: cannot write the output: No space left on device\n")


def closed(started, streams: str) -> tuple[int, bytes]:
    running = started("models", "phi-4", preexec_fn=lambda: [os.close(int(number)) for number in streams])
    _, said = running.communicate(timeout=30)
    return running.returncode, said


def test_closed_stdout_is_told(started):
    """A closed stdout loses no answer silently."""
    assert closed(started, "1") == (74, b"kaito-iac: cannot write the output: stdout is closed\n")


def test_closed_stderr_is_no_error(started):
    """No one listening to the talk does not matter."""
    assert closed(started, "2") == (0, b"")


def test_encoding_without_the_character(process, tmp_path):
    """What an encoding lacks is written out, not refused."""
    (tmp_path / "wide.yaml").write_text(
        "kind: rag\nname: wide\nembedding: größe-模型\nwhy: Names with letters that ASCII does not have.\n"
    )
    ended = process("presets", "wide", "--folder", str(tmp_path), env={"PYTHONIOENCODING": "ascii"})
    assert ended.code == 0
    assert "gr\\xf6\\xdfe-\\u6a21\\u578b" in ended.out


def test_argument_that_is_no_text(started):
    """An argument of bytes that are no text is reported like any other wrong name."""
    running = started(os.fsdecode(b"models"), os.fsdecode(b"ph\xff"))
    out, said = running.communicate(timeout=30)
    assert (running.returncode, out) == (1, b"")
    assert b"name: 'ph\\udcff' is not a model" in said


def test_long_work_is_told_once_where_nobody_watches(started, tmp_path):
    """Work of more than a second says so: one line where stderr is no terminal."""
    running = started("fit", "--models", "-")
    running.stdin.write(GOOD)
    running.stdin.flush()
    running.stdout.readline()
    for pause in (1.1, 0.3):
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(timeout=pause)
        running.stdin.write(GOOD)
        running.stdin.flush()
        running.stdout.readline()
    _, said = running.communicate(timeout=30)
    first, last = said.decode().splitlines()
    assert first in ("questions answered: 1 so far, more to come", "questions answered: 2 so far, more to come")
    assert last == "3 questions, none with errors"


def test_broken_pipe_of_the_help_is_quiet(started):
    """Help that no one reads is no error either."""
    ours, theirs = os.pipe()
    os.close(ours)
    running = started("--help", stdout=theirs)
    _, said = running.communicate(timeout=30)
    os.close(theirs)
    assert (running.returncode, said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_short_answer_on_a_full_disk_is_told(started):
    """A short answer, still buffered when the disk is full, is reported once."""
    with open("/dev/full", "w") as full:
        running = started("fit", "phi-4", "--size", "g6.xlarge", "--json", stdout=full)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (74, b"kaito-iac: cannot write the output: No space left on device\n")


@pytest.mark.parametrize(
    "words", [("convert", "w.yaml", "-o", "made"), ("render", ".", "-o", "made"), ("init", "quickstart", "-o", "made")]
)
def test_where_no_file_can_be_written(words, tmp_path):
    """Where the system lets nothing be written, not even a temporary file, that is one line and exit code 3, and no defect."""
    (tmp_path / "w.yaml").write_text(
        "apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {name: chat}\n"
        "resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {app: chat}}}\n"
        "inference: {preset: {name: phi-4-mini-instruct}}\n"
    )
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import kaito_iac\nkaito_iac.KaitoNamespace('chat')\n")
    script = 'ulimit -f 0; exec "$@"'
    ended = subprocess.run(
        ["bash", "-c", script, "bash", sys.executable, "-m", "kaito_iac.cli.main", *words],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
    )
    told = ended.stderr.decode().strip().splitlines()[-1]
    assert (ended.returncode, "defect" in told, "None" in told) == (3, False, False), told
    assert not list(tmp_path.glob("made/**/*.*"))

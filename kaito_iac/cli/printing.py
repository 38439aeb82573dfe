"""Prints replies: the answer on stdout, everything else on stderr."""

from __future__ import annotations

import sys

from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.invocation import details, quiet
from kaito_iac.cli.reply import Reply, json_text
from kaito_iac.cli.terminal import page_of
from kaito_iac.secrecy import KNOWN


class Unwritable(Exception):
    """Report that the output could not be written, and why."""


class ReaderGone(Exception):
    """Report that the reader of the output stopped reading."""


def write(text: str) -> None:
    """Write a piece of the answer to stdout at once: known secrets masked, what a terminal obeys written out."""
    _write(escape.printed(KNOWN.masked(text), color=page_of(sys.stdout).color))


def _write(text: str) -> None:
    if sys.stdout is None:
        raise Unwritable("stdout is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGone from error
    except OSError as error:
        raise Unwritable(error.strerror or str(error)) from error


def say(message: str) -> None:
    """Report a line to the user, on stderr, known secrets masked; a closed stream is no error."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"{KNOWN.masked(escape.lines(message))}\n")
            sys.stderr.flush()
        except OSError:
            pass


def note(message: str) -> None:
    """Report a line that no answer depends on; --quiet silences it."""
    if not quiet():
        say(message)


def emit(reply: Reply, *, as_json: bool) -> ExitCode:
    """Print a reply and return its exit code."""
    if as_json:
        data = reply.data() if callable(reply.data) else reply.data
        _write(json_text(KNOWN.masked_data(data) if KNOWN else data) + "\n")
    else:
        write(reply.text(page_of(sys.stdout)))
    if reply.problems:
        say(escape.problems(reply.title, reply.problems))
    for line in reply.talk:
        note(escape.line(line))
    for line in details():
        say(escape.line(line))
    return reply.code

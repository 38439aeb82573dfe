"""The entry point: runs a command and turns whatever happens into an exit code and one readable line."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.secrecy import KNOWN

PROGRAM = "kaito-iac"
"""What the command is called."""
_OBJECTS = 100_000
"""Objects made before Python looks for cycles: our records have none, and looking at them takes a tenth of the time."""
_NO_DEFECT = frozenset(
    (
        *(errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ELOOP, errno.EMFILE, errno.ENAMETOOLONG, errno.ENFILE),
        *(errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS),
    )
)
"""Reasons why a system refuses a file, which no check of ours can know before."""
_SHOWN = 100
_COMPLETION = "_KAITO_IAC_COMPLETE"
"""A shell sets it to ask for completions, or for the script that does: see docs/reference/cli.md."""


def command() -> int:
    """Run the command line as the only thing its process does."""
    gc.set_threshold(_OBJECTS)
    code = main()
    gc.freeze()  # Python looks for cycles when it ends, and what it would find is not needed
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; no exception leaves it."""
    KNOWN.clear()
    KNOWN.add_environment(os.environ)
    try:
        _prepare()
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return int(code)
    except KeyboardInterrupt:
        _tell("interrupted")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return int(_stop_writing(ExitCode.BROKEN_PIPE))
    except Exception as error:
        return _nowhere(error) or _refused_by_system(error) or _defect(error)


def _prepare() -> None:
    """Make sure that any text can be written: what an encoding lacks is written out."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")
    from kaito_iac.cli.terminal import PLAINLY

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=PLAINLY)


def _run(arguments: list[str]) -> ExitCode:
    from click import Abort, UsageError
    from click.exceptions import Exit

    from kaito_iac.cli.app import app
    from kaito_iac.cli.printing import ReaderGone, Unwritable
    from kaito_iac.cli.reply import Refused

    if _COMPLETION in os.environ:
        app.main(arguments, PROGRAM, complete_var=_COMPLETION, standalone_mode=False)
        return ExitCode.OK
    try:
        with app.make_context(PROGRAM, arguments) as context:
            result = app.invoke(context)
    except UsageError as error:
        return _misused(error)
    except Refused as error:
        return _refused(error)
    except Unwritable as error:
        _tell(f"cannot write the output: {error}")
        return _stop_writing(ExitCode.UNWRITABLE)
    except ReaderGone:
        return _stop_writing(ExitCode.BROKEN_PIPE)
    except Abort as error:
        raise KeyboardInterrupt from error
    except Exit:
        return ExitCode.OK
    return result if isinstance(result, ExitCode) else ExitCode.OK


def _misused(error: Exception) -> ExitCode:
    """Report on one line what is wrong with the call."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    message = str(getattr(error, "format_message", lambda: error)()).strip().rstrip(".")
    message = message.removeprefix("Invalid value: ").replace(
        "is not a valid integer", "is no whole number; give one such as 16384"
    )
    _tell(f"{message[:1].lower()}{message[1:]}; see {command} --help", command)
    return ExitCode.USAGE


def _refused(error: Exception) -> ExitCode:
    from kaito_iac.cli import escape

    problems = getattr(error, "problems", ())
    message = getattr(error, "message", str(error))
    if problems:
        print(KNOWN.masked(escape.problems(message, problems)), file=sys.stderr)
    else:
        _tell(message)
    return ExitCode.REFUSED


def _nowhere(error: Exception) -> int:
    """Report that the working directory is gone, when that is what an error means; 0: it is not."""
    if not isinstance(error, FileNotFoundError):
        return 0
    try:
        os.getcwd()
    except FileNotFoundError:
        _tell("the working directory no longer exists; change to one that does")
        return int(ExitCode.REFUSED)
    return 0


def _refused_by_system(error: Exception) -> int:
    """Report a file that the system refuses whatever we do, such as one whose name is too long; 0: it is something else."""
    if isinstance(error, OSError) and "No usable temporary directory" in str(error):
        _tell("no folder for temporary files can be written; free some space, or name another folder by TMPDIR")
        return int(ExitCode.REFUSED)
    if not isinstance(error, OSError) or error.errno not in _NO_DEFECT or not isinstance(error.filename, str | bytes):
        return 0
    name = os.fsdecode(error.filename)
    shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
    _tell(f"cannot read or write {shown}: {error.strerror}")
    return int(ExitCode.REFUSED)


def _defect(error: Exception) -> int:
    """Report on one line that kaito-iac itself is at fault, and what to report; KAITO_IAC_DEBUG=1 adds the traceback."""
    if os.environ.get("KAITO_IAC_DEBUG") == "1":
        from traceback import format_exception

        print(KNOWN.masked("".join(format_exception(error))), end="", file=sys.stderr)
    message = KNOWN.masked(" ".join(str(error).split()))
    what = f"{type(error).__name__}: {message[:200]}" if message else type(error).__name__
    _tell(f"defect of kaito-iac: {what}; please report this line, the command, and what it prints with KAITO_IAC_DEBUG=1")
    return int(ExitCode.INTERNAL)


def _stop_writing(code: ExitCode) -> ExitCode:
    """Return up the streams: what is still buffered goes nowhere, and Python does not complain about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError, AttributeError):
            continue
    os.close(nowhere)
    return code


def _tell(message: str, command: str = PROGRAM) -> None:
    from kaito_iac.cli.escape import line

    try:
        print(KNOWN.masked(f"{line(command)}: {line(message)}"), file=sys.stderr, flush=True)
    except OSError:
        pass


if __name__ == "__main__":
    sys.exit(command())

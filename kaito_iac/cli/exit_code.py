"""Every way a command can end, as the number the shell sees."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class ExitCode(IntEnum):
    """The exit codes of the command line; none is used for two things."""

    meaning: str
    """What the code says, as a sentence."""

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """Make a code with its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    OK = 0, "Done; there may be warnings."
    PROBLEMS = 1, "Done, and at least one problem of severity error was found."
    USAGE = 2, "The command was called in a way it does not understand; nothing was done."
    REFUSED = 3, "What it was given cannot be read or run."
    LATE = 4, "Not ready in time, without a cause that rules it out."
    INTERNAL = 70, "A defect of kaito-iac itself; `KAITO_IAC_DEBUG=1` shows where."
    UNWRITABLE = 74, "The output could not be written, such as on a full disk."
    INTERRUPTED = 130, "Stopped by the user."
    BROKEN_PIPE = 141, "The reader of the output stopped reading, as `head` does; nothing is printed."

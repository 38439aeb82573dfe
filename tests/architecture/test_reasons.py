"""What switches a checker off, or casts a type, says why on its line or the one above."""

from __future__ import annotations

import re
from typing import Any

OFF = re.compile(r"# (?:type: ignore\[[\w, -]+\]|noqa: [A-Z0-9, ]+)(?P<why>.*)$")
CAST = re.compile(r"\bcast\(")


def unreasoned(path: str, text: str) -> list[str]:
    """Return the lines of a module that switch something off without a reason."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        off = OFF.search(line)
        above = lines[number - 2].strip() if number > 1 else ""
        explained = above.startswith("#") or (off is not None and len(off["why"].strip(" #")) > 10)
        bare = re.search(r"# type: ignore(?!\[)|# noqa(?!:)", line) is not None
        cast = CAST.search(line) is not None and "import" not in line and re.search(r"#\s*\S{2,}", line) is None
        if bare or (off is not None and not explained) or (cast and not above.startswith("#")):
            found.append(f"{path}:{number}: {line.strip()[:100]}")
    return found


def test_every_exception_has_a_reason(modules: Any) -> None:
    """No ignored error, no silenced rule and no cast without a reason."""
    wrong = [line for module in modules for line in unreasoned(module.path, module.text)]
    assert wrong == [], "\n".join(wrong)


def test_an_exception_without_a_reason_is_found() -> None:
    """A bare ignore, one with a code alone and a cast are found; those with a reason are not."""
    text = (
        "a = b()  # type: ignore\n"
        "a = b()  # type: ignore[no-any-return]\n"
        "a = cast(int, b)\n"
        "a = b()  # type: ignore[no-any-return]  # the stub says nothing\n"
        "# the library's type is wider than what it returns\n"
        "a = cast(int, b)\n"
    )
    assert [line.partition(": ")[0] for line in unreasoned("planted.py", text)] == [
        "planted.py:1",
        "planted.py:2",
        "planted.py:3",
    ]

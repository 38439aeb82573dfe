"""Console blocks of the pages: every command is run, in order, and prints what the page shows.

A block whose first line begins with `# not run here` needs a cloud, a cluster, a network, or files of the reader; it is not run.
A block with `title="FILE"` becomes that file. A line `...` stands for output that the page leaves out, and a command that ends
with `# exit code N` has to end so. KAITO_IAC_WRITE_GOLDEN=1 writes the output anew.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("tutorial", "concepts", "how-to")
PAGES = sorted(page for folder in FOLDERS for page in (ROOT / "docs" / folder).glob("*.md"))
FENCE = re.compile(r"^```(\S*)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "# not run here"
SEPARATOR = "\x1e"
CLOUD = {*"pulumi kubectl az aws eksctl helm curl pip git docker skopeo terraform".split()}
"""Commands that need what a test does not have."""


@dataclass
class Command:
    """One command of a page, and what the page shows of its output."""

    text: str
    shown: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        found = re.search(r"# exit code (\d+)$", self.text)
        return int(found.group(1)) if found else 0


def commands(block: str) -> Iterator[Command]:
    """Return the commands of a console block; `> ` continues one."""
    command: Command | None = None
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(line[2:])
        elif command and line.startswith("> "):
            command.text += "\n" + line[2:]
        elif command:
            command.shown.append(line)
        else:
            raise AssertionError(f"a console block begins with a command or with `{MARK}`, not with {line!r}")
    if command:
        yield command


def steps(text: str) -> Iterator[tuple[str, str, Command | None]]:
    """Return the files and the commands of a page, in order: name and content, or a command."""
    for language, info, block in FENCE.findall(text):
        title = re.search(r'title="([^"]+)"', info)
        if title:
            yield title.group(1), block, None
        elif language == "console" and not block.startswith(MARK):
            for command in commands(block):
                yield "", "", command


def matches(shown: list[str], printed: list[str]) -> bool:
    """Return whether the lines shown are the lines printed, where `...` stands for any lines."""
    pattern = "".join(r"(?:[^\n]*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed)) is not None


def script(found: list[tuple[str, str, Command | None]]) -> str:
    """Return a bash script that writes the files, runs the commands, and says after each how it ended."""
    parts = []
    for name, content, command in found:
        if command is None:
            parts.append(f"cat > '{name}' <<'END_OF_FILE'\n{content}END_OF_FILE\n")
        else:
            parts.append(f"{command.text}\nprintf '{SEPARATOR}%s{SEPARATOR}' $?\n")
    return "".join(parts)


def place(folder: Path) -> Path:
    """Makes a folder that looks like a clone of the repository, to which a page may write."""
    clone = folder / "kaito-iac"
    clone.mkdir()
    for name in ("docs", "stacks", "presets", "policies", "pipelines"):
        shutil.copytree(ROOT / name, clone / name)
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, clone / name)
    return clone


def run(found: list[tuple[str, str, Command | None]], folder: Path) -> list[tuple[list[str], int]]:
    """Runs a page in one shell, and gives lines and exit code of each command."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
        "PYTHONPATH": str(ROOT),
    }
    shell = subprocess.run(
        ["bash", "-s"], input=script(found), capture_output=True, text=True, cwd=place(folder), env=environment, timeout=600
    )
    pieces = shell.stdout.split(SEPARATOR)
    assert len(pieces) == 2 * sum(command is not None for *_, command in found) + 1, shell.stderr
    return [(pieces[i].splitlines(), int(pieces[i + 1])) for i in range(0, len(pieces) - 1, 2)]


def parts(shown: list[str], printed: list[str]) -> list[str]:
    """Return what a page shows with the lines of today: each part begins as before, and ends at the next empty line."""
    if "..." not in shown:
        return printed if shown else []
    lines: list[str] = []
    rest = printed
    for index, part in enumerate("\n".join(shown).split("...")):
        told = part.strip("\n").splitlines()
        if index:
            lines.append("...")
        if told:
            head = re.split(r"[\d:]", told[0])[0].rstrip()
            start = next((number for number, line in enumerate(rest) if line.startswith(head)), None)
            assert start is not None, f"nothing printed begins with {head!r}"
            rest = rest[start:]
            stop = len(rest) if not part.endswith("\n") else rest.index("", told.count("")) if "" in rest else len(rest)
            lines += rest[:stop]
            rest = rest[stop:]
    return lines


def rewritten(text: str, told: list[tuple[Command, list[str]]]) -> str:
    """Return the page with the output of today."""
    for command, printed in told:
        if command.shown and not matches(command.shown, printed):
            head = "$ " + command.text.replace("\n", "\n> ") + "\n"
            new = "\n".join(line.rstrip() for line in parts(command.shown, printed))
            text = text.replace(head + "\n".join(command.shown) + "\n", f"{head}{new}\n", 1)
    return text


WITH_STEPS = [
    pytest.param(page, id=str(page.relative_to(ROOT)))
    for page in PAGES
    if any(command for *_, command in steps(page.read_text()))
]


@pytest.mark.process
@pytest.mark.parametrize("page", WITH_STEPS)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    """The commands of a page, run in order in a copy of the project, end and print as the page shows."""
    found = list(steps(page.read_text()))
    told = [command for *_, command in found if command]
    ran = list(zip(told, run(found, tmp_path), strict=True))
    assert [(command.text, code) for command, (_, code) in ran] == [(command.text, command.exit_code) for command in told]
    if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
        page.write_text(rewritten(page.read_text(), [(command, printed) for command, (printed, _) in ran]))
        told = [command for *_, command in steps(page.read_text()) if command]
        ran = [(command, result) for command, (_, result) in zip(told, ran, strict=True)]
    for command, (printed, _) in ran:
        if command.shown and not matches(command.shown, printed):
            assert (command.text, "\n".join(printed)) == (command.text, "\n".join(command.shown))


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_commands_are_run_or_marked(page: Path) -> None:
    """Commands stand in console blocks alone, and none that needs a cloud, a cluster or a network is without the mark."""
    text = page.read_text()
    assert [language for language, *_ in FENCE.findall(text) if language in ("sh", "bash", "shell")] == []
    first_words = [command.text.split()[0] for *_, command in steps(text) if command]
    assert [word for word in first_words if word in CLOUD] == []


def test_programs_of_a_page_are_run() -> None:
    """Every page that writes a program also runs a command after it."""
    for page in PAGES:
        kinds = ["file" if name.endswith(".py") else "command" for name, _, command in steps(page.read_text()) if name or command]
        assert not kinds or kinds[-1] == "command" or "file" not in kinds, page

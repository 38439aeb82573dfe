"""What type checkers, and so users' editors, accept and refuse."""

import re
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
FOUND = re.compile(r"(?P<file>\w+)\.py:(?P<line>\d+): error: .*\[(?P<code>[-a-z]+)\]$")
EXPECTED = re.compile(r"# expected: (?P<code>[-a-z]+)$")


@pytest.fixture(scope="module")
def findings():
    """Runs mypy in strict mode over the programs; gives (file, line, code) of every error."""
    options = ["--strict", "--config-file=", f"--cache-dir={ROOT / '.mypy_cache'}", "--no-error-summary"]
    out, err, _ = api.run([*options, "--follow-imports=silent", *map(str, sorted(PROGRAMS.glob("*.py")))])
    assert err == ""
    lines = [FOUND.search(line) for line in out.splitlines() if ": note: " not in line]
    assert None not in lines, out
    return {(found["file"], int(found["line"]), found["code"]) for found in lines if found}


@pytest.mark.parametrize("program", ["accepted", "refused"])
def test_program(findings, program):
    """A type checker finds in a program what its lines say, and nothing else."""
    lines = (PROGRAMS / f"{program}.py").read_text().splitlines()
    expected = {(program, number, said["code"]) for number, line in enumerate(lines, 1) if (said := EXPECTED.search(line))}
    assert {finding for finding in findings if finding[0] == program} == expected

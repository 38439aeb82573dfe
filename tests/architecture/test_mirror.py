"""Every module has tests at the same place below tests/, or a reason why they are elsewhere."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

TESTS = Path(__file__).parents[1]

ELSEWHERE = {
    "cli/*.py": ("cli", "commands are tested as a user calls them, not function by function"),
    "explain/*.py": ("explain", "what is explained is one table, whichever module it comes from"),
    "doctor/*.py": ("doctor", "what is found is tested with fake tools and a fake API server"),
    "templates/*.py": ("templates", "templates are tested by the projects that they make"),
    "project_url.py": ("repository", "compared with every file that names the address"),
    "__main__.py": ("cli", "run as a process of its own"),
    "code.py": ("architecture/test_codes.py", "the table is compared with its uses"),
    "components/*.py": ("resolve", "a component is its resolver and its children, tested as refusals and trees"),
    "convert/propose_*.py": ("convert", "proposals are tested together, as what components give back"),
    "admission/*.py": ("admission", "rules are provoked one by one, and the whole agrees with real verdicts"),
    "kinds/*.py": ("kinds", "every line is held against what the resolver reads and the schema says"),
    "offline/*.py": ("offline", "the engine is tested by what programs show"),
    "rules/*.py": ("rules", "rules are tested through their records"),
    "stack/program.py": ("test_program_guard.py", "seen through the guard"),
    "report/*.py": ("report", "a report is tested by what it prints"),
    "stack/*event*.py": ("report", "events are tested by the reports of them"),
    "stack/change.py": ("report", "seen through reports"),
    "stack/preview_document.py": ("report", "seen through reports"),
    "stack/run_end.py": ("report", "seen through reports, and plans of events"),
    "planning/*.py": ("planning", "a plan is tested by what it prints"),
    "resolve/*.py": ("resolve", "resolvers are tested by component and by refusal"),
    "resources/*.py": ("resources", "kinds differ in their fields alone"),
    "demand/*.py": ("demand", "tested with demand"),
    "kubernetes/*.py": ("admission", "read and refused as KAITO admission does"),
    "quota/*.py": ("quota", "tested through the quota file and the rules"),
    "stack/reading.py": ("demand", "every demand is read by it"),
    "validation.py": ("rules", "seen through the configurations of rules"),
    "readiness/*.py": ("readiness", "finders are tested by timelines of what a cluster shows"),
}
"""Module or pattern to where its tests are, below tests/, and why there."""


def mirrored(path: str) -> bool:
    """Tells whether tests/<folder>/test_<module>.py, or one that goes on with an underscore, is there."""
    place, stem = TESTS / PurePosixPath(path).parent, PurePosixPath(path).stem
    return (place / f"test_{stem}.py").is_file() or any(place.glob(f"test_{stem}_*.py"))


def test_every_module_has_tests(modules: Any) -> None:
    """A module without a test file of its name is listed with the place of its tests."""
    untested = [
        module.path
        for module in modules
        if not module.path.endswith("__init__.py")
        and not mirrored(module.path)
        and not any(PurePosixPath(module.path).match(pattern) for pattern in ELSEWHERE)
    ]
    assert untested == [], "\n".join(untested)


def test_places_hold_tests() -> None:
    """Every place that is named instead holds tests."""
    empty = [
        f"{pattern}: {place}"
        for pattern, (place, _) in ELSEWHERE.items()
        if not (TESTS / place).is_file() and not any((TESTS / place).glob("test_*.py"))
    ]
    assert empty == [], "\n".join(empty)


def test_patterns_are_needed(modules: Any) -> None:
    """No pattern is left over from a module that is gone or has its own test file by now."""
    needed = {
        pattern
        for pattern in ELSEWHERE
        for module in modules
        if not module.path.endswith("__init__.py") and not mirrored(module.path) and PurePosixPath(module.path).match(pattern)
    }
    left_over = sorted(set(ELSEWHERE) - needed)
    assert left_over == [], "\n".join(left_over)

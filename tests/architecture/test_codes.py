"""Every problem code is in the table, in use, and provoked by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.code import CODES
from kaito_iac.explain.code import explain_code

TESTS = Path(__file__).parents[1]
CODE = re.compile(r"\bK[SQNO]\d{3}\b")
RANGES = {"S": range(101, 400), "Q": range(101, 200), "N": range(301, 400), "O": range(401, 500)}


RAISES = ("Problem", "Wrong", "rule", "warning", "info", "_at")
"""What makes a finding of a code: a problem, an entry of a configuration, a rule of KAITO, an answer of the API server."""
RULEBOOK = "admission"
"""Modules of this room are one place: a code may be about several kinds and subjects."""
ARGUMENT = "an argument that cannot be read, before there is a manifest"
SIZING = "the same finding is made by sizing, and a rule of manifests reports it"
TWICE = {
    "KS101": "a preset of each kind is looked up by its own component",
    "KS102": ARGUMENT,
    "KS103": ARGUMENT,
    "KS104": ARGUMENT,
    "KS105": ARGUMENT,
    "KS106": "a home cluster is named in the stack configuration too",
    "KS107": "a preset file is read by programs, and checked by a command",
    "KS201": "the same finding is made by the catalogue, and a rule of manifests reports it",
    "KS202": "a pool, the volume of a mirror and a size hold too little each in its own way",
    "KS203": SIZING,
    "KS204": SIZING,
    "KS205": "a preset file that names such a model is no manifest",
    "KS208": "labels of a pool, which is no object of KAITO",
    "KS211": "the same finding is made by the catalogue, and a rule of manifests reports it",
    "KS212": SIZING,
    "KS213": SIZING,
    "KS214": "compared with the argument max_nodes, with a number of our own, and with nothing",
    "KS215": "a count that the user gives is not written where KAITO counts",
    "KS217": "what is not known of a model, of its endpoint and of a preset file",
    "KS218": "the GPUs of the nodes of a pool, which no manifest has",
    "KS221": "secrets in addresses, values of charts and settings of engines",
    "KS222": "each kind waits for something else",
    "KS223": "a pool is compared with one set, with roles, and with all workloads of a stack",
    "KS224": "each extra of the package is missed where it is needed",
    "KS225": "times of KEDA's triggers, which no manifest of KAITO has",
    "KS226": "a preset file is no manifest",
    "KS238": "a file that is not read, beside what is not in a manifest",
    "KS265": "a pool of each kind",
    "KS273": "an operator of each mode",
    "KS274": "an operator and its provisioner",
    "KS276": "a replacement, and the pool that has to hold both",
    "KS293": SIZING,
    "KS297": "objects of a program, and of manifests that are converted",
    "KS302": "a manifest that is judged, and one that is converted",
    "KS261": "labels of the pool of a component, of plain agent pools, and of plain NodePools",
    "KS303": "a field of an object that a program renders",
    "KS311": "compared with the operator of the program, which may be known later",
    "KS340": "a file of training data is read by a command, and surveyed",
    "KN301": "a gateway, a Workspace and a stack are open each in its own way",
    "KO401": "an image without a tag is found in charts, programs and lists",
    "KO402": "an operator of the program, one of a configuration, and a manifest",
    "KO407": "taints of pools, and of Workspaces",
    "KO414": "a cluster is another one before a program runs, and after",
    "KO421": "the autoscaler of a cluster, and of a pool",
    "KO441": "gates of an operator of each mode",
    "KO443": "an operator of a release is planned, listed, and declared",
    "KO445": "an operator, and a RAG engine under it",
    "KO476": "a pod that fails is found at once, and while it is followed",
    "KO478": "a finalizer is listed, and waited for",
    "KO479": "a cluster that does not answer",
    "KO493": "an object of another owner is found in a cluster, and taken over by an argument",
    "KO482": "a setting of a plan is missing in two ways",
    "KQ103": "a quota that is old, in the file and by a rule",
    "KQ112": "a ledger that is old, in the file and by a rule",
    "KQ115": "a declared demand is read from a program, and counted by a rule",
    "KQ121": "a quota that is imported, from a file and by a command",
    "KQ161": "two stacks with one pool",
}
"""Code that is raised in several modules, and why it is not said in one."""


def places(tree: ast.Module) -> Iterator[str]:
    """Return the codes that a module raises."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RAISES:
            for one in node.args:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and CODE.fullmatch(one.value):
                    yield one.value


@pytest.fixture(scope="module")
def raised(modules: Any) -> dict[str, set[str]]:
    """Return the modules that raise each code; the rulebook is one."""
    found: dict[str, set[str]] = {}
    for module in modules:
        for code in places(ast.parse(module.text)):
            found.setdefault(code, set()).add(RULEBOOK if module.path.startswith(f"{RULEBOOK}/") else module.path)
    return found


def test_no_code_is_raised_in_two_modules(raised: dict[str, set[str]]) -> None:
    """A rule is stated once: a code that several modules raise is listed with the reason."""
    twice = [
        f"{code}: {', '.join(sorted(found))}" for code, found in sorted(raised.items()) if len(found) > 1 and code not in TWICE
    ]
    assert twice == [], "\n".join(twice)


def test_reasons_are_needed(raised: dict[str, set[str]]) -> None:
    """No reason is left over from a code that one module raises by now."""
    assert [code for code in TWICE if len(raised.get(code, ())) < 2] == []


def test_rules_of_the_rulebook_are_asked_alone(raised: dict[str, set[str]]) -> None:
    """What a component says of a manifest it registers, the rulebook says: few codes of it are raised by resolvers."""
    both = sorted(
        code for code, found in raised.items() if RULEBOOK in found and any(path.startswith("resolve/") for path in found)
    )
    assert both == "KN301 KO402 KS104 KS105 KS202 KS208 KS214 KS215 KS218 KS221 KS225 KS311".split()


@pytest.fixture(scope="module")
def used(modules: Any) -> dict[str, set[str]]:
    """Return the modules that each code is used in."""
    found: dict[str, set[str]] = {}
    for module in modules:
        if module.path != "code.py":
            for code in CODE.findall(module.text):
                found.setdefault(code, set()).add(module.path)
    return found


def test_every_code_in_use_is_in_the_table(used: dict[str, set[str]]) -> None:
    """No module makes up a code."""
    made_up = [f"{code}: {', '.join(sorted(paths))}" for code, paths in sorted(used.items()) if code not in CODES]
    assert made_up == [], "\n".join(made_up)


def test_every_code_of_the_table_is_in_use(used: dict[str, set[str]]) -> None:
    """No code of the table stands for nothing."""
    unused = [f"{code}: {title}" for code, title in CODES.items() if code not in used]
    assert unused == [], "\n".join(unused)


def test_every_code_is_provoked() -> None:
    """Every code appears in what a test expects."""
    seen: set[str] = set()
    for path in TESTS.rglob("*"):
        if path.is_file() and "architecture" not in path.parts and path.suffix not in (".pyc", ".png"):
            seen |= set(CODE.findall(path.read_text(errors="replace")))
    unprovoked = [f"{code}: {title}" for code, title in CODES.items() if code not in seen]
    assert unprovoked == [], "\n".join(unprovoked)


def test_every_code_is_explained() -> None:
    """Every code has a reason, an example and a fix; what no rule or cause gives is in kaito_iac/explain/notes.toml."""
    found = map(explain_code, CODES)
    lacking = [f"{one.code}: {one.title}" for one in found if not (one.why.endswith(".") and one.example and one.fix)]
    assert lacking == [], "\n".join(lacking)


def test_codes_and_titles() -> None:
    """A code is K, the letter of its area and three digits of the area's range; titles differ; the table is sorted."""
    assert [code for code in CODES if not CODE.fullmatch(code) or int(code[2:]) not in RANGES[code[1]]] == []
    assert len(set(CODES.values())) == len(CODES)
    assert [code for code, title in CODES.items() if len(title) < 10 or title.endswith(".")] == []
    assert list(CODES) == sorted(CODES, key=lambda code: ("SQNO".index(code[1]), code))

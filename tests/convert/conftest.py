"""Manifests to convert, and the way back: a program planned and rendered."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaito_iac.convert.decide import Given, Outcome
from kaito_iac.convert.folder import write
from kaito_iac.convert.program import decisions, program
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.render import INDEX, render
from kaito_iac.planning.request import Program
from kaito_iac.problem import errors

EXAMPLES = Path(__file__).parents[1] / "evidence" / "kaito-0.12.0" / "admission_verdicts.json"


def given(objects: Sequence[Any]) -> list[Given]:
    return [Given("all.yaml", index, one) for index, one in enumerate(objects, start=1)]


@pytest.fixture
def converted() -> Callable[[Sequence[Any]], tuple[list[Outcome], str]]:
    """Return the decisions about objects, and the program."""

    def convert(objects: Sequence[Any]) -> tuple[list[Outcome], str]:
        found = decisions(given(objects))
        return found, program(found)

    return convert


@pytest.fixture
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Any]]:
    """Return the objects that a program text renders to, in order; with `planned` it is planned first."""

    def back(text: str, *, planned: bool = False) -> list[Any]:
        folder = tmp_path_factory.mktemp("converted")
        write(folder / "infra", text)
        if planned:
            assert [problem for problem in errors(make_plan(Program(folder / "infra")).problems) if problem.code == "KS108"] == []
        render(Program(folder / "infra"), folder=folder / "out")
        listed = yaml.safe_load((folder / "out" / INDEX).read_text())["resources"]
        return [yaml.safe_load((folder / "out" / name).read_text()) for name in listed]

    return back


@pytest.fixture(scope="session")
def admitted() -> list[dict[str, Any]]:
    """Return every manifest that KAITO admitted, each in a namespace of its own."""
    cases = [case["manifest"] for case in json.loads(EXAMPLES.read_text())["cases"] if case["accepted"]]
    return [
        {**one, "metadata": {**one["metadata"], "namespace": f"case-{index}"}} if isinstance(one.get("metadata"), dict) else one
        for index, one in enumerate(cases)
    ]

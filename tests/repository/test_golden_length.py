"""Golden files are short enough to review, or named with the reason why they are long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

TESTS = Path(__file__).parents[1]
MOST = 80
"""Lines of a golden file that are read in one go."""
TREE = "one whole stack as it is deployed: what a part of it becomes depends on the others"
COMPONENT = "one component with everything that it makes, each resource once"
LONG = {
    "cli/golden/presets.txt": "one line for each preset",
    "golden/components/gateway_many_models.json": "a gateway with several models: routes, keys and checks of each",
    "golden/components/gateway_one_model.json": COMPONENT,
    "golden/components/monitoring_azure.json": "rules of alerts, each with its text",
    "golden/components/monitoring_prometheus.json": "rules of alerts, each with its text",
    "golden/components/namespace_of_a_team.json": COMPONENT,
    "golden/components/namespace_with_vault.json": COMPONENT,
    "golden/components/operator_aws_karpenter.json": "charts of KAITO with their values and Custom Resource Definitions",
    "golden/components/operator_chart.json": "charts of KAITO with their values and Custom Resource Definitions",
    "golden/components/operator_gpu_provisioner.json": "charts of KAITO with identities and roles",
    "golden/components/operator_karpenter.json": "charts of KAITO with identities and roles",
    "golden/components/operator_streaming.json": "charts of KAITO with identities and roles",
    "golden/components/pool_karpenter_kept.json": "pods that keep the nodes, with all that they are refused",
    "golden/components/rag_on_endpoint.json": "a model and the engine that asks it",
    "golden/components/tuning_to_inference.json": "a tuning, its pool, and the model that serves its adapter",
    "golden/components/workspace_blue_green.json": "two generations of a model",
    "golden/stacks/chat-and-docs.json": TREE,
    "golden/stacks/multi-team.json": TREE,
    "golden/stacks/npc.json": TREE,
    "golden/stacks/platform-byo-update.json": TREE,
    "golden/stacks/platform-byo.json": TREE,
    "golden/stacks/platform-update.json": TREE,
    "golden/stacks/platform.json": TREE,
    "golden/stacks/workloads.json": TREE,
    "planning/golden/chat-and-docs.json": "every key of a plan",
}
"""Golden file of more lines, and why."""


def lengths() -> dict[str, int]:
    """Return the lines of every golden file below tests/."""
    files = (file for folder in TESTS.rglob("golden") for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(TESTS).as_posix(): len(file.read_bytes().splitlines()) for file in files}


def test_golden_files_are_short_or_explained() -> None:
    """A golden file of more than eighty lines has a reason, and no reason is left over."""
    long = {name for name, lines in lengths().items() if lines > MOST}
    assert sorted(long - LONG.keys()) == [], "goldens that are too long to review"
    assert sorted(LONG.keys() - long) == [], "goldens that are short, or gone"


def named() -> tuple[set[str], str]:
    """Return the names of programs, examples and streams that goldens are called after, and the text of all tests."""
    places = (
        "tests/**/examples/*",
        "tests/**/programs/*",
        "tests/**/streams/*",
        "stacks/*",
        "docs/examples/*",
        "docs/examples/*/*",
    )
    stems = {path.name.split(".")[0] for place in places for path in TESTS.parent.glob(place)}
    return stems, "\n".join(path.read_text() for path in TESTS.rglob("*.py"))


def unused(files: Iterable[str]) -> list[str]:
    """Return the golden files that no test can mean: called after no program, and named in no test."""
    stems, text = named()
    found = []
    for file in files:
        name = PurePosixPath(file).name.split(".")[0]
        known = {name, re.sub("-(update|classic)$", "", name)} & stems
        if not known and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is None:
            found.append(file)
    return found


def test_no_golden_file_is_unused() -> None:
    """A golden file that belongs to no program, example, stream or test is an error, in every folder."""
    assert unused(lengths()) == []
    assert unused(["report/golden/of-nothing-that-is-" + "there.md"]) == ["report/golden/of-nothing-that-is-" + "there.md"]


def test_trees_show_parents_and_what_is_handed_on() -> None:
    """In every recorded tree what a component makes has a parent and inputs, and a component has inputs and outputs."""
    wrong = []
    for file in sorted((TESTS / "golden").rglob("*.json")):
        for one in json.loads(file.read_text())["resources"]:
            ours = one["type"].startswith("kaito-iac:")
            outside = one["type"].startswith(("pulumi:providers:", "pulumi:pulumi:StackReference"))
            if not one.get("inputs") or (ours and not one.get("outputs")) or not (ours or outside or "parent" in one):
                wrong.append(f"{file.name}: {one['type']} {one['name']}")
    assert wrong == [], "\n".join(wrong)

"""Times 1,000 KaitoWorkspace components, resolved, sized and registered, against the same tree registered by hand."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pulumi

from kaito_iac import KaitoWorkspace
from kaito_iac.offline.recording import Recording
from kaito_iac.offline.run import run_function
from kaito_iac.stack.resource import Resource

BUDGET = 1.10
SHAPES: Mapping[str, dict[str, Any]] = {
    "preset alone (component, Workspace)": {"preset": "phi-4-mini-instruct"},
    "preset and context (component, ConfigMap, Workspace)": {"preset": "phi-4-mini-instruct", "context": 8192},
}


class Child(pulumi.CustomResource):
    """A Kubernetes object as somebody would register it without the package."""

    metadata: pulumi.Output[Any]

    def __init__(self, like: Resource, name: str, parent: pulumi.Resource) -> None:
        timeouts = like.options.custom_timeouts
        options = pulumi.ResourceOptions(
            parent=parent,
            version=like.options.version,
            replace_on_changes=list(like.options.replace_on_changes),
            delete_before_replace=like.options.delete_before_replace,
            custom_timeouts=pulumi.CustomTimeouts(**timeouts) if timeouts else None,
        )
        super().__init__(like.type, name, {**like.inputs, "status": None}, options)


class ByHand(pulumi.ComponentResource):
    """The same component, inputs and outputs, out of values that are there already."""

    def __init__(self, like: Resource, children: list[Resource], name: str) -> None:
        super().__init__(like.type, name, dict(like.inputs))
        made = [Child(child, child.name.replace(like.name, name, 1), self) for child in children]
        outputs = dict(like.outputs)
        self.register_outputs({key: made[-1].urn.apply(lambda _, value=value: value) for key, value in outputs.items()})


def seconds(program: Callable[[], None]) -> tuple[tuple[float, float], Recording]:
    """Run a program offline and return how long it took: by the clock, and of the processor, which others do not disturb."""
    gc.collect()
    start, busy = perf_counter(), process_time()
    recording = run_function(program)
    taken = (perf_counter() - start, process_time() - busy)
    if recording.error:
        raise SystemExit(recording.error.message)
    return taken, recording


def compare(args: dict[str, Any], count: int, rounds: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Run both programs in turn, after one run of each that does not count."""
    _, one = seconds(lambda: _made(args, 1))
    like = next(found for found in one.resources if found.type == "kaito-iac:index:KaitoWorkspace")
    children = [found for found in one.resources if found.parent == like.urn]
    programs = (lambda: _made(args, count), lambda: _by_hand(like, children, count))
    shown = [[(found.type, found.name) for found in seconds(program)[1].resources] for program in programs]
    if sorted(shown[0]) != sorted(shown[1]):
        raise SystemExit("the two programs do not register the same tree")
    pairs = []
    for turn in range(rounds):
        order = (0, 1) if turn % 2 else (1, 0)
        taken = {index: seconds(programs[index])[0] for index in order}
        pairs.append((taken[0], taken[1]))
    return pairs


def _made(args: dict[str, Any], count: int) -> None:
    for number in range(count):
        KaitoWorkspace(f"chat-{number}", args)  # type: ignore[arg-type]


def _by_hand(like: Resource, children: list[Resource], count: int) -> None:
    for number in range(count):
        ByHand(like, children, f"chat-{number}")


def main() -> None:
    """Print times and ratio for each shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for shape, args in SHAPES.items():
        pairs = compare(args, options.count, options.rounds)
        print(f"{options.count} x {shape}, median of {options.rounds} pairs, budget {BUDGET}")
        for index, kind in enumerate(("clock", "processor")):
            ours, hand = ([pair[side][index] for pair in pairs] for side in (0, 1))
            ratio = median(one / other for one, other in zip(ours, hand, strict=True))
            print(f"  {kind:9} {median(ours):.3f} s, by hand {median(hand):.3f} s, ratio {ratio:.3f}")


if __name__ == "__main__":
    main()

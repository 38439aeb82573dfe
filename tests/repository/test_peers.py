"""The programs that speed and memory are compared with do the same work."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from kaito_iac import KaitoWorkspace
from kaito_iac.offline.run import run_function

PEER = Path(__file__).parents[2] / "bench" / "peers" / "mocks.py"


def peer() -> Any:
    spec = spec_from_file_location("peer_of_mocks", PEER)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tree_by_hand_is_the_tree_of_the_component() -> None:
    """Types, names, parents, inputs, outputs and options of every resource are the same."""
    made: list[Any] = []
    ours = run_function(lambda: made.append(KaitoWorkspace("chat", preset="phi-4-mini-instruct", context=8192)))
    hand = run_function(lambda: made.append(peer().Served("chat")))
    assert ours.error is None
    assert hand.error is None
    for one, other in zip(ours.resources, hand.resources, strict=True):
        assert (one.type, one.name, one.parent) == (other.type, other.name, other.parent)
        assert dict(one.inputs) == dict(other.inputs)
        assert dict(one.outputs) == dict(other.outputs)
        assert one.options == other.options
    assert len(ours.resources) == 4


def test_an_input_without_a_value_makes_no_output() -> None:
    """Pulumi makes an output of every input that a component registers: four futures and a task each, for none of use."""
    made: list[Any] = []
    recording = run_function(lambda: made.append(KaitoWorkspace("chat", preset="phi-4-mini-instruct")))
    assert recording.error is None
    assert "preset" in vars(made[0])
    assert "operator" not in vars(made[0])

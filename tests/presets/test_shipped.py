"""Every shipped preset is joined to the catalogue, sized, and its reason checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from kaito_iac.catalog.find import find_model, find_size, size_problems
from kaito_iac.catalog.load import models
from kaito_iac.catalog.price import usd_per_hour
from kaito_iac.presets.files import preset_files, shipped_folder
from kaito_iac.presets.load import read_preset
from kaito_iac.problem import Unknown
from kaito_iac.sizing.fit import Fit, Query, fit, fits

NUMBERS = {"one": 1, "two": 2, "four": 4, "eight": 8}
HOLDS = re.compile(
    r"(?P<gpus>One|Two|Four|Eight) (?P<model>\w+) \((?P<gib>\d+) GiB(?: each)?\) in one node holds? the weights and "
    r"leaves? room for (?:the full context|a context of more than (?P<room>\d+)k tokens)"
)
ELSE = re.compile(
    r"; (?P<size>Standard_\w+) would (?:take (?P<nodes>\d+) nodes|leave room for less than (?P<room>\d+)k tokens)\."
)
CHEAPEST = ", at the lowest list price."
BY_HAND = {"gpt-oss-120b", "gpt-oss-20b"}


@cache
def preset(name: str) -> Any:
    return read_preset(preset_files()[name])[0]


NAMES = tuple(preset_files())
INFERENCE = tuple(name for name in NAMES if preset(name).kind == "inference")
TUNING = tuple(name for name in NAMES if preset(name).kind == "tuning")
RAG = tuple(name for name in NAMES if preset(name).kind == "rag")


def answer(name: str, size: str | None = None) -> Fit:
    return fit(Query(model=preset(name).model, size=size or preset(name).vm_size, context=preset(name).context))


def test_how_many_are_shipped() -> None:
    """81 presets are shipped: one to serve each model, two to tune each tunable one, three for documents."""
    assert (len(NAMES), len(INFERENCE), len(TUNING), len(RAG)) == (81, 60, 18, 3)


def test_no_two_files_share_a_name() -> None:
    """Every preset is in a folder of its own family, and no file hides another."""
    files = [path for path in shipped_folder().rglob("*") if path.is_file()]
    assert sorted(path.stem for path in files) == sorted(NAMES)
    assert {path.suffix for path in files} == {".yaml"}


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_read(name: str) -> None:
    """Every file is read without a problem and named after its preset."""
    read, problems = read_preset(preset_files()[name])
    assert [problem.text() for problem in problems] == []
    assert read.name == name


def test_every_model_can_be_served_by_name() -> None:
    """Every model of the catalogue has one inference preset, and it has the name KAITO's users know."""
    served = {find_model(preset(name).model).id: name for name in INFERENCE}  # type: ignore[union-attr]
    assert served == {card.id: card.aliases[0] if card.aliases else card.name for card in models().values()}


def test_every_tunable_model_can_be_tuned_by_name() -> None:
    """Every tunable model has a preset for each of its methods; no other model has one."""
    offered = {(find_model(preset(name).model).id, preset(name).method): name for name in TUNING}  # type: ignore[union-attr]
    assert offered == {
        (card.id, method): f"{card.preset_name}-{method}" for card in models().values() for method in card.tuning_methods
    }


@pytest.mark.parametrize("name", INFERENCE + TUNING)
def test_model_and_size_are_facts(name: str) -> None:
    """A preset names a model as KAITO takes it and a size that its cloud sells, in the folder of the model's family."""
    card = find_model(preset(name).model)
    assert card
    assert preset(name).model in (card.preset_name, card.id)
    assert size_problems(preset(name).vm_size, "azure", "vmSize") == ()
    assert preset_files()[name].parent.name == card.family


@pytest.mark.parametrize("name", INFERENCE)
def test_nothing_speaks_against_serving_it(name: str) -> None:
    """At the preset's context KAITO and vLLM take model and size on one node, without an error or a warning."""
    found = answer(name)
    told = [problem for problem in found.problems if problem.severity != "info"]
    states = [problem for problem in told if problem.code == "KS293"]
    assert [problem.text() for problem in told if problem not in states] == []
    assert [f"set max-num-seqs to {preset(name).vllm.get('max-num-seqs')}" for _ in states] == [one.fix for one in states]
    assert found.nodes == 1


@pytest.mark.parametrize("name", TUNING)
def test_nothing_speaks_against_tuning_it(name: str) -> None:
    """The weights fit into each GPU, since every GPU has a process with all of them; qlora alone loads them in four bits."""
    card, size, training = find_model(preset(name).model), find_size(preset(name).vm_size), preset(name).training
    assert card
    assert size
    share = 0.25 if preset(name).method == "qlora" else 1
    assert share * card.weights_gib < 0.8 * size.gpu_memory_per_gpu_gib
    assert ("QuantizationConfig" in training) == (preset(name).method == "qlora")
    assert training.get("QuantizationConfig", {}).get("load_in_4bit", False) == (preset(name).method == "qlora")


@pytest.mark.parametrize("name", NAMES)
def test_reasons_are_sentences(name: str) -> None:
    """A reason is a sentence one can disagree with, and is not the same as that of another model by accident."""
    why = preset(name).why
    assert len(why) >= 60
    assert why.endswith(".")
    assert "\n" not in why


def false_claims(name: str, why: str) -> Iterator[str]:
    """Return which claims of a reason do not hold."""
    found, size = answer(name), find_size(preset(name).vm_size)
    card, holds = find_model(preset(name).model), HOLDS.match(why)
    assert card
    assert size
    assert isinstance(found.max_context_tokens, int)
    if not holds:
        yield f"no claim that can be checked: {why}"
        return
    told = (NUMBERS[holds["gpus"].lower()], f"NVIDIA {holds['model']}", int(holds["gib"]))
    if told != (size.gpus, size.gpu_model, size.gpu_memory_per_gpu_gib):
        yield f"{told} is not {size.name}"
    room = int(holds["room"]) * 1000 if holds["room"] else card.max_context_tokens
    if not room <= found.max_context_tokens < room + (1000 if holds["room"] else 1):
        yield f"room for {found.max_context_tokens} tokens"
    rest = why[holds.end() :]
    if rest == CHEAPEST:
        yield from _not_cheapest(name, found)
    elif other := ELSE.fullmatch(rest):
        yield from _not_worse(name, found, other)
    else:
        yield f"nothing that can be checked: {rest}"


def _not_cheapest(name: str, found: Fit) -> Iterator[str]:
    sound = [other for other in fits(preset(name).model, cloud="azure") if all(p.severity == "info" for p in other.problems)]
    priced = [other.usd_per_month for other in sound if not isinstance(other.usd_per_month, Unknown)]
    if found.usd_per_month != min(priced):
        yield f"{min(priced)} USD is the lowest list price"


def _not_worse(name: str, found: Fit, told: re.Match[str]) -> Iterator[str]:
    other = answer(name, told["size"])
    if told["nodes"] and other.nodes != int(told["nodes"]):
        yield f"{told['size']} takes {other.nodes} nodes"
    if told["room"] and not (isinstance(other.max_context_tokens, int) and other.max_context_tokens < int(told["room"]) * 1000):
        yield f"{told['size']} leaves room for {other.max_context_tokens} tokens"
    here, there = find_size(found.size), find_size(told["size"])
    assert here
    assert there
    prices = [usd_per_hour(size, "eastus") for size in (there, here)]
    if not any(isinstance(price, Unknown) for price in prices) and prices[0] > prices[1]:  # type: ignore[operator]
        yield f"{told['size']} is no cheaper choice that somebody may ask for"


@pytest.mark.parametrize("name", [name for name in INFERENCE if name not in BY_HAND])
def test_reasons_are_true(name: str) -> None:
    """GPUs, memory, context, nodes elsewhere and the lowest price are as the reason says."""
    assert list(false_claims(name, preset(name).why)) == []


@pytest.mark.parametrize(
    ("why", "claims"),
    [
        pytest.param(
            "Two A100 (80 GiB each) in one node hold the weights and leave room for the full context; Standard_NV36ads_A10_v5 "
            "would take 3 nodes.",
            ["(2, 'NVIDIA A100', 80) is not Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5 takes 2 nodes"],
            id="another size and another count",
        ),
        pytest.param(
            "One A100 (80 GiB) in one node holds the weights and leaves room for a context of more than 9k tokens, at the lowest "
            "list price.",
            ["room for 16384 tokens"],
            id="another context",
        ),
        pytest.param("It is the best.", ["no claim that can be checked: It is the best."], id="an advertisement"),
    ],
)
def test_false_reasons_are_found(why: str, claims: list[str]) -> None:
    """A reason that claims what is not so is caught."""
    assert list(false_claims("phi-4", why)) == claims


def test_reasons_written_by_hand() -> None:
    """KAITO asks for two H100 for the big gpt-oss; no single A10 holds the small one, and one A100 serves its full context."""
    big, joined = answer("gpt-oss-120b"), answer("gpt-oss-120b", "Standard_NC40ads_H100_v5")
    assert (big.nodes, big.gpus, joined.nodes) == (1, 2, 2)
    small, ruled_out = answer("gpt-oss-20b"), answer("gpt-oss-20b", "Standard_NV36ads_A10_v5")
    card = find_model("gpt-oss-20b")
    assert card
    assert (small.nodes, small.gpus, small.max_context_tokens) == (1, 1, card.max_context_tokens)
    assert ruled_out.nodes == 2


@pytest.mark.parametrize("name", TUNING)
def test_reasons_of_tuning(name: str) -> None:
    """The GPUs that a reason counts are those of the size."""
    told = re.search(r"(one|two) (A100|H100) \((80|94) GiB(?: each)?\)", preset(name).why)
    size = find_size(preset(name).vm_size)
    assert told
    assert size
    assert (NUMBERS[told[1]], float(told[3]), f"NVIDIA {told[2]}") == (size.gpus, size.gpu_memory_per_gpu_gib, size.gpu_model)


def test_reasons_of_rag() -> None:
    """A volume is spoken of where there is one, Qdrant where it is used, and the embedding is the one KAITO uses anyway."""
    assert {name: (preset(name).vector_store, preset(name).storage_gib) for name in RAG} == {
        "docs-faiss": ("faiss", 20),
        "docs-memory": ("faiss", None),
        "docs-qdrant": ("qdrant", None),
    }
    assert Counter(preset(name).embedding for name in RAG) == {"BAAI/bge-small-en-v1.5": 3}
    assert [name for name in RAG if "on a volume" in preset(name).why] == ["docs-faiss"]
    assert [name for name in RAG if "lost" in preset(name).why] == ["docs-memory"]
    assert [name for name in RAG if "Qdrant" in preset(name).why] == ["docs-qdrant"]

"""Judges a served model as a whole: does it fit, start, and cost what the words suggest?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pulumi

from kaito_iac.admission.engine_words import captures_graphs, read_words
from kaito_iac.admission.vocabulary import PARTITION_GATES
from kaito_iac.catalog.other_size import gpu_capability
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.engine import Engine
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.placement import Placement, pool_shortage
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate
from kaito_iac.sizing.fit_problems import (
    MANY_NODES,
    context_problems,
    layout_problems,
    one_node_problem,
    sequence_problems,
    token_problem,
    type_problem,
)
from kaito_iac.sizing.hardware import Hardware


def judged(
    reader: Reader,
    card: ModelCard | None,
    placement: Placement,
    engine: Engine,
    found: Estimate | None,
    nodes: int,
    *,
    replicas: int = 1,
) -> Iterator[Problem]:
    """Return what is wrong, or unexpected, about a served model on its nodes; `replicas`: how often it runs at most."""
    if found and card and placement.hardware:
        for problem in (*layout_problems(card, found), *context_problems(card, placement.hardware, found, engine.context)):
            yield replace(problem, path=placement.path if problem.path == "size" else problem.path)
        capability = gpu_capability(placement.size_name or placement.hardware.gpu_model)
        stated = str(engine.arguments.get("dtype", ""))
        if engine.config is None and engine.runtime == "vllm":
            if old := type_problem(card, capability, stated, placement.path):
                yield old
        for problem in _states(reader, engine, placement.hardware, found):
            yield replace(problem, path=placement.path)
    yield from _counted(reader, placement, found, nodes, replicas)
    if card and engine.runtime == "transformers" and placement.hardware:
        alone = one_node_problem(card, placement.hardware, nodes, placement.path)
        yield from [alone] if alone else []
    if shortage := pool_shortage(placement, nodes):
        yield shortage
    if card:
        yield from _operated(reader, card, engine)


def _states(reader: Reader, engine: Engine, hardware: Hardware, found: Estimate) -> Iterator[Problem]:
    """Report states of a hybrid model for fewer sequences than its engine starts with."""
    given = engine.arguments.items()
    words = read_words({key: json.dumps(value) if isinstance(value, dict | list) else str(value) for key, value in given})
    if engine.config is None and captures_graphs(words):
        mode = words.text("performance-mode") or reader.args.get("performance_mode")
        asked, batched = words.whole("max-num-seqs"), words.whole("max-num-batched-tokens")
        yield from sequence_problems(hardware, found, asked, batched=batched, throughput=mode == "throughput")


def _operated(reader: Reader, card: ModelCard, engine: Engine) -> Iterator[Problem]:
    tokenless = not reader.has("access_secret") and not reader.flag("local_weights", False)
    if tokenless and (missing := token_problem(card, "access_secret", "a Secret with the key HF_TOKEN")):
        yield missing
    if engine.config is not None:
        later = isinstance(engine.config, pulumi.Output)
        which = "the ConfigMap, whose name comes from another resource," if later else f"ConfigMap {shown(engine.config)}"
        message = f"the context in {which} is not seen here; nodes are planned for {DEFAULT_CONTEXT} tokens"
        accepted = "context, which a plan can see"
        yield Problem("KS217", "config", message, accepted, "use context and vllm instead of config", "warning")


def _counted(reader: Reader, placement: Placement, found: Estimate | None, nodes: int, replicas: int) -> Iterator[Problem]:
    limit = reader.number("max_nodes", 1, 1000, "nodes") or MANY_NODES * max(replicas, 1)
    if nodes * replicas > limit:
        size = placement.size_name or (placement.hardware.label if placement.hardware else "nodes")
        why = "KAITO would use {} for this model; it has no limit of its own" if found else "count asks for {}"
        fix = f"choose a bigger size, or set max_nodes={nodes * replicas}"
        used = f"{nodes} x {size}"
        if replicas > 1:
            used, why = f"{used} for each of {replicas} replicas", "KAITO would use {}; it has no limit of its own"
        yield Problem("KS214", "max_nodes", why.format(used), f"at most {limit} {'node' if limit == 1 else 'nodes'}", fix)
    if found is None:
        return
    count = reader.number("count", 1, 1000, "nodes") if "count" in reader.known else None
    if count is not None and count != found.nodes:
        message = f"{count}, but KAITO ignores count for a preset under vLLM and uses {found.nodes}"
        yield Problem("KS215", "count", message, str(found.nodes), "leave count out", "warning")


def partition_note(reader: Reader, operator: Operator, placement: Placement) -> None:
    """Ask the operator for the gate of a part of a node; KAITO refuses it without."""
    if gate := PARTITION_GATES.get(str(placement.partition.get("mode"))):
        operator.needs_gate(reader, "partition", gate, refused=True)


STREAMING: Final = ("kaito.sh/model-mirror-storage-class", "kaito.sh/streaming-service-account")
"""Annotations that KAITO 0.12 reads with the gate ModelStreaming alone."""


def streaming_note(reader: Reader, operator: Operator, argument: str) -> None:
    """Ask the operator for the gate of annotations about streaming."""
    if any(key in reader.mapping(argument) for key in STREAMING):
        operator.needs_gate(reader, argument, "ModelStreaming")

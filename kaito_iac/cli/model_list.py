"""The command `models`: the models that KAITO serves without looking anything up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kaito_iac.catalog.find import find_model, model_problem
from kaito_iac.catalog.load import DEFAULT_VERSION, facts_date, models, table_of
from kaito_iac.catalog.record import ModelCard
from kaito_iac.cli.fact_source import fact_sources, source_rows
from kaito_iac.cli.number_format import UNKNOWN, count, decimals, in_words, whole
from kaito_iac.cli.reply import Reply, refusal
from kaito_iac.cli.table import Column, facts, prose, table
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Unknown

COLUMNS: Final = (
    Column(title="Model", cuts=True),
    Column(title="GiB", number=True),
    Column(title="Context", number=True),
    Column(title="Gated"),
    Column(title="Tune"),
)


def families() -> tuple[str, ...]:
    """Return the families of the catalogue, sorted."""
    return tuple(sorted({card.family for card in models().values()}))


def list_models(*, family: str | None = None, tunable: bool = False, gated: bool = False) -> Reply:
    """List the models; `tunable` and `gated` keep those that certainly are."""
    found = [
        card
        for card in models().values()
        if family in (None, card.family) and (card.tunable or not tunable) and (card.gated is True or not gated)
    ]
    found.sort(key=lambda card: (card.family, card.preset_name))
    data = {
        "kaitoVersion": DEFAULT_VERSION,
        "date": facts_date(),
        "models": [model_data(card) for card in found],
    }
    open_question = sum(isinstance(card.gated, Unknown) and family in (None, card.family) for card in models().values())
    left_out = f"{count(open_question, 'model')} left out: no source states whether the weights are gated"
    talk = (left_out,) if gated and open_question else ()
    return Reply(data=data, text=lambda page: models_text(found, page), talk=talk)


def show_model(name: str) -> Reply:
    """Show one model with every fact and where it comes from."""
    card = find_model(name)
    if card is None:
        return refusal("models", (model_problem(name, "name"),))
    data = {**model_data(card), "sources": _sources(card)}
    return Reply(data=data, text=lambda page: model_text(card, page))


def _row(card: ModelCard) -> dict[str, Any]:
    return next(dict(row) for row in table_of("models.json")["models"] if row["id"] == card.id)


def _sources(card: ModelCard) -> list[dict[str, Any]]:
    named = [fact for fact in _row(card) if fact not in ("gatedSource", "gatedWhy")]
    return fact_sources("models", named, {"gated": card.gated_source})


def model_data(card: ModelCard) -> dict[str, Any]:
    """Return a model as plain data: the facts of the catalogue, what follows from them, and why a fact is null."""
    unknown = {"gated": card.gated.reason} if isinstance(card.gated, Unknown) else {}
    derived = {"presetName": card.preset_name, "weightsGiB": card.weights_gib, "tunable": card.tunable}
    return {**_row(card), **derived, "unknown": unknown}


def cells(card: ModelCard) -> tuple[str, ...]:
    """Return the cells of one model."""
    gated = UNKNOWN if isinstance(card.gated, Unknown) else in_words(card.gated)
    weights = decimals(card.weights_gib, 2)
    return (card.preset_name, weights, whole(card.max_context_tokens), gated, in_words(card.tunable))


def models_text(found: Sequence[ModelCard], page: Page) -> str:
    """Return the table of models."""
    if not found:
        return "No model matches.\n"
    text = table(COLUMNS, [cells(card) for card in found], page)
    known = f"{count(len(found), 'model')} of KAITO {DEFAULT_VERSION}, facts of {facts_date()}."
    return text + "\n" + prose(f"{known} GiB: weights on disk. Context: the model's limit, in tokens.", page)


def model_text(card: ModelCard, page: Page) -> str:
    """Return every fact of one model."""
    methods = ", ".join(card.tuning_methods) or "not by KAITO"
    defect = f"; {card.tuning_defect}" if card.tuning_defect else ""
    names = ", ".join(dict.fromkeys((card.id, card.hf_id, *card.aliases)))
    rows = [
        ("names", names),
        ("family", f"{card.family}, by {card.organisation}"),
        ("licence", card.license),
        ("gated", f"{in_words(card.gated)} ({card.gated_why})" if isinstance(card.gated, bool) else str(card.gated)),
        ("weights", f"{decimals(card.weights_gib, 2)} GiB, {card.quantization or 'not quantised'}"),
        ("context", f"at most {card.max_context_tokens:,} tokens, {card.bytes_per_token:,} bytes of KV cache each"),
        ("attention", f"{card.attention}, {card.layers} layers, {card.heads} heads, {card.kv_heads} KV heads"),
        ("disk", f"{card.disk_gib} GiB a node"),
        ("ready in", f"{card.ready_seconds / 60:.0f} min from pod start (est.), new nodes on top"),
        ("runtimes", ", ".join(card.runtimes)),
        ("tool calls", card.tool_parser or "none set by KAITO"),
        ("reasoning", card.reasoning_parser or "none set by KAITO"),
        ("tuning", f"{methods}{defect}"),
        *source_rows(_sources(card)),
    ]
    return facts(card.preset_name, rows, page)

"""The commands `fit MODEL` and `fit MODEL --size SIZE`: which sizes hold a model, and what it comes to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.cache_layout import measurements
from kaito_iac.catalog.find import RETIRED, find_model, model_problem
from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.catalog.record import ModelCard
from kaito_iac.cli import escape
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.number_format import UNKNOWN, count, decimals, in_words, product, whole
from kaito_iac.cli.price_note import price_note, region_notes
from kaito_iac.cli.reply import Reply, no_text, refusal
from kaito_iac.cli.sold_sizes import Shop
from kaito_iac.cli.sold_sizes import everything as everything_sold
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.cli.table import Column, facts, judged, prose, table
from kaito_iac.cli.terminal import Page
from kaito_iac.code import CODES
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.sizing.fit import Fit, Query, fit, fit_card, fits, fits_card
from kaito_iac.sizing.fit_problems import limit_problem

NAMES_NOBODY_KNOWS: Final = ("KS101", "KS201")
"""Codes of problems that leave nothing to show."""


PRICE: Final = "price"
ORDERS: Final[Mapping[str, str]] = {PRICE: "cheapest first", "nodes": "fewest nodes first", "context": "longest context first"}
"""Orders of the sizes, and how the table calls each; what works without caveats always comes first."""


def fit_size(
    query: Query, card: ModelCard | None = None, shop: Shop = everything_sold, strictness: Strictness = LENIENT
) -> Reply:
    """Answer for one size; `data` is the answer of `kaito_iac.sizing.fit.fit`, with the availability of the size."""
    found = shop(fit(query) if card is None else fit_card(card, query))
    answer = replace(found, problems=strictness.kept(found.problems))
    code = strictness.code(answer.problems)
    notes = (*region_notes(query.region, answer.cloud or None), *strictness.notes(found.problems))
    if any(problem.code in NAMES_NOBODY_KNOWS for problem in answer.problems):
        title = f"{query.model} on {query.size}"
        hints = tuple(_own_hint(query.model, problem) for problem in answer.problems)
        talk = tuple(hint for hint in hints if hint)
        return Reply(data=answer.as_json(), text=no_text, problems=answer.problems, title=title, talk=talk, code=code)
    return Reply(data=answer.as_json(), text=lambda page: size_text(answer, page), talk=notes, code=code)


def fit_all(
    model: str,
    *,
    context: int | None = None,
    region: str | None = None,
    cloud: str | None = None,
    everything: bool = False,
    card: ModelCard | None = None,
    prices: PriceBook = LIST_PRICES,
    sort: str = PRICE,
    shop: Shop = everything_sold,
    strictness: Strictness = LENIENT,
) -> Reply:
    """Answer for every size that holds the model, in an order, strictly without caveats; `everything`: for the others too."""
    found = find_model(model) if card is None else card
    if found is None:
        return _no_question(model, model_problem(model, "model"))
    if context is not None and (beyond := limit_problem(found, context, "context")):
        return _no_question(model, beyond)
    if card is None:
        answers = fits(found.id, context=context, region=region, cloud=cloud, prices=prices)
    else:
        answers = fits_card(card, context=context, region=region, cloud=cloud, prices=prices)
    answers = tuple(replace(one, problems=_left(one.problems, strictness)) for one in answers)
    fitting = [answer for answer in answers if not any(map(strictness.stops, answer.problems))]
    answers = tuple(map(shop, answers))
    holding = ordered([answer for answer in answers if not any(map(strictness.stops, answer.problems))], sort)
    shown = (*holding, *(answer for answer in answers if any(map(strictness.stops, answer.problems)))) if everything else holding
    return Reply(
        data={"model": found.id, "fits": [answer.as_json() for answer in shown]},
        text=lambda page: sizes_text(found, holding, shown[len(holding) :], page, sort),
        talk=(
            *region_notes(region, cloud),
            *_left_out(len(fitting) - len(holding)),
            *(() if holding else (_why_none(found, answers),)),
        ),
        code=ExitCode.OK if holding else ExitCode.PROBLEMS,
    )


def _left(problems: Sequence[Problem], strictness: Strictness) -> tuple[Problem, ...]:
    """Return the problems without warnings that are ignored; an error says that the size does not hold the model."""
    return tuple(one for one in problems if one.severity == "error" or one.code not in strictness.ignore)


def ordered(answers: Sequence[Fit], sort: str) -> tuple[Fit, ...]:
    """Return answers, which come by price, by another order; equal ones stay by price."""

    def key(answer: Fit) -> tuple[bool, bool, float]:
        value = answer.nodes if sort == "nodes" else answer.max_context_tokens
        warned = any(problem.severity == "warning" for problem in answer.problems)
        unknown = isinstance(value, Unknown)
        return warned, unknown, 0 if isinstance(value, Unknown) else value if sort == "nodes" else -value

    return tuple(answers) if sort == PRICE else tuple(sorted(answers, key=key))


def chosen(card: ModelCard) -> str:
    """Return the size that the shipped preset of a model names; empty where there is none."""
    from kaito_iac.presets.files import preset_files

    file = preset_files().get(card.preset_name)
    found = re.search(r"^vmSize:\s*(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE) if file is not None else None
    return found[1] if found else ""


def _no_question(model: str, problem: Problem) -> Reply:
    hint = _own_hint(model, problem)
    reply = refusal(model, (problem,))
    return replace(reply, data={"model": model, "fits": [], **reply.data}, talk=(hint,) if hint else ())


def _own_hint(model: str, problem: Problem) -> str:
    if problem.code != "KS101" or problem.cause == RETIRED:
        return ""
    return (
        f"a model outside the catalogue is sized from its facts: kaito-iac fit {escape.cut(model, 80)} --weights-gib GIB"
        " --bytes-per-token BYTES --max-context TOKENS"
    )


def _left_out(number: int) -> tuple[str, ...]:
    if not number:
        return ()
    return (f"left out: {count(number, 'size')} that the quota file does not list as available; --all shows them",)


def _why_none(card: ModelCard, answers: Sequence[Fit]) -> str:
    first = (errors(answers[0].problems) or answers[0].problems)[0].headline if answers else "no size to choose from"
    return f"no size holds {card.id}; the nearest: {first}"


def _room(answer: Fit) -> str:
    if isinstance(answer.max_context_tokens, Unknown):
        return str(answer.max_context_tokens)
    if isinstance(answer.cache_tokens, Unknown) or isinstance(answer.full_requests, Unknown):
        return f"room for {answer.max_context_tokens:,} tokens (est.)"
    cache = f"KV cache of {answer.cache_tokens:,} tokens"
    return f"{answer.max_context_tokens:,} tokens; {cache}, {answer.full_requests:.1f} such requests at once (est.)"


def _measured(answer: Fit) -> list[tuple[str, str]]:
    """Return what KAITO published of the same model on as many GPUs of this kind."""
    found = [
        one
        for one in measurements().get(answer.model.lower(), ())
        if (one.gpu, one.gpus, one.tensor) == (answer.gpu_model, answer.gpus, answer.tensor_parallel)
    ]
    rows = []
    for one in found:
        share = f", gpu-memory-utilization {one.utilization}" if one.utilization else ""
        rows.append(("measured", f"{one.context:,} tokens; KV cache of {one.tokens:,} tokens{share} (kaito#2156, June 2026)"))
    return rows


def _money(answer: Fit) -> str:
    month, hour = answer.usd_per_month, answer.usd_per_hour
    if isinstance(month, Unknown):
        return str(month)
    return f"{decimals(month, 2)} USD a month, {decimals(hour, 2)} an hour (est.)"


def _fact_rows(answer: Fit) -> list[tuple[str, str]]:
    layout = (answer.tensor_parallel, answer.pipeline_parallel, answer.data_parallel)
    names = ("tensor", "pipeline", "data")
    parallel = [f"{name} {value}" for name, value in zip(names, layout, strict=True) if not isinstance(value, Unknown)]
    where = ", ".join(part for part in (answer.cloud, answer.region) if part)
    ready = answer.ready_minutes
    family = f" of {answer.vcpu_family}" if isinstance(answer.vcpu_family, str) else ""
    return [
        ("model", answer.model),
        ("size", f"{answer.size} ({where})" if where else answer.size),
        ("sized for", f"{answer.context_tokens:,} tokens of context"),
        ("nodes", f"{in_words(answer.nodes)} (est.)" if isinstance(answer.nodes, int) else str(answer.nodes)),
        ("GPUs", f"{answer.gpus} x {answer.gpu_model}" if isinstance(answer.gpus, int) else str(answer.gpus)),
        ("parallelism", ", ".join(parallel) or str(answer.tensor_parallel)),
        ("context", _room(answer)),
        *_measured(answer),
        ("ready in", str(ready) if isinstance(ready, Unknown) else f"{ready:.0f} min from pod start, new nodes on top (est.)"),
        ("disk", f"{answer.disk_gib} GiB a node"),
        ("vCPUs", f"{in_words(answer.vcpus)}{family}"),
        ("price", _money(answer)),
    ]


def size_text(answer: Fit, page: Page) -> str:
    """Return the answer for one size as labelled lines, then its problems, then the day of the price."""
    text = facts(f"{answer.model} on {answer.size}", _fact_rows(answer), page)
    if answer.problems:
        text += "\n" + judged("what to know", answer.problems, page)
    if answer.cloud and isinstance(answer.usd_per_month, float):
        text += "\n" + prose(price_note((answer.cloud,), answer.region), page)
    return text


COLUMNS: Final = (
    Column(title="Size"),
    Column(title="Nodes x\nGPUs est.", cuts=True),
    Column(title="TP/PP/DP", number=True),
    Column(title="Context\nest.", number=True),
    Column(title="USD/h\nest.", number=True),
    Column(title="USD/month\nest.", number=True),
)


def row(answer: Fit) -> tuple[str, ...]:
    """Return the cells of one size that holds the model."""
    if isinstance(answer.nodes, Unknown) or isinstance(answer.gpus, Unknown):
        shape = UNKNOWN
    else:
        shape = f"{answer.nodes} x {answer.gpus // answer.nodes} {product(answer.gpu_model)}"
    layout = f"{whole(answer.tensor_parallel)}/{whole(answer.pipeline_parallel)}/{whole(answer.data_parallel)}"
    mark = " !" if any(problem.severity == "warning" for problem in answer.problems) else ""
    room, price = whole(answer.max_context_tokens), whole(answer.usd_per_month)
    own = " (arc)" if answer.cloud == "arc" else ""
    return (f"{answer.size}{own}{mark}", shape, layout, room, decimals(answer.usd_per_hour, 2), price)


def sizes_text(card: ModelCard, holding: Sequence[Fit], refused: Sequence[Fit], page: Page, sort: str = PRICE) -> str:
    """Return the table of the sizes that hold a model, and below it why the others do not."""
    context = (*holding, *refused)[0].context_tokens if holding or refused else 0
    head = f"{card.id}: {count(len(holding), 'size')} for {context:,} tokens of context, {ORDERS[sort]}"
    text = prose(head if holding else f"{card.id}: no size for {context:,} tokens of context", page)
    if holding:
        text += "\n" + table(COLUMNS, [row(answer) for answer in holding], page)
    if refused:
        columns = (Column(title="Size"), Column(title="Cloud"), Column(title="Why it does not", wraps=True))
        rows = [(answer.size, answer.cloud, _reasons(answer)) for answer in refused]
        text += "\n" + table(columns, rows, page)
    return text + "\n" + "".join(prose(note, page) for note in _notes(card, holding, refused))


def _reasons(answer: Fit) -> str:
    codes = dict.fromkeys(problem.code for problem in errors(answer.problems) or answer.problems)
    return "; ".join(f"{code} {CODES.get(code, code)}" for code in codes)


def _notes(card: ModelCard, holding: Sequence[Fit], refused: Sequence[Fit]) -> list[str]:
    notes = ["Why in figures: `kaito-iac fit MODEL --size SIZE`."] if refused else []
    notes.append(f"Ready in {card.ready_seconds / 60:.0f} min from pod start (est.); new nodes come on top.")
    notes.append(f"Disk: {card.disk_gib} GiB a node. TP/PP/DP: tensor, pipeline and data parallelism.")
    choice = chosen(card)
    if any(answer.size == choice for answer in holding):
        notes.append(f"The preset {card.preset_name} uses {choice}: `kaito-iac presets {card.preset_name}` says why.")
    warned: dict[str, Any] = {p.code: p for answer in holding for p in answer.problems if p.severity == "warning"}
    if warned:
        notes.append("! works with caveats: `kaito-iac fit MODEL --size SIZE` shows them.")
    if card.gated is True:
        notes.append("The model is gated: the Workspace needs access_secret, a Secret with the key HF_TOKEN.")
    region = holding[0].region if holding and len({answer.cloud for answer in holding}) == 1 else None
    asked = {answer.region for answer in holding}
    notes.append(price_note({answer.cloud for answer in holding}, region or (asked.pop() if len(asked) == 1 else None)))
    return notes

"""Turns the options of `fit` into a question, and refuses those that make no sense together."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from pathlib import Path
from typing import BinaryIO, Final

from kaito_iac.catalog.find import find_model
from kaito_iac.catalog.price import LIST_PRICES, PriceBook
from kaito_iac.catalog.record import ModelCard
from kaito_iac.cli.command import BadParameter
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.fit_lines import answer_all
from kaito_iac.cli.fits import fit_all, fit_size
from kaito_iac.cli.number_format import count
from kaito_iac.cli.printing import note, say, write
from kaito_iac.cli.progress import Counter
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.sold_sizes import shop_of
from kaito_iac.cli.strictness import LENIENT, Strictness
from kaito_iac.problem import errors
from kaito_iac.sizing.fit import Query
from kaito_iac.sizing.weights import own_card

MOST: Final = 2**50
"""Largest figure that is taken for a fact of a model."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a user states of a model outside the catalogue; None: not stated."""

    weights_gib: float | None = None
    bytes_per_token: int | None = None
    max_context: int | None = None
    layers: int | None = None
    heads: int | None = None
    kv_heads: int | None = None


NEEDED: Final = ("weights_gib", "bytes_per_token", "max_context")
"""The facts without which nothing can be sized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything the command was called with."""

    model: str | None = None
    size: str | None = None
    context: int | None = None
    region: str | None = None
    cloud: str | None = None
    everything: bool = False
    facts: Facts = Facts()
    prices: Path | None = None
    quota: Path | None = None
    subscription: str = ""
    sort: str = "price"
    config: Path | None = None
    """config.json of a model of your own."""
    strictness: Strictness = LENIENT


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def card_of(name: str, facts: Facts) -> ModelCard | None:
    """Return the card of a model whose facts are stated; None when none is; half of them are a usage error."""
    stated = {key: value for key, value in asdict(facts).items() if value is not None}
    if not stated:
        return None
    if find_model(name):
        raise BadParameter(f"{name!r} is in the catalogue: its facts are known; leave out {_option(next(iter(stated)))}")
    if missing := [_option(key) for key in NEEDED if key not in stated]:
        raise BadParameter(f"a model outside the catalogue also needs {', '.join(missing)}")
    for key, value in stated.items():
        if not (isfinite(value) and 0 < value <= MOST):
            raise BadParameter(f"{value} is not above 0 and at most {MOST}", param_hint=_option(key))
    if not name.strip():
        raise BadParameter("the model has no name")
    return own_card(
        name.strip(),
        weights_gib=stated["weights_gib"],
        bytes_per_token=stated["bytes_per_token"],
        max_context_tokens=stated["max_context"],
        layers=stated.get("layers", 0),
        heads=stated.get("heads", 0),
        kv_heads=stated.get("kv_heads", 0),
    )


def with_config(asked: Asked, config: Path) -> Asked:
    """Return what was asked with the facts of a config.json, where they are not stated; its name is used for the model's."""
    from kaito_iac.sizing.model_config import read_facts

    if asked.model and find_model(asked.model):
        raise BadParameter(f"{asked.model!r} is in the catalogue: its facts are known; leave out --config")
    found, problems = read_facts(config, weights_gib=asked.facts.weights_gib)
    if found is None:
        raise Refused("fit", problems)
    stated = {key: value for key, value in asdict(asked.facts).items() if value is not None}
    facts = {
        "weights_gib": found.weights_gib,
        "bytes_per_token": found.bytes_per_token,
        "max_context": found.max_context_tokens,
        "layers": found.layers,
        "heads": found.heads,
        "kv_heads": found.kv_heads,
    }
    return replace(asked, model=asked.model or found.name or "model", facts=Facts(**{**facts, **stated}), config=None)


def answer(asked: Asked) -> Reply:
    """Answer for one model, on one size or on all."""
    if asked.config is not None:
        asked = with_config(asked, asked.config)
    if asked.model is None:
        raise BadParameter("give MODEL, or --models FILE")
    card = card_of(asked.model, asked.facts)
    book, shop = book_of(asked.prices, asked.quota), shop_of(asked.quota, asked.subscription)
    if asked.size is None:
        return fit_all(
            asked.model,
            context=asked.context,
            region=asked.region,
            cloud=asked.cloud,
            everything=asked.everything,
            card=card,
            prices=book,
            sort=asked.sort,
            shop=shop,
            strictness=asked.strictness,
        )
    if asked.cloud or asked.everything:
        raise BadParameter(f"--size names one size, so {'--cloud' if asked.cloud else '--all'} has no meaning")
    query = Query(model=asked.model, size=asked.size, context=asked.context, region=asked.region, prices=book)
    return fit_size(query, card, shop, asked.strictness)


def book_of(prices: Path | None, quota: Path | None = None) -> PriceBook:
    """Return the prices of a file, else of the quota file, else list prices; refuse what cannot be used, report an old one."""
    if prices is None and quota is None:
        return LIST_PRICES
    from kaito_iac.planning.pricing import prices_of

    book, problems = prices_of(prices, quota)
    if errors(problems):
        raise Refused("prices", problems)
    for problem in problems:
        say(f"{problem.severity}: {problem.headline}")
    return book


def answer_file(name: str, asked: Asked) -> ExitCode:
    """Answer the questions of a file, or of stdin for `-`; exit code 1 when any has a problem of severity error."""
    if asked != Asked():
        given = next(field.name for field in fields(asked) if getattr(asked, field.name) != getattr(Asked(), field.name))
        option = {"model": "MODEL", "strictness": "--strict or --ignore", "everything": "--all", "facts": "facts of a model"}.get(
            given, f"--{given}"
        )
        raise BadParameter(f"--models takes its questions from the file, so {option} has no meaning")
    if name == "-":
        if sys.stdin is None:
            raise Refused("stdin is closed")
        return _answer_stream(sys.stdin.buffer)
    try:
        with open(name, "rb") as stream:
            return _answer_stream(stream)
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.filename is None):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise Refused(f"cannot read {name}: {reason}") from error


def _answer_stream(stream: BinaryIO) -> ExitCode:
    counter = Counter("questions answered", sys.stderr)
    try:
        tally = answer_all(stream, write, counter)
    finally:
        counter.end()
    note(f"{count(tally.asked, 'question')}, {tally.failed or 'none'} with errors")
    return ExitCode.PROBLEMS if tally.failed else ExitCode.OK

"""Answers the question before the purchase: what does this model on this size with this context come to?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import floor
from typing import Any

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import find_model, find_size, model_problem, size_problems
from kaito_iac.catalog.load import mig_profiles, sizes
from kaito_iac.catalog.price import DEFAULT_REGION, HOURS_PER_MONTH, LIST_PRICES, PriceBook
from kaito_iac.catalog.record import GpuSize, ModelCard
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.sizing.estimate import DEFAULT_CONTEXT, Estimate, NoFit, estimate
from kaito_iac.sizing.fit_problems import (
    MANY_NODES,
    context_problems,
    layout_problems,
    limit_problem,
    no_fit_problem,
    sequence_problems,
)
from kaito_iac.sizing.hardware import Hardware, of_mig, of_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked: a model, a size, a context in tokens (None: KAITO's default of 2048), a region for the price."""

    model: str
    size: str
    context: int | None = None
    region: str | None = None
    version: str | None = None
    prices: PriceBook = field(default=LIST_PRICES, compare=False, repr=False)
    """What nodes are priced by; not part of what makes two questions the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The answer; a figure is Unknown where it is not stated, or where KAITO refuses before it comes to it."""

    model: str
    size: str
    cloud: str
    region: str
    context_tokens: int
    nodes: int | Unknown
    gpus: int | Unknown
    gpu_model: str
    tensor_parallel: int | Unknown
    pipeline_parallel: int | Unknown
    data_parallel: int | Unknown
    cache_tokens: int | Unknown
    """Estimate of the tokens that vLLM's KV cache holds."""
    max_context_tokens: int | Unknown
    """Estimate of the context that vLLM finds room for, tokens, at most the model's limit."""
    full_requests: float | Unknown
    """Estimate of the requests of that context that the cache holds at once."""
    ready_minutes: float | Unknown
    """KAITO's startup-probe budget from pod start, minutes; new nodes come on top."""
    disk_gib: int | Unknown
    """Disk per node, GiB."""
    vcpus: int | Unknown
    """vCPUs of all nodes."""
    vcpu_family: str | Unknown
    usd_per_month: float | Unknown
    """Price of all nodes for 730 hours, USD; an estimate without disks and traffic."""
    problems: tuple[Problem, ...]

    @property
    def usd_per_hour(self) -> float | Unknown:
        """Return the price of all nodes for an hour, USD."""
        month = self.usd_per_month
        return month if isinstance(month, Unknown) else round(month / HOURS_PER_MONTH, 4)

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain data: camelCase keys, null for what is unknown, and why under `unknown`."""
        values = {
            "model": self.model,
            "size": self.size,
            "cloud": self.cloud or None,
            "region": self.region or None,
            "contextTokens": self.context_tokens,
            "nodes": self.nodes,
            "gpus": self.gpus,
            "gpuModel": self.gpu_model or None,
            "tensorParallel": self.tensor_parallel,
            "pipelineParallel": self.pipeline_parallel,
            "dataParallel": self.data_parallel,
            "cacheTokens": self.cache_tokens,
            "maxContextTokens": self.max_context_tokens,
            "fullRequests": self.full_requests,
            "readyMinutes": self.ready_minutes,
            "diskGiB": self.disk_gib,
            "vcpus": self.vcpus,
            "vcpuFamily": self.vcpu_family,
            "usdPerHour": self.usd_per_hour,
            "usdPerMonth": self.usd_per_month,
        }
        unknown = {key: value.reason for key, value in values.items() if isinstance(value, Unknown)}
        plain = {key: None if isinstance(value, Unknown) else value for key, value in values.items()}
        return {**plain, "unknown": unknown, "problems": [problem.as_json() for problem in self.problems]}


def unanswered(query: Query, problems: tuple[Problem, ...], why: str = "refused: see problems") -> Fit:
    """Return the answer to a question that has none: every figure unknown for the same reason, and what is wrong."""
    reason = Unknown(why)
    return Fit(
        model=query.model,
        size=query.size,
        cloud="",
        region=query.region or "",
        context_tokens=DEFAULT_CONTEXT if query.context is None else query.context,
        nodes=reason,
        gpus=reason,
        gpu_model="",
        tensor_parallel=reason,
        pipeline_parallel=reason,
        data_parallel=reason,
        cache_tokens=reason,
        max_context_tokens=reason,
        full_requests=reason,
        ready_minutes=reason,
        disk_gib=reason,
        vcpus=reason,
        vcpu_family=reason,
        usd_per_month=reason,
        problems=problems,
    )


def _hardware(name: str) -> tuple[GpuSize | None, Hardware | None]:
    profile = mig_profiles().get(name.strip().lower())
    if profile:
        return None, of_mig(profile)
    size = find_size(name)
    return size, of_size(size) if size else None


def fit(query: Query) -> Fit:
    """Answer one query; never raises: an unknown name and a refusal of KAITO are problems of the answer."""
    model = find_model(query.model)
    if model is None:
        return unanswered(query, (model_problem(query.model, "model"), *_size_problems(query.size)))
    return fit_card(model, query)


def fit_card(model: ModelCard, query: Query) -> Fit:
    """Answer one query for a card, of the catalogue or of your own; the query's model name plays no part."""
    size, hardware = _hardware(query.size)
    problems = list(_size_problems(query.size))
    if query.context is not None and (beyond := limit_problem(model, query.context, "context")):
        problems.append(beyond)
    if hardware is None:
        return replace(unanswered(query, tuple(problems)), model=model.id, ready_minutes=_minutes(model), disk_gib=model.disk_gib)
    return _fit(model, size, hardware, query, problems)


def _size_problems(name: str) -> tuple[Problem, ...]:
    return () if name.strip().lower() in mig_profiles() else size_problems(name, None, "size")


def _minutes(model: ModelCard) -> float:
    return round(model.ready_seconds / 60, 3)


def _fit(model: ModelCard, size: GpuSize | None, hardware: Hardware, query: Query, problems: list[Problem]) -> Fit:
    """Fill in the figures for names that are known."""
    slice_of = Unknown("a MIG slice is part of a node of yours")
    region = query.region or (DEFAULT_REGION[size.cloud] if size else "")
    answer = replace(
        unanswered(query, ()),
        model=model.id,
        size=hardware.label,
        cloud=size.cloud if size else "",
        region=region,
        gpu_model=hardware.gpu_model,
        ready_minutes=_minutes(model),
        disk_gib=model.disk_gib,
        vcpu_family=size.quota_family if size else slice_of,
    )
    if any(problem.code in ("KS203", "KS102") for problem in problems):
        return replace(answer, problems=tuple(problems))
    found = estimate(model, hardware, DEFAULT_CONTEXT if query.context is None else query.context, query.version)
    if isinstance(found, NoFit):
        return replace(answer, problems=(*problems, no_fit_problem(model, found, "size")))
    problems += [
        *layout_problems(model, found),
        *context_problems(model, hardware, found, query.context),
        *sequence_problems(hardware, found),
        *_remarks(model, found, hardware),
    ]
    vcpus = size.vcpus if size else slice_of
    price = query.prices.of(size, region) if size else slice_of
    return replace(
        _laid_out(answer, found),
        vcpus=vcpus if isinstance(vcpus, Unknown) else vcpus * found.nodes,
        usd_per_month=price if isinstance(price, Unknown) else round(price * HOURS_PER_MONTH * found.nodes, 2),
        problems=tuple(problems),
    )


def _laid_out(answer: Fit, found: Estimate) -> Fit:
    """Return the answer with the figures of the estimate."""
    return replace(
        answer,
        nodes=found.nodes,
        gpus=found.gpus,
        tensor_parallel=found.tensor_parallel,
        pipeline_parallel=found.pipeline_parallel,
        data_parallel=found.data_parallel,
        cache_tokens=found.cache.tokens,
        max_context_tokens=found.cache.context,
        full_requests=floor(10 * found.cache.requests) / 10,
    )


def _remarks(model: ModelCard, found: Estimate, hardware: Hardware) -> Iterator[Problem]:
    if found.nodes > MANY_NODES:
        message = f"{found.nodes} x {hardware.label} for one model"
        yield Problem("KS214", "size", message, f"at most {MANY_NODES} nodes", "choose a size with more GPU memory", "warning")
    if model.gated is True:
        message = f"{model.id} is gated: its weights are downloaded with a token of a user who accepted the licence"
        yield Problem("KS204", "model", message, "", "give the Workspace access_secret, a Secret with the key HF_TOKEN", "info")


def fits(
    model: str,
    *,
    context: int | None = None,
    region: str | None = None,
    cloud: str | None = None,
    prices: PriceBook = LIST_PRICES,
) -> tuple[Fit, ...]:
    """Answer for every size (of one cloud, or of all), best first: what works, then by cost, nodes and GPUs."""
    return _best_first(fit(query) for query in _queries(model, context, region, cloud, prices))


def fits_card(
    model: ModelCard,
    *,
    context: int | None = None,
    region: str | None = None,
    cloud: str | None = None,
    prices: PriceBook = LIST_PRICES,
) -> tuple[Fit, ...]:
    """Answer for every size as `fits` does, for a card of your own."""
    return _best_first(fit_card(model, query) for query in _queries(model.id, context, region, cloud, prices))


def _queries(model: str, context: int | None, region: str | None, cloud: str | None, prices: PriceBook) -> Iterator[Query]:
    names = (size.name for size in sizes().values() if cloud in (None, size.cloud))
    return (Query(model=model, size=name, context=context, region=region, prices=prices) for name in names)


def _best_first(answers: Iterable[Fit]) -> tuple[Fit, ...]:
    return tuple(sorted(answers, key=_rank))


def _rank(answer: Fit) -> tuple[Any, ...]:
    def last(value: float | Unknown) -> tuple[bool, float]:
        return (True, 0.0) if isinstance(value, Unknown) else (False, float(value))

    warned = any(problem.severity == "warning" for problem in answer.problems)
    cloud = CLOUDS.index(answer.cloud) if answer.cloud in CLOUDS else len(CLOUDS)
    return (
        bool(errors(answer.problems)),
        warned,
        last(answer.usd_per_month),
        last(answer.nodes),
        last(answer.gpus),
        cloud,
        answer.size,
    )

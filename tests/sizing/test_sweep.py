"""Every model on every size: the answer equals a computation written from KAITO's documentation with exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from kaito_iac.catalog.load import table_of
from kaito_iac.problem import Unknown, errors
from kaito_iac.sizing.fit import Query, fit

GIB = Fraction(2**30)
MODELS: list[dict[str, Any]] = table_of("models.json")["models"]
SIZES: list[dict[str, Any]] = table_of("sizes.json")["sizes"]
PRICES: dict[str, dict[str, float]] = {
    name: prices
    for table in reversed(table_of("prices.json")["tables"])
    if table["kind"] == "onDemand"
    for name, prices in table["usdPerHour"].items()
}
HOME = {"azure": "eastus", "aws": "us-east-1", "arc": "on premises"}


def expected(model: dict[str, Any], size: dict[str, Any], context: int) -> dict[str, Any] | None:
    """Computes the figures of one answer; None where KAITO refuses."""
    on_disk, per_token, gpus = Fraction(model["weightsBytes"]), model["bytesPerToken"], size["gpus"]
    memory = Fraction(size["gpuMemoryGiB"], gpus) * GIB
    weights = on_disk * Fraction("1.02")
    reserve = Fraction("2.3") * GIB + Fraction(context * per_token, gpus)
    if memory * Fraction("0.84") <= reserve:
        return None
    room = (memory * Fraction("0.84") - reserve) / Fraction("1.05")
    nodes = -(-(floor(weights / room) + 1) // gpus)
    replicated = nodes == 1 and gpus > 1 and 2 * gpus * on_disk < memory * gpus
    tensor, pipeline, data = (1, 1, gpus) if replicated else (gpus, nodes, 1)
    price = PRICES.get(size["cloudName"], {}).get(HOME[size["cloud"]])
    return {
        "nodes": nodes,
        "gpus": nodes * gpus,
        "parallel": (tensor, pipeline, data),
        "vcpus": size["vcpus"] and size["vcpus"] * nodes,
        "usdPerMonth": price and pytest.approx(price * 730 * nodes, abs=0.006),
    }


def asked(model: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    for size in SIZES:
        for context in (2048, 8192, model["maxContextTokens"]):
            yield size, context


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["id"])
def test_every_size_and_three_contexts(model: dict[str, Any]) -> None:
    """Nodes, GPUs, layout, context, vCPUs, family, disk, time and cost are the expected ones, or there is an error."""
    hundredths = round(float(model["weightsSize"].removesuffix("Gi")) * 100)
    minutes = min(max(15 + Fraction(18 * hundredths, 100 * 60), 30), 180)
    for size, context in asked(model):
        answer = fit(Query(model=model["id"], size=size["name"], context=context))
        plain = answer.as_json()
        wanted = expected(model, size, context) if context <= model["maxContextTokens"] else None
        got = {
            **{key: plain[key] for key in ("nodes", "gpus", "vcpus", "usdPerMonth")},
            "parallel": (plain["tensorParallel"], plain["pipelineParallel"], plain["dataParallel"]),
        }
        assert got == (wanted or {**dict.fromkeys(got), "parallel": (None, None, None)}), (size["name"], context)
        assert wanted or errors(answer.problems), (size["name"], context)
        assert plain["readyMinutes"] == pytest.approx(float(minutes), abs=0.0006)
        assert plain["diskGiB"] == (hundredths + 8000) // 100
        assert plain["vcpuFamily"] == size["quotaFamily"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model["id"])
def test_what_is_unknown_says_why(model: dict[str, Any]) -> None:
    """Every figure is a number above zero (zero for the context alone) or an Unknown with a reason."""
    for size, context in asked(model):
        answer = fit(Query(model=model["id"], size=size["name"], context=context))
        for figure in (answer.nodes, answer.gpus, answer.vcpus, answer.usd_per_month, answer.ready_minutes, answer.disk_gib):
            assert figure.reason if isinstance(figure, Unknown) else figure > 0
        told = answer.as_json()
        assert all(told[key] is None and reason for key, reason in told["unknown"].items())

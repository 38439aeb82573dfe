"""The command `sizes`: the VM sizes with GPUs that KAITO knows, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.load import DEFAULT_VERSION, facts_date, mig_profiles, sizes, table_of
from kaito_iac.catalog.price import HOURS_PER_MONTH, price_date, regions, usd_per_hour
from kaito_iac.catalog.record import GpuSize
from kaito_iac.cli.fact_source import fact_sources, source_rows
from kaito_iac.cli.number_format import count, decimals, in_words, product, whole
from kaito_iac.cli.price_note import price_note, price_source, region_notes, region_of
from kaito_iac.cli.reply import Reply, refusal
from kaito_iac.cli.table import Column, facts, judged, prose, table
from kaito_iac.cli.terminal import Page
from kaito_iac.problem import Unknown

COLUMNS: Final = (
    Column(title="Size"),
    Column(title="GPUs", cuts=True),
    Column(title="GiB", number=True),
    Column(title="vCPUs", number=True),
    Column(title="USD/h", number=True),
    Column(title="spot/h", number=True),
    Column(title="USD/month", number=True),
)


def gpu_products() -> tuple[str, ...]:
    """Return the GPU products of the catalogue without their makers, sorted."""
    return tuple(sorted({product(size.gpu_model) for size in sizes().values()}, key=str.lower))


def gpu_product(name: str) -> str:
    """Return the product of a name in any case, with or without its maker; the name itself when there is none."""
    wanted = name.strip().lower()
    named = {form.lower(): product(form) for size in sizes().values() for form in (size.gpu_model, product(size.gpu_model))}
    return named.get(wanted, name)


def list_sizes(*, cloud: str | None = None, gpu: str | None = None, region: str | None = None) -> Reply:
    """List the sizes by cloud, GPU product and number of GPUs."""
    found = [size for size in sizes().values() if cloud in (None, size.cloud) and gpu in (None, product(size.gpu_model))]
    found.sort(key=lambda size: (CLOUDS.index(size.cloud), product(size.gpu_model), size.gpus, _order(size), size.name))
    data = {
        "kaitoVersion": DEFAULT_VERSION,
        "date": facts_date(),
        "hoursPerMonth": HOURS_PER_MONTH,
        "sizes": [size_data(size, region) for size in found],
    }
    return Reply(data=data, text=lambda page: sizes_text(found, region, page), talk=region_notes(region, cloud))


def _order(size: GpuSize) -> int:
    return 0 if isinstance(size.vcpus, Unknown) else size.vcpus


def show_size(name: str, region: str | None = None) -> Reply:
    """Show one size with every fact, its prices in all regions, and where they come from."""
    size = find_size(name)
    if size is None:
        slice_of = name.strip().lower() in mig_profiles()
        talk = (f"{name} is a MIG profile, part of a node; `kaito-iac fit MODEL --size {name}` takes it",) if slice_of else ()
        return replace(refusal("sizes", size_problems(name, None, "name")), talk=talk)
    everywhere = [price_data(size, one) for one in regions(size.cloud)]
    data = {
        **size_data(size, region),
        "prices": [price for price in everywhere if price["usdPerHour"] is not None],
        "sources": fact_sources("sizes", _row(size)),
        "problems": [problem.as_json() for problem in size_problems(size.name, None, "name")],
    }
    return Reply(data=data, text=lambda page: size_text(size, region, page), talk=region_notes(region, size.cloud))


def _row(size: GpuSize) -> dict[str, Any]:
    return next(dict(row) for row in table_of("sizes.json")["sizes"] if row["name"] == size.name)


def price_data(size: GpuSize, region: str) -> dict[str, Any]:
    """Return the price of one node in a region as plain data: null and a reason where it is not stated, never 0."""
    hour, spot = usd_per_hour(size, region), usd_per_hour(size, region, spot=True)
    values = {"usdPerHour": hour, "usdPerMonth": _month(hour), "spotUsdPerHour": spot}
    unknown = {key: value.reason for key, value in values.items() if isinstance(value, Unknown)}
    plain = {key: None if isinstance(value, Unknown) else value for key, value in values.items()}
    dated = price_source(size.cloud)
    price = {"date": price_date(size.cloud, region) or (dated and dated["date"]), "source": dated and dated["title"]}
    return {"region": region, **plain, "currency": "USD", **price, "unknown": unknown}


def _month(hour: float | Unknown) -> float | Unknown:
    return hour if isinstance(hour, Unknown) else round(hour * HOURS_PER_MONTH, 2)


def size_data(size: GpuSize, region: str | None) -> dict[str, Any]:
    """Return a size as plain data: the facts of the catalogue, what follows from them, its price, and why a fact is null."""
    facts_unknown = (("vcpus", size.vcpus), ("memoryGiB", size.memory_gib), ("quotaFamily", size.quota_family))
    possible = (*facts_unknown, ("labelMemoryMiB", size.label_memory_mib))
    return {
        **_row(size),
        "schedulable": size.schedulable,
        "provisionable": size.provisionable,
        "price": price_data(size, region_of(size.cloud, region)),
        "unknown": {key: value.reason for key, value in possible if isinstance(value, Unknown)},
    }


def cells(size: GpuSize, region: str | None) -> tuple[str, ...]:
    """Return the cells of one size."""
    where = region_of(size.cloud, region)
    hour, spot = usd_per_hour(size, where), usd_per_hour(size, where, spot=True)
    gpus = f"{size.gpus} x {product(size.gpu_model)}"
    memory, vcpus = whole(size.gpu_memory_gib), whole(size.vcpus)
    return (size.name, gpus, memory, vcpus, decimals(hour, 3), decimals(spot, 3), whole(_month(hour)))


def sizes_text(found: Sequence[GpuSize], region: str | None, page: Page) -> str:
    """Return one table per cloud, and the sizes no workload of KAITO can run on by name."""
    if not found:
        return "No size matches.\n"
    parts = []
    for cloud in CLOUDS:
        mine = [size for size in found if size.cloud == cloud]
        usable = [size for size in mine if size.schedulable and size.provisionable]
        useless = [size.name for size in mine if size not in usable]
        if usable:
            heading = f"{cloud}. {price_note((cloud,), region)}"
            parts.append(prose(heading, page) + "\n" + table(COLUMNS, [cells(size, region) for size in usable], page))
        if useless:
            message = f"{cloud}, known to KAITO, but no workload can run there (`kaito-iac sizes NAME` says why): "
            parts.append(prose(f"{message}{', '.join(useless)}.", page))
    known = f"{count(len(found), 'size')} of KAITO {DEFAULT_VERSION}, facts of {facts_date()}. GiB: memory of all GPUs together."
    return "\n".join([*parts, prose(known, page)])


def size_text(size: GpuSize, region: str | None, page: Page) -> str:
    """Return every fact of one size, and its prices."""
    each = f"{size.gpu_memory_per_gpu_gib:g} GiB each" if size.gpus > 1 else f"{size.gpu_memory_gib} GiB"
    rows = [
        ("cloud", size.cloud if size.provisionable else f"{size.cloud}, which calls it {size.cloud_name}"),
        ("GPUs", f"{size.gpus} x {size.gpu_model}, {each}"),
        ("vCPUs", in_words(size.vcpus)),
        ("memory", f"{in_words(size.memory_gib)} GiB" if isinstance(size.memory_gib, int) else str(size.memory_gib)),
        ("quota family", str(size.quota_family)),
        ("NVMe disk", "used for weights" if size.nvme else "not used for weights"),
        ("MIG", "can be cut into slices" if size.mig_capable else "no"),
        *([("note", size.note)] if size.note else []),
        *_price_rows(size, region),
        *source_rows(fact_sources("sizes", _row(size))),
    ]
    text = facts(size.name, rows, page)
    problems = size_problems(size.name, None, "size")
    return text + ("\n" + judged("what to know", problems, page) if problems else "")


def _price_rows(size: GpuSize, region: str | None) -> list[tuple[str, str]]:
    where = (region,) if region else regions(size.cloud)
    priced = [(one, usd_per_hour(size, one), usd_per_hour(size, one, spot=True)) for one in where]
    known = [entry for entry in priced if region or not isinstance(entry[1], Unknown)]
    rows = [("" if index else "price", f"{one}: {_price_text(hour, spot)}") for index, (one, hour, spot) in enumerate(known)]
    if not rows:
        return [("price", "unknown (no list price on record)")]
    dated = price_source(size.cloud)
    return [*rows, ("prices of", f"{dated['date']}, {dated['title']}")] if dated else rows


def _price_text(hour: float | Unknown, spot: float | Unknown) -> str:
    if isinstance(hour, Unknown):
        return str(hour)
    cheap = f"spot {decimals(spot, 3)}" if not isinstance(spot, Unknown) else "spot unknown"
    return f"{decimals(hour, 3)} USD/h, {decimals(_month(hour), 2)} USD a month; {cheap}"

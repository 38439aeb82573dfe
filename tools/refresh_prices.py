"""Rewrites kaito_iac/catalog/data/prices.json from published price tables and prints what changed, price by price.

    python tools/refresh_prices.py [--azure FILE] [--aws FILE ...] [--aws-zones CSV --dated DATE] [--out FOLDER]

--azure   karpenter-provider-azure, pkg/providers/pricing/zz_generated.pricing.go (on demand, all regions)
--aws     karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go and its sister of the US government;
          the one of China is left out, since its prices are in yuan
--aws-zones  skypilot-catalog, catalogs/v9/aws/vms.csv: on demand by region, and spot by zone, of which the lowest counts

A table whose source is not given stays as it is. Only GPU sizes and the usual sizes of system nodes are kept. No network is used.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from refresh_catalog import DATA, changes

SOURCES: Final = {
    "karpenter-azure": {
        "cloud": "azure",
        "title": "github.com/Azure/karpenter-provider-azure, pkg/providers/pricing/zz_generated.pricing.go",
    },
    "karpenter-aws": {
        "cloud": "aws",
        "title": "github.com/aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go",
    },
    "skypilot-aws": {"cloud": "aws", "title": "github.com/skypilot-org/skypilot-catalog, catalogs/v9/aws/vms.csv"},
}
"""Where prices are from; dates stand in the files. Tables of other sources stay as they are."""
KEPT: Final = {
    "azure": re.compile(r"Standard_N(C|CC|D|G|V)\d\w*|Standard_D(2|4|8|16)(s|ds|as|ads)_v[3-9]"),
    "aws": re.compile(r"(p|g|gr|trn|inf)\d[\w-]*\.\w+|(m5a?|m6[iag]|m7[iag]|m8[ig]|c5|c6i|c7i|r5|r6i|t3a?)\.(\d?x?large)"),
}
"""Sizes whose prices are kept: all with GPUs or other accelerators, and those that system nodes are usually of."""
LEFT_OUT: Final = re.compile(r".*_Promo|Standard_N[CDV]\d+r?s?_v2")
"""Azure's sizes that are no longer sold."""

Prices = dict[str, dict[str, float]]
"""Size to region to US dollars an hour."""


def go_prices(text: str, kept: re.Pattern[str]) -> tuple[str, Prices]:
    """Read a generated table of Karpenter: day of its making, and prices above 0 by size and region."""
    made = re.search(r"generated at (\d{4}-\d\d-\d\d)", text)
    if not made:
        raise SystemExit("no day in the table: is it one of Karpenter's generated ones?")
    found: Prices = {}
    region = ""
    for line in text.splitlines():
        opened = re.search(r'(?:initialOnDemandPrices\["|^\t")([\w-]+)"\]?(?: =|: \{)', line)
        if opened:
            region = opened[1]
            continue
        for name, usd in re.findall(r'"([^"]+)":\s*([\d.]+)', line):
            if kept.fullmatch(name) and not LEFT_OUT.fullmatch(name) and float(usd) > 0:
                found.setdefault(name, {})[region] = float(usd)
    return made[1], found


def zone_prices(path: Path) -> tuple[Prices, Prices]:
    """Read a table of zones: on demand by region, and the lowest spot price of its zones where one is below it."""
    hourly: Prices = {}
    spot: Prices = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            name, region = row["InstanceType"], row["Region"]
            if not KEPT["aws"].fullmatch(name) or not float(row["Price"] or 0) > 0:
                continue
            usd = hourly.setdefault(name, {})[region] = float(row["Price"])
            low = float(row["SpotPrice"] or 0)
            if 0 < low < usd:  # an equal figure is a placeholder
                known = spot.setdefault(name, {})
                known[region] = min(low, known.get(region, low))
    return hourly, spot


def ordered(prices: Prices) -> Prices:
    """Return prices by size, then region."""
    return {name: dict(sorted(regions.items())) for name, regions in sorted(prices.items())}


def price_table(old: Mapping[str, Any], fresh: Mapping[tuple[str, str], tuple[str, Prices]]) -> dict[str, Any]:
    """Return the whole table with those of its parts replaced that were read, by source and kind; the newest first."""
    dates = {source: date for (source, _), (date, _) in fresh.items()}
    sources = {**old.get("sources", {}), **{key: {**SOURCES[key], "date": dates[key]} for key in SOURCES if key in dates}}
    tables = {(row["source"], row["kind"]): row["usdPerHour"] for row in old.get("tables", [])}
    tables |= {key: ordered(prices) for key, (_, prices) in fresh.items()}
    rows = [
        {"source": source, "kind": kind, "usdPerHour": prices}
        for (source, kind), prices in sorted(
            tables.items(), key=lambda pair: (sources[pair[0][0]]["date"], pair[0]), reverse=True
        )
    ]
    used = {row["source"] for row in rows}
    return {
        "date": min(sources[key]["date"] for key in used),
        "currency": "USD",
        "unit": "per hour of one node",
        "sources": {key: value for key, value in sources.items() if key in used},
        "tables": rows,
    }


def table_text(table: Mapping[str, Any]) -> str:
    """Return the table as JSON with one size a line."""
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items() if key != "tables"]
    blocks = []
    for row in table["tables"]:
        sizes = ",\n".join(f"    {json.dumps(size)}: {json.dumps(regions)}" for size, regions in row["usdPerHour"].items())
        head = f'"source": {json.dumps(row["source"])}, "kind": {json.dumps(row["kind"])}'
        blocks.append(f'  {{{head}, "usdPerHour": {{\n{sizes}\n  }}}}')
    listed = ",\n".join(blocks)
    return "{\n" + ",\n".join([*parts, f'"tables": [\n{listed}\n]']) + "\n}\n"


def _by_part(table: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{row['source']}.{row['kind']}": row["usdPerHour"] for row in table.get("tables", [])}


def main(arguments: list[str]) -> None:
    """Read the files that are given and rewrite the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--azure", type=Path)
    parser.add_argument("--aws", type=Path, action="append", default=[])
    parser.add_argument("--aws-zones", type=Path)
    parser.add_argument("--dated", help="day of the CSV file, YYYY-MM-DD")
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the table; default: the package's")
    options = parser.parse_args(arguments)
    if bool(options.aws_zones) != bool(options.dated):
        parser.error("--aws-zones needs --dated, and the other way round")
    fresh: dict[tuple[str, str], tuple[str, Prices]] = {}
    if options.azure:
        fresh["karpenter-azure", "onDemand"] = go_prices(options.azure.read_text(), KEPT["azure"])
    for path in options.aws:
        day, prices = go_prices(path.read_text(), KEPT["aws"])
        before = fresh.get(("karpenter-aws", "onDemand"), (day, {}))
        together = {name: {**before[1].get(name, {}), **prices.get(name, {})} for name in {*before[1], *prices}}
        fresh["karpenter-aws", "onDemand"] = min(day, before[0]), together
    if options.aws_zones:
        hourly, spot = zone_prices(options.aws_zones)
        fresh["skypilot-aws", "onDemand"] = options.dated, hourly
        fresh["skypilot-aws", "spot"] = options.dated, spot
    path = options.out / "prices.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    table = price_table(old, fresh)
    lines = [*changes(old.get("sources"), table["sources"], "sources"), *changes(_by_part(old), _by_part(table))]
    print(f"{path.name}: {len(lines)} values changed")
    for line in lines[:200]:
        print(f"  {line[:200]}")
    if len(lines) > 200:
        print(f"  … and {len(lines) - 200} more")
    path.write_text(table_text(table))


if __name__ == "__main__":
    main(sys.argv[1:])

"""The command `prices refresh`: published prices into a dated price file, with what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kaito_iac.cli import escape
from kaito_iac.cli.number_format import count
from kaito_iac.cli.quota_fetching import replace_file
from kaito_iac.cli.reply import Refused, Reply
from kaito_iac.cli.terminal import Page
from kaito_iac.files import PLAN_BYTES, FileError, read_bytes, unzipped
from kaito_iac.problem import Problem

if TYPE_CHECKING:
    from kaito_iac.quota.price_change import Change
    from kaito_iac.quota.price_file import PriceFile
    from kaito_iac.quota.price_list import Found, Rates

_MOST: Final = 40
"""Changes that are listed; the rest is counted."""
_TITLES: Final = {"azure": "Azure's retail price API", "aws": "AWS's price list"}


def refresh(
    output: Path,
    *,
    cloud: str = "azure",
    regions: Sequence[str] = (),
    files: Sequence[Path] = (),
    address: str = "",
    dry_run: bool = False,
) -> Reply:
    """Read the prices of regions, or of saved files, and write the price file; nothing is written unless all can be read."""
    from kaito_iac.quota.price_change import changes, merged, price_text

    today = date.today()
    before, old = _before(output)
    found = _of_files(files, cloud, today) if files else _fetched(cloud, _regions(cloud, regions, old), address, today)
    if not found:
        raise Refused("prices refresh", [Problem("KQ122", cloud, "no price of a size that is kept", "prices of nodes with GPUs")])
    changed = list(changes(old, found))
    source = f"{_TITLES[cloud]}, read by kaito-iac prices refresh" if not files else f"{_TITLES[cloud]}, from {_names(files)}"
    kept = {"discount_percent": before.discount_percent, "list_prices": before.list_prices} if before else {}
    if not dry_run:
        replace_file(output, price_text(merged(old, found), today, source, kept))
    stale = sorted(set(old) - set(found))
    talk = [f"not refreshed, rates of {before.date.isoformat()} are kept: {', '.join(stale)}"] if before and stale else []
    data = {
        "file": str(output),
        "date": today.isoformat(),
        "written": not dry_run,
        "regions": sorted(found),
        "prices": sum(len(kinds) for sizes in found.values() for kinds in sizes.values()),
        "changes": [change.as_json() for change in changed],
    }
    return Reply(data=data, text=lambda page: text(data, changed, page), talk=tuple(talk))


def _before(output: Path) -> tuple[PriceFile | None, Rates]:
    """Return the price file that is there, and its rates; refuse one that cannot be read, or is in another currency."""
    from kaito_iac.quota.price_file import read_price_file

    if not output.exists():
        return None, {}
    before, problems = read_price_file(output)
    if before is None:
        raise Refused("prices refresh", problems)
    if before.currency != "USD":
        message = f"rates in {before.currency}"
        problem = Problem("KQ122", output.name, message, "US dollars, in which clouds publish prices", "name another --output")
        raise Refused("prices refresh", [problem])
    named = {
        region: {
            size: {
                kind: usd for kind, usd in (("onDemand", one.on_demand), ("spot", one.spot), ("reserved", one.reserved)) if usd
            }
            for size, one in of_sizes.items()
        }
        for region, of_sizes in before.rates.items()
    }
    return before, named


def _regions(cloud: str, regions: Sequence[str], old: Rates) -> list[str]:
    from kaito_iac.catalog.price import DEFAULT_REGION
    from kaito_iac.catalog.price import regions as known

    theirs = [region for region in old if region in known(cloud)]
    return list(dict.fromkeys(regions)) or theirs or [DEFAULT_REGION[cloud]]


def _fetched(cloud: str, regions: Sequence[str], address: str, today: date) -> Rates:
    from kaito_iac.quota.price_list import Found
    from kaito_iac.quota.price_source import NoPrices, fetch

    found = Found()
    for region in regions:
        try:
            fetch(cloud, region, found, today, address)
        except NoPrices as error:
            fix = "download the list on a machine with a network, and give it with --from FILE"
            raise Refused("prices refresh", [Problem("KQ122", f"--region {region}", str(error), "", fix)]) from error
        if region not in found.rates:
            message = f"{cloud} publishes no price of a size that is kept"
            raise Refused("prices refresh", [Problem("KQ122", f"--region {region}", message, "a region of the cloud")])
    return found.rates


def _of_files(files: Sequence[Path], cloud: str, today: date) -> Rates:
    """Read saved answers: pages of Azure's API as JSON, the list of AWS as CSV."""
    from kaito_iac.quota.price_list import Found, NotAList

    found = Found()
    for path in files:
        try:
            _take(path, cloud, found, today)
        except (NotAList, FileError) as error:
            raise Refused("prices refresh", [Problem("KQ122", path.name, str(error), "", "save the answer as it is")]) from error
        except OSError as error:
            raise Refused(f"cannot read {path}: {error.strerror}") from error
    return found.rates


def _take(path: Path, cloud: str, found: Found, today: date) -> None:
    from kaito_iac.quota.price_list import azure_items, take_aws, take_azure

    if cloud == "aws":
        with path.open(encoding="utf-8", errors="replace", newline="") as lines:
            take_aws(lines, found)
        return
    try:
        page: Any = json.loads(unzipped(read_bytes(path, PLAN_BYTES), PLAN_BYTES))
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, FileError) else FileError("no JSON") from None
    take_azure(azure_items(page), found, today)


def _names(files: Sequence[Path]) -> str:
    return ", ".join(path.name for path in files)


def text(data: dict[str, Any], changed: Sequence[Change], page: Page) -> str:
    """Return each price that changed, and what was written."""
    lines = [_line(change) for change in changed[:_MOST]]
    if len(changed) > _MOST:
        lines.append(f"… and {count(len(changed) - _MOST, 'more change')}; `--json` has all")
    if not changed:
        lines.append("no price has changed")
    done = "written" if data["written"] else "not written (--dry-run)"
    where = ", ".join(data["regions"])
    lines += ["", f"{data['file']}: {count(data['prices'], 'price')} of {where}, {data['date']}; {done}"]
    return "".join(f"{escape.line(line)}\n" for line in lines)


def _line(change: Change) -> str:
    def usd(value: float | None) -> str:
        return "none" if value is None else f"{value:.4f}"

    share = "" if change.percent is None else f" ({change.percent:+.1f} %)"
    kind = "spot" if change.kind == "spot" else "on demand"
    return f"{change.region} {change.size} {kind}: {usd(change.before)} -> {usd(change.now)} USD/h{share}"

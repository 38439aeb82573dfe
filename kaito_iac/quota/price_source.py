"""Asks a cloud for its published prices; the only module that does. Nothing is sent but the question."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

from kaito_iac.quota.price_list import AWS, AZURE, Found, NotAList, azure_filter, azure_items, take_aws, take_azure

SECONDS: Final = 60
"""How long a server may be silent."""
PAGE_BYTES: Final = 16 * 2**20
MOST_PAGES: Final = 200
MOST_LINES: Final = 5_000_000
"""Lines of a list of AWS; the longest has a few hundred thousand."""


class NoPrices(Exception):
    """Report why a cloud's prices cannot be had."""


def fetch(cloud: str, region: str, found: Found, today: date, address: str = "") -> None:
    """Add the prices of a region; raises NoPrices. `address` is that of a mirror."""
    if cloud == "azure":
        _azure(address or AZURE, region, found, today)
    else:
        _aws((address or AWS).replace("{region}", region), region, found)


def _azure(address: str, region: str, found: Found, today: date) -> None:
    following = f"{address}?{urlencode({'$filter': azure_filter(region)})}"
    for _ in range(MOST_PAGES):
        with _opened(following) as answer:
            text = answer.read(PAGE_BYTES + 1)
        try:
            page = json.loads(text) if len(text) <= PAGE_BYTES else None
            take_azure(azure_items(page), found, today)
        except (NotAList, ValueError, RecursionError):
            raise NoPrices(f"{_shown(address)} answers with no page of prices") from None
        following = page.get("NextPageLink") or "" if isinstance(page, dict) else ""
        if not following:
            return
        following = urljoin(address, str(following))
        if urlsplit(following)[:2] != urlsplit(address)[:2]:
            raise NoPrices(f"{_shown(address)} sends to another host for its next page")
    raise NoPrices(f"{_shown(address)} has more than {MOST_PAGES} pages for {region}")


def _aws(address: str, region: str, found: Found) -> None:
    with _opened(address) as answer:
        try:
            take_aws(_lines(answer), found, region)
        except (NotAList, UnicodeDecodeError):
            raise NoPrices(f"{_shown(address)} answers with no price list") from None


def _lines(answer: Any) -> Iterator[str]:
    """Return the lines of a list as they come: it is hundreds of megabytes, and never held."""
    with io.TextIOWrapper(answer, "utf-8", newline="") as text:
        for number, line in enumerate(text):
            if number > MOST_LINES or len(line) > 2**16:
                raise NotAList("too long")
            yield line


@contextmanager
def _opened(address: str) -> Iterator[Any]:
    if urlsplit(address).scheme not in ("http", "https"):
        raise NoPrices(f"{_shown(address)} is no http or https address")
    request = Request(address, headers={"Accept": "*/*", "User-Agent": "kaito-iac"})  # the scheme is checked
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            yield answer
    except HTTPError as error:
        raise NoPrices(f"{_shown(address)} answers {error.code}") from None
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise NoPrices(f"{_shown(address)} cannot be reached: {str(reason)[:120]}") from None


def _shown(address: str) -> str:
    """Return an address without what may be a login, and without its question."""
    split = urlsplit(address)
    return f"{split.scheme}://{split.netloc.rpartition('@')[2]}{split.path}"

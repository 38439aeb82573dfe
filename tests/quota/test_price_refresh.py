"""`kaito-iac prices refresh`: published prices, of fakes on this machine and of saved answers, become a price file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaito_iac.catalog.price import list_price
from kaito_iac.cli.main import main
from kaito_iac.quota.price_file import read_prices

A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
TODAY = date.today().isoformat()


def item(size: str, usd: float, **more: Any) -> dict[str, Any]:
    """Return an item as Azure's API does."""
    plain = {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": usd,
        "unitPrice": usd,
        "armRegionName": "eastus",
        "effectiveStartDate": "2024-01-01T00:00:00Z",
        "meterName": "NC24ads A100 v4",
        "productName": "Virtual Machines NCads A100 v4 Series",
        "serviceName": "Virtual Machines",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "armSkuName": size,
    }
    return {**plain, **more}


ITEMS = [
    item(A100, 3.5),
    item(A100, 1.2, meterName="NC24ads A100 v4 Spot"),
    item(A100, 2.2, meterName="NC24ads A100 v4 Low Priority"),
    item(A100, 4.9, productName="Virtual Machines NCads A100 v4 Series Windows"),
    item(A100, 3.3, effectiveStartDate="2023-01-01T00:00:00Z"),
    item(A100, 9.9, effectiveStartDate="2099-01-01T00:00:00Z"),
    item(A100, 2000.0, unitOfMeasure="1 Month", type="Reservation"),
    item(A100, 3.1, currencyCode="EUR"),
    item(H100.lower(), 7.0),
    item("Standard_B2s", 0.04),
    item(H100, 0.0, armRegionName="eastus2"),
]
COLUMNS = ["SKU", "TermType", "EffectiveDate", "Unit", "PricePerUnit", "Currency", "Instance Type", "Tenancy"]
COLUMNS += ["Operating System", "CapacityStatus", "Pre Installed S/W", "Region Code"]


def aws(size: str = "g6.xlarge", usd: str = "0.9", **more: str) -> str:
    """Return a row of AWS's list."""
    row = dict(
        zip(
            COLUMNS,
            ["X", "OnDemand", "2026-11-01", "Hrs", usd, "USD", size, "Shared", "Linux", "Used", "NA", "us-east-1"],
            strict=True,
        )
    )
    return ",".join(f'"{value}"' for value in (row | more).values())


LIST = "\n".join(
    [
        '"FormatVersion","v1.0"',
        '"Disclaimer","prices may vary, and so on"',
        '"Publication Date","2026-11-20"',
        ",".join(f'"{name}"' for name in COLUMNS),
        aws(),
        aws(usd="1.5", **{"Operating System": "Windows"}),
        aws(usd="0.5", TermType="Reserved"),
        aws(usd="1.1", Tenancy="Dedicated"),
        aws(size="t1.micro", usd="0.02"),
        aws(size="g6.12xlarge", usd="none"),
        aws(usd="0.8", EffectiveDate="2025-01-01"),
    ]
)


class Fake:
    """A server of prices: pages by their number, and what was asked."""

    def __init__(self, answer: Callable[[Fake, str], tuple[int, str]]) -> None:
        self.answer, self.asked = answer, list[str]()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.asked.append(self.path)
                status, text = fake.answer(fake, self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def serve() -> Iterator[Callable[..., Fake]]:
    fakes = []

    def start(answer: Callable[[Fake, str], tuple[int, str]]) -> Fake:
        fakes.append(Fake(answer))
        return fakes[-1]

    yield start
    for fake in fakes:
        fake.server.shutdown()
        fake.server.server_close()


@pytest.fixture
def refresh(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["prices", "refresh", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def pages(fake: Fake, path: str) -> tuple[int, str]:
    """Answers with two pages, as Azure does."""
    if path.startswith("/page2"):
        return 200, json.dumps({"Items": ITEMS[1:], "NextPageLink": None, "Count": 10})
    return 200, json.dumps({"Items": ITEMS[:1], "NextPageLink": f"{fake.url}/page2", "Count": 1})


def changed(size: str, now: float, kind: Any = "onDemand") -> str:
    """Return how a price differs from the list price in eastus."""
    listed = float(str(list_price(size, "eastus", kind)))
    return f"{listed:.4f} -> {now:.4f} USD/h ({100 * (now / listed - 1):+.1f} %)"


def test_azure(serve: Any, refresh: Any, tmp_path: Path) -> None:
    """Every page is read; Linux prices for an hour that hold today become a file, and what changed is listed."""
    fake = serve(pages)
    code, out, err = refresh("--url", f"{fake.url}/prices")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"eastus {A100} on demand: {changed(A100, 3.5)}",
        f"eastus {A100} spot: {changed(A100, 1.2, 'spot')}",
        f"eastus {H100} on demand: {changed(H100, 7.0)}",
        "",
        f"prices.yaml: 3 prices of eastus, {TODAY}; written",
    ]
    question = parse_qs(urlsplit(fake.asked[0]).query)["$filter"][0]
    assert "armRegionName eq 'eastus'" in question
    assert (tmp_path / "prices.yaml").read_text() == (
        "# Written by `kaito-iac prices refresh`; the next one replaces it.\n"
        f"date: {TODAY}\n"
        'source: "Azure\'s retail price API, read by kaito-iac prices refresh"\n'
        "rates:\n"
        "  eastus:\n"
        f"    {A100}: {{onDemand: 3.5, spot: 1.2}}\n"
        f"    {H100}: {{onDemand: 7.0}}\n"
    )
    book, problems = read_prices(tmp_path / "prices.yaml")
    assert problems == []
    assert book is not None
    assert book.per_hour(A100, "azure", "eastus", "spot") == 1.2


def test_a_second_time(serve: Any, refresh: Any, tmp_path: Path) -> None:
    """A file that is there says which regions; discounts, reservations and other regions stay; only what differs is listed."""
    (tmp_path / "prices.yaml").write_text(
        "date: 2026-01-05\ndiscountPercent: {azure: 12}\nlistPrices: false\nrates:\n"
        f"  eastus:\n    {A100}: {{onDemand: 4, spot: 1.2, reserved: 2.5}}\n    {H100}: {{onDemand: 7}}\n"
        "  us-east-1:\n    g6.xlarge: {onDemand: 0.7}\n"
    )
    code, out, err = refresh("--url", serve(pages).url, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "not refreshed, rates of 2026-01-05 are kept: us-east-1\n")
    assert found["changes"] == [
        {"region": "eastus", "size": A100, "kind": "onDemand", "before": 4.0, "now": 3.5, "percent": -12.5}
    ]
    text = (tmp_path / "prices.yaml").read_text()
    assert "discountPercent:\n  azure: 12\nlistPrices: false\n" in text
    assert f"    {A100}: {{onDemand: 3.5, reserved: 2.5, spot: 1.2}}\n" in text
    assert "  us-east-1:\n    g6.xlarge: {onDemand: 0.7}\n" in text
    code, out, _ = refresh("--url", serve(pages).url, "--dry-run")
    assert out == f"no price has changed\n\nprices.yaml: 3 prices of eastus, {TODAY}; not written (--dry-run)\n"


def test_aws(serve: Any, refresh: Any, tmp_path: Path) -> None:
    """AWS's list is read line by line, from the address of each region; its Linux prices on shared machines count."""
    fake = serve(lambda fake, path: (200, LIST))
    code, out, _ = refresh("--cloud", "aws", "--region", "us-east-1", "--url", f"{fake.url}/{{region}}/index.csv")
    assert (code, fake.asked) == (0, ["/us-east-1/index.csv"])
    assert "  us-east-1:\n    g6.xlarge: {onDemand: 0.9}\n" in (tmp_path / "prices.yaml").read_text()
    assert out.splitlines()[-1] == f"prices.yaml: 1 price of us-east-1, {TODAY}; written"


def test_saved_answers(refresh: Any, tmp_path: Path) -> None:
    """Where there is no network, saved answers are taken in: pages of Azure, the list of AWS."""
    (tmp_path / "azure.json").write_text(json.dumps([{"Items": ITEMS}]))
    (tmp_path / "aws.csv").write_text(LIST)
    assert refresh("--from", "azure.json")[0] == 0
    code, _, err = refresh("--cloud", "aws", "--from", "aws.csv")
    assert (code, err) == (0, f"not refreshed, rates of {TODAY} are kept: eastus\n")
    assert "AWS's price list, from aws.csv" in (tmp_path / "prices.yaml").read_text()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(lambda fake, path: (500, ""), "{url}/p answers 500", id="an error"),
        pytest.param(lambda fake, path: (200, "<html>"), "{url}/p answers with no page of prices", id="a login page"),
        pytest.param(lambda fake, path: (200, '{"Items": 3}'), "{url}/p answers with no page of prices", id="no items"),
        pytest.param(
            lambda fake, path: (200, '{"Items": [], "NextPageLink": "http://127.0.0.1:9/x"}'),
            "{url}/p sends to another host for its next page",
            id="another host",
        ),
        pytest.param(
            lambda fake, path: (200, '{"Items": []}'),
            "azure publishes no price of a size that is kept; expected a region of the cloud",
            id="nothing",
        ),
    ],
)
def test_no_prices(serve: Any, refresh: Any, tmp_path: Path, answer: Any, told: str) -> None:
    """What cannot be read is reported, and the file stays as it was."""
    fake = serve(answer)
    code, out, err = refresh("--url", f"{fake.url}/p", "--region", "westus")
    assert (code, out, (tmp_path / "prices.yaml").exists()) == (3, "", False)
    assert f"  --region westus: {told.format(url=fake.url)} [KQ122]\n" in err


def test_pages_without_end(serve: Any, refresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list whose pages do not end is given up."""
    monkeypatch.setattr("kaito_iac.quota.price_source.MOST_PAGES", 3)
    fake = serve(lambda fake, path: (200, json.dumps({"Items": ITEMS, "NextPageLink": f"{fake.url}/again"})))
    code, _, err = refresh("--url", fake.url)
    assert (code, len(fake.asked)) == (3, 3)
    assert "has more than 3 pages for eastus [KQ122]" in err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--region", "east us'"], 2, 'invalid value for --region: "east us\'" is no name of a region'),
        (["--from", "x.json", "--region", "eastus"], 2, "--from: reads saved answers, so --region and --url have no meaning"),
        (["--from", "none.json"], 3, "none.json: No such file or directory"),
        (["--url", "file:///etc/passwd"], 3, "file:///etc/passwd is no http or https address [KQ122]"),
        (["--url", "http://me:geheim@127.0.0.1:9/p"], 3, "http://127.0.0.1:9/p cannot be reached: "),
        (["--cloud", "gcp"], 2, "'gcp' is none of azure, aws"),
    ],
)
def test_refused(refresh: Any, words: list[str], code: int, told: str) -> None:
    """A wrong call, a file that is not there and an address that is none are refused, without a login that was in it."""
    found, out, err = refresh(*words)
    assert (found, out, "geheim" in err) == (code, "", False)
    assert told in err


def test_another_currency(refresh: Any, tmp_path: Path) -> None:
    """A file of rates in another currency is not overwritten."""
    before = "date: 2026-11-01\ncurrency: EUR\nusdPerUnit: 1.1\n"
    (tmp_path / "prices.yaml").write_text(before)
    code, _, err = refresh("--url", "http://127.0.0.1:9")
    assert (code, (tmp_path / "prices.yaml").read_text()) == (3, before)
    assert "prices.yaml: rates in EUR; expected US dollars, in which clouds publish prices [KQ122]" in err

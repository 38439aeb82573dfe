"""What a plan says of the prices it takes, and where they come from."""

from __future__ import annotations

import pytest

from kaito_iac.planning.figure import hourly, money
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Limits, Program

POOL = """
kaito.KaitoWorkspace("a100", {
    "preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "location": "westeurope",
})
"""
RATES = """date: 2026-11-01
currency: EUR
usdPerUnit: 1.25
rates: {westeurope: {Standard_NC24ads_A100_v4: {onDemand: 4}}}
"""
QUOTA = """date: 2026-11-01
budgets: {}
prices:
"""


def cost(text: str) -> str:
    lines = text.split("  Cost   ")[1].split("\n\n")[0].splitlines()
    return " ".join(line.strip() for line in lines)


@pytest.mark.parametrize(
    ("given", "text", "expected"),
    [
        pytest.param(
            "",
            "",
            "3,486 USD a month, 4.78 an hour (estimate: list prices (azure 2026-06-18), 730 hours, without discounts, disks and"
            " traffic)",
            id="list prices",
        ),
        pytest.param(
            "prices",
            RATES,
            "3,650 USD a month, 5.00 an hour (2,920 EUR a month) (estimate: rates of prices.yaml of 2026-11-01, else list prices"
            " (azure 2026-06-18), 730 hours, without disks and traffic)",
            id="rates in another currency",
        ),
        pytest.param(
            "prices",
            "date: 2026-11-01\ndiscountPercent: {azure: 10}\n",
            "3,137 USD a month, 4.30 an hour (estimate: rates of prices.yaml of 2026-11-01, else list prices (azure 2026-06-18),"
            " 10 % off in azure, 730 hours, without disks and traffic)",
            id="a discount",
        ),
        pytest.param(
            "quota",
            QUOTA + "".join(f"  {line}\n" for line in RATES.splitlines()),
            "3,650 USD a month, 5.00 an hour (2,920 EUR a month) (estimate: rates of quota.yaml of 2026-11-01, else list prices"
            " (azure 2026-06-18), 730 hours, without disks and traffic)",
            id="prices in the quota file",
        ),
        pytest.param(
            "prices",
            "date: 2026-11-01\nlistPrices: false\n",
            "unknown (estimate: rates of prices.yaml of 2026-11-01, 730 hours, without disks and traffic) a100: no onDemand"
            " rate for Standard_NC24ads_A100_v4 in westeurope in prices.yaml",
            id="no list prices",
        ),
    ],
)
def test_cost(program, tmp_path, given, text, expected):
    """A plan states whose prices it takes and of which day, by the month and by the hour, and in a currency of your own."""
    path = tmp_path / f"{given}.yaml"
    path.write_text(text)
    plan = make_plan(Program(program(POOL)), Limits(**({given: path} if given else {})))
    assert cost(plan_text(plan, width=120)) == expected


def test_a_file_that_cannot_be_read(program, tmp_path):
    """A price file that cannot be used is an error of the plan, which then takes list prices."""
    plan = make_plan(Program(program(POOL)), Limits(prices=tmp_path / "gone.yaml"))
    assert [problem.headline for problem in plan.problems if problem.code == "KQ113"] == [
        "gone.yaml: cannot be read (No such file or directory); expected a readable YAML file [KQ113]"
    ]


def test_json_names_the_rates(program, tmp_path):
    """The JSON states the file, its day, source and currency; null where list prices alone are taken."""
    path = tmp_path / "prices.yaml"
    path.write_text(RATES)
    plan = make_plan(Program(program(POOL)), Limits(prices=path))
    assert plan.as_json()["rates"] == {
        "file": "prices.yaml",
        "date": "2026-11-01",
        "source": "",
        "currency": "EUR",
        "usdPerUnit": 1.25,
    }
    assert make_plan(Program(program(POOL))).as_json()["rates"] is None
    assert plan.as_json()["totals"]["usdPerHour"] == {"min": 5.0, "expected": 5.0, "max": 5.0}
    assert hourly(plan.demands[0]) == "5.00"
    assert money(plan.usd_per_month.known) == "3,650 USD a month, 5.00 an hour"

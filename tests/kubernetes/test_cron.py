"""Schedules and durations are read as KAITO's webhook reads them."""

from __future__ import annotations

import pytest

from kaito_iac.kubernetes.cron import cron_problem, duration_seconds, opens


@pytest.mark.parametrize(
    "text",
    ["0 2 * * 6", "*/5 1-3 * * mon,TUE", "@daily", "@every 1h", "TZ=Europe/Paris 0 2 * * *", "? * 5/10 jan-mar 0", " 0 2 * * * "],
)
def test_schedules(text):
    """Five fields, words and time zones are schedules."""
    assert cron_problem(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", "missing", id="nothing"),
        pytest.param("nightly", "'nightly' has 1 fields", id="a word"),
        pytest.param("0 2 * *", "'0 2 * *' has 4 fields", id="four fields"),
        pytest.param("0 2 * * 7", "'0 2 * * 7': '7' is no day of week", id="Sunday is 0"),
        pytest.param("60 2 * * *", "'60 2 * * *': '60' is no minute", id="minute 60"),
        pytest.param("*/0 2 * * *", "'*/0 2 * * *': '*/0' is no minute", id="no step"),
        pytest.param("5-1 2 * * *", "'5-1 2 * * *': '5-1' is no minute", id="backwards"),
        pytest.param("@nightly", "'@nightly' is no schedule", id="no such word"),
        pytest.param(
            "TZ=Nowhere/Here 0 2 * * *", "'TZ=Nowhere/Here 0 2 * * *' names no time zone that exists", id="no such zone"
        ),
    ],
)
def test_no_schedules(text, why):
    """The message about an invalid schedule names the reason."""
    assert cron_problem(text) == why


@pytest.mark.parametrize(
    ("text", "comes"), [("0 2 30 2 *", False), ("0 2 29 2 *", True), ("0 2 31 4,6 *", False), ("0 2 30 2 1", True)]
)
def test_days_that_exist(text, comes):
    """A day of the month that its months do not have never comes, unless a day of the week does."""
    assert opens(text) is comes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4h", 14400),
        ("2h30m", 9000),
        ("1.5h", 5400),
        ("-1s", -1),
        ("0", 0),
        ("", None),
        ("2d", None),
        ("4 hours", None),
        ("3600", None),
    ],
)
def test_durations(text, seconds):
    """Durations are written as Go writes them."""
    assert duration_seconds(text) == seconds

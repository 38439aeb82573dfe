"""Schedules and durations as KAITO's operator reads them."""

import pytest

from kaito_iac.resolve.cron import duration, schedule

GOOD = [
    "0 2 * * *",
    "*/15 0-6,22 1,15 jan-mar mon-fri",
    "59 23 31 12 6",
    "0 0 ? * SUN",
    "5/10 * * * *",
    "@daily",
    "@every 1h30m",
    "TZ=Europe/Berlin 0 2 * * *",
    "CRON_TZ=UTC @weekly",
]
BAD = [
    ("0 2 * * 7", "window: day of week '7'; expected 0 to 6, with '*', ',', '-' and '/' [KS225]"),
    ("60 2 * * *", "window: minute '60'; expected 0 to 59, with '*', ',', '-' and '/' [KS225]"),
    ("0 24 * * *", "window: hour '24'; expected 0 to 23, with '*', ',', '-' and '/' [KS225]"),
    ("0 2 0 * *", "window: day of month '0'; expected 1 to 31, with '*', ',', '-' and '/' [KS225]"),
    ("0 2 * 13 *", "window: month '13'; expected 1 to 12, with '*', ',', '-' and '/' [KS225]"),
    ("0 6-2 * * *", "window: hour '6-2'; expected 0 to 23, with '*', ',', '-' and '/' [KS225]"),
    ("*/0 * * * *", "window: minute '*/0'; expected 0 to 59, with '*', ',', '-' and '/' [KS225]"),
    ("0,, * * * *", "window: minute '0,,'; expected 0 to 59, with '*', ',', '-' and '/' [KS225]"),
    ("0 2 * * xyz", "window: day of week 'xyz'; expected 0 to 6, with '*', ',', '-' and '/' [KS225]"),
    (
        "0 2 * *",
        "window: '0 2 * *'; expected five cron fields: minute, hour, day of month, month, day of week [KS225]",
    ),
    ("@reboot", "window: '@reboot'; expected five cron fields: minute, hour, day of month, month, day of week [KS225]"),
    ("", "window: ''; expected five cron fields: minute, hour, day of month, month, day of week [KS225]"),
    (7, "window: 7; expected five cron fields, such as '0 2 * * 6' [KS225]"),
]


@pytest.mark.parametrize("text", GOOD)
def test_schedule_that_the_operator_reads(text):
    """Five fields with names, ranges, lists and steps, descriptors and time zones pass."""
    assert schedule("window", text) is None


@pytest.mark.parametrize(("text", "said"), BAD)
def test_schedule_that_it_refuses(text, said):
    """Every other schedule is refused with the field that is wrong."""
    problem = schedule("window", text)
    assert problem is not None
    assert problem.headline == said


@pytest.mark.parametrize("text", ["4h", "1h30m", "90m", "1.5h", "+2h", "100ms", "1h0m0s"])
def test_duration_that_the_operator_reads(text):
    """A duration is a row of numbers with units."""
    assert duration("window", text) is None


@pytest.mark.parametrize("text", ["", "4", "h", "-1h", "0h", "0s", "1 h", "4H", 4, None, "1h" * 30])
def test_duration_that_it_refuses(text):
    """A duration without a unit, below or at nothing is refused."""
    problem = duration("window", text)
    assert problem is not None
    assert problem.accepted == "a duration above 0, such as 4h or 1h30m"

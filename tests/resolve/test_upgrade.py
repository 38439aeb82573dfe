"""Maintenance windows: what KAITO's webhook reads is accepted, with the words of its reader."""

import pytest

from kaito_iac.resolve.upgrade import duration, schedule


@pytest.mark.parametrize("text", ["0 2 * * *", "0 0 ? * SUN", "@daily", "@every 1h30m", "TZ=Europe/Berlin 0 2 * * *"])
def test_schedule_that_kaito_reads(text):
    """Five fields, words and time zones pass."""
    assert schedule("window", text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 2 * * 7", "window: '0 2 * * 7': '7' is no day of week; expected five cron fields, such as '0 2 * * 6' [KS225]"),
        ("0 2 * *", "window: '0 2 * *' has 4 fields; expected five cron fields, such as '0 2 * * 6' [KS225]"),
        ("@reboot", "window: '@reboot' is no schedule; expected five cron fields, such as '0 2 * * 6' [KS225]"),
        ("", "window: missing; expected five cron fields, such as '0 2 * * 6' [KS225]"),
        (7, "window: 7; expected five cron fields, such as '0 2 * * 6' [KS225]"),
    ],
)
def test_schedule_that_it_refuses(text, said):
    """Every other schedule is refused with the field that is wrong."""
    problem = schedule("window", text)
    assert problem is not None
    assert problem.headline == said


@pytest.mark.parametrize("text", ["4h", "1h30m", "1.5h", "+2h", "100ms", "1h0m0s"])
def test_duration_that_kaito_reads(text):
    """A duration is a row of numbers with units."""
    assert duration("window", text) is None


@pytest.mark.parametrize("text", ["", "4", "h", "-1h", "0h", "0s", "1 h", "4H", 4, None])
def test_duration_that_it_refuses(text):
    """A duration without a unit, below or at nothing is refused."""
    problem = duration("window", text)
    assert problem is not None
    assert problem.accepted == "a duration above 0, such as 4h or 1h30m"

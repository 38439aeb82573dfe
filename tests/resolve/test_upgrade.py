"""Maintenance windows: what KAITO's webhook reads is accepted, with the words of its reader."""

import pytest

PHI = {"preset": "phi-4-mini-instruct"}


def window(**given):
    return {**PHI, "auto_upgrade": {"maintenance_window": {"schedule": "@daily", **given}}}


@pytest.mark.parametrize("text", ["0 2 * * *", "0 0 ? * SUN", "@daily", "@every 1h30m", "TZ=Europe/Berlin 0 2 * * *"])
def test_schedule_that_kaito_reads(remarks, text):
    """Five fields, words and time zones pass."""
    assert "KS225" not in remarks("KaitoInferenceSet", "chat", window(schedule=text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 2 * * 7", "'0 2 * * 7': '7' is no day of week; expected five cron fields, such as 0 2 * * 6 [KS225]"),
        ("0 2 * *", "'0 2 * *' has 4 fields; expected five cron fields, such as 0 2 * * 6 [KS225]"),
        ("@reboot", "'@reboot' is no schedule; expected five cron fields, such as 0 2 * * 6 [KS225]"),
        ("", "missing; expected five cron fields, such as 0 2 * * 6 [KS225]"),
        (7, "7; expected text [KS102]"),
    ],
)
def test_schedule_that_it_refuses(refusal, text, said):
    """Every other schedule is refused with the field that is wrong."""
    title = "KaitoInferenceSet 'chat': 1 problem\n  auto_upgrade.maintenance_window.schedule: "
    assert refusal("KaitoInferenceSet", "chat", window(schedule=text)) == title + said


@pytest.mark.parametrize("text", ["4h", "1h30m", "1.5h", "+2h", "100ms", "1h0m0s"])
def test_duration_that_kaito_reads(remarks, text):
    """A duration is a row of numbers with units."""
    assert "KS225" not in remarks("KaitoInferenceSet", "chat", window(duration=text))


@pytest.mark.parametrize("text", ["", "4", "h", "1 h", "4H"])
def test_duration_that_it_cannot_read(refusal, text):
    """A duration without a unit is refused."""
    assert f"duration: '{text}'; expected a duration such as 4h or 2h30m [KS225]" in refusal(
        "KaitoInferenceSet", "chat", window(duration=text)
    )


@pytest.mark.parametrize("text", ["-1h", "0h", "0s"])
def test_duration_of_nothing(refusal, text):
    """A window that never is open is refused."""
    assert f"duration: '{text}'; expected a positive duration [KS225]" in refusal(
        "KaitoInferenceSet", "chat", window(duration=text)
    )

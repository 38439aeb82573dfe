"""The record of a resource: durations, the stack it belongs to, and secrets that no text shows."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Options, Resource, Secret, Stack, conceal, duration, reveal, seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("30m", 1800, id="minutes"),
        pytest.param("1h30m5.5s", 5405.5, id="parts"),
        pytest.param("1500ms", 1.5, id="parts of a second"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_seconds(text, count):
    """A duration as Go writes it is a number of seconds."""
    assert seconds(text) == pytest.approx(count)
    assert Options(custom_timeouts={"create": text}).create_seconds == pytest.approx(count)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        pytest.param(3600.0, "3600s", id="whole"),
        pytest.param(1.5, "1.5s", id="a part"),
        pytest.param(0.0, "", id="none"),
        pytest.param(-1, "", id="negative"),
        pytest.param(True, "", id="a truth value"),
        pytest.param("30m", "", id="a text"),
        pytest.param(float("nan"), "", id="no number"),
        pytest.param(1e30, "", id="too many"),
    ],
)
def test_duration(count, text):
    """Seconds are a duration, where they can be one."""
    assert duration(count) == text


@pytest.mark.parametrize(
    ("urn", "owner"),
    [
        pytest.param("urn:pulumi:dev::shop::a:b:C::x", ("shop", "dev"), id="as the engine writes it"),
        pytest.param("urn", ("", ""), id="no URN of the engine"),
    ],
)
def test_owner(urn, owner):
    """A stack is called what its first resource says."""
    assert Stack((Resource(urn, "a:b:C", "x", None, {}),)).owner == owner
    assert Stack(()).owner == ("", "")


def test_secrets():
    """A secret is never shown by accident, and can be read by anyone who asks for it."""
    value = {"a": [Secret("hidden"), (Secret(Secret(Unknown("later"))),)], "b": Unknown("later")}
    assert "hidden" not in repr(value)
    assert conceal(value) == {"a": ["[secret]", ["[secret]"]], "b": Unknown("later")}
    assert reveal(value) == {"a": ["hidden", [Unknown("later")]], "b": Unknown("later")}

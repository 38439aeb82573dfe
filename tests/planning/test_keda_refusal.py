"""Triggers that KEDA refuses: kedacore/keda, pkg/scalers/cron_scaler.go."""

from __future__ import annotations

import pytest

from kaito_iac.planning.keda_refusal import keda_problems
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource

DAY = {"timezone": "Europe/Berlin", "start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "desiredReplicas": "3"}
LATER = Unknown("set by an output")
AT = "hours: spec.triggers[0].metadata."
FIVE = "expected five cron fields, such as '0 7 * * 1-5' [KS225]"


def said(*triggers, kind="ScaledObject"):
    spec = {"triggers": list(triggers)}
    resource = Resource("urn:h", f"kubernetes:keda.sh/v1alpha1:{kind}", "hours", None, {"spec": spec})
    return [problem.headline for problem in keda_problems([resource])]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="office hours"),
        pytest.param({"start": LATER, "desiredReplicas": LATER, "timezone": LATER}, [], id="not known yet"),
        pytest.param(
            {"desiredReplicas": "0"},
            [f"{AT}desiredReplicas: '0', which KEDA refuses: 'no desiredReplicas specified'; expected 1 or more [KS225]"],
            id="a night at zero written as a time",
        ),
        pytest.param({"desiredReplicas": None}, [f"{AT}desiredReplicas: missing; expected 1 or more [KS225]"], id="no replicas"),
        pytest.param(
            {"desiredReplicas": 3},
            [f"{AT}desiredReplicas: 3, no text; expected text: values of triggers are texts [KS303]"],
            id="a number, which the API server refuses",
        ),
        pytest.param({"start": "@daily"}, [f"{AT}start: '@daily', which KEDA's parser does not take; {FIVE}"], id="a word"),
        pytest.param({"end": "0 19 * *"}, [f"{AT}end: '0 19 * *' has 4 fields; {FIVE}"], id="four fields"),
        pytest.param({"end": None}, [f"{AT}end: missing; {FIVE}"], id="no end"),
        pytest.param(
            {"end": DAY["start"]},
            [f"{AT}end: '0 7 * * 1-5', as start, which KEDA refuses; expected another time than start [KS225]"],
            id="no time between start and end",
        ),
        pytest.param(
            {"timezone": "Europe/Bern"},
            [f"{AT}timezone: 'Europe/Bern', no time zone; expected a time zone, such as Europe/Berlin [KS225]"],
            id="no such time zone",
        ),
        pytest.param(
            {"timezone": None}, [f"{AT}timezone: missing; expected a time zone, such as Europe/Berlin [KS225]"], id="no time zone"
        ),
    ],
)
def test_times(change, expected):
    """A time that KEDA refuses makes the whole ScaledObject unready: nothing scales."""
    assert said({"type": "cron", "metadata": {**DAY, **change}}) == expected
    assert said({"type": "cron", "metadata": {**DAY, **change}}, kind="ScaledJob") == expected


def test_other_triggers():
    """Triggers by load are not looked into, and nothing is told of triggers that are not known."""
    assert said({"type": "prometheus", "metadata": {"query": "up"}}, LATER, {"type": "cron", "metadata": LATER}) == []


def test_names():
    """The name of a trigger stands there once."""
    cron = {"type": "cron", "metadata": DAY}
    assert said({**cron, "name": "day"}, {**cron, "name": "night"}, cron, cron) == []
    assert said({**cron, "name": "day"}, {**cron, "name": "day"}) == [
        "hours: spec.triggers: the name 'day' a second time, which KEDA refuses; expected every name once [KS105]"
    ]

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
            {"start": "0 7 30 2 *"},
            [f"{AT}start: '0 7 30 2 *' names no day that exists: KEDA keeps the replicas day and night; {FIVE}"],
            id="a day that does not come",
        ),
        pytest.param({"timezone": "Local"}, [], id="the zone of KEDA's own pod"),
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
    """Triggers by load are not looked into, and nothing is reported of triggers that are not known."""
    assert said({"type": "prometheus", "metadata": {"query": "up"}}, LATER, {"type": "cron", "metadata": LATER}) == []


def test_names():
    """The name of a trigger is there once."""
    cron = {"type": "cron", "metadata": DAY}
    assert said({**cron, "name": "day"}, {**cron, "name": "night"}, cron, cron) == []
    assert said({**cron, "name": "day"}, {**cron, "name": "day"}) == [
        "hours: spec.triggers: the name 'day' a second time, which KEDA refuses; expected every name once [KS105]"
    ]


def scaled(name, namespace=None, target="chat", **spec):
    """Return a ScaledObject of an InferenceSet."""
    inputs = {
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "spec": {"scaleTargetRef": {"kind": "InferenceSet", "name": target}, "triggers": [{"type": "cpu"}], **spec},
    }
    return Resource(f"urn:{name}", "kubernetes:keda.sh/v1alpha1:ScaledObject", name, None, inputs)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param({"minReplicaCount": 2, "maxReplicaCount": 2}, [], id="as many as there may be"),
        pytest.param(
            {"minReplicaCount": 3, "maxReplicaCount": 2},
            ["a: spec.minReplicaCount: 3, more than maxReplicaCount (2), which KEDA refuses; expected at most 2 [KS105]"],
            id="more than there may be",
        ),
        pytest.param({"minReplicaCount": 100}, [], id="the default of a hundred"),
        pytest.param(
            {"minReplicaCount": 101},
            ["a: spec.minReplicaCount: 101, more than maxReplicaCount (100), which KEDA refuses; expected at most 100 [KS105]"],
            id="more than the default",
        ),
        pytest.param({"minReplicaCount": 0, "idleReplicaCount": 0}, [], id="a stated 0 counts as 1"),
        pytest.param(
            {"minReplicaCount": 2, "idleReplicaCount": 2},
            [
                "a: spec.idleReplicaCount: 2, not below minReplicaCount (2), which KEDA refuses; "
                "expected 0, with a minReplicaCount of 1 or more [KS105]"
            ],
            id="as many when idle",
        ),
        pytest.param({"minReplicaCount": LATER, "maxReplicaCount": 2}, [], id="not known"),
        pytest.param(
            {"triggers": []},
            ["a: spec.triggers: an empty list, which KEDA refuses; expected one trigger or more [KS105]"],
            id="no trigger",
        ),
    ],
)
def test_replicas(spec, expected):
    """Numbers of replicas do not contradict each other, and something scales."""
    assert [problem.headline for problem in keda_problems([scaled("a", **spec)])] == expected


def test_targets():
    """Two ScaledObjects of one workload are refused, those in two namespaces or of two workloads are not."""
    others = [scaled("b", "other"), scaled("c", target="code")]
    assert list(keda_problems([scaled("a"), *others])) == []
    assert [problem.headline for problem in keda_problems([scaled("a"), scaled("d", "default")])] == [
        "d: spec.scaleTargetRef: InferenceSet 'chat', which 'a' scales already: KEDA refuses it; "
        "expected one ScaledObject for a workload [KS105]"
    ]

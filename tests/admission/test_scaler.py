"""Annotations of KAITO's scaler: what it refuses, and the boundary of what it takes.

Source: kaito-project/keda-kaito-scaler v0.6.2, pkg/scaledobject/provisioner.go and its auto_provision_controller.go.
"""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.scaler import metric_found, range_found, settings_found, variable

GOOD = {"name": "vllm:num_requests_waiting", "type": "gauge", "upthreshold": 2, "downthreshold": 1}
KEDA = "scaledobject.kaito.sh/"
DOWN = ("downthreshold", "2, above the threshold of scaling up (1): the scaler refuses it", "at most 1")
WINDOW = (
    "metriccachewindow",
    "with a gauge, which has no window: the scaler refuses it",
    "type histogram, or no window",
)
METRIC = "- {name: a:b, type: gauge, upthreshold: 2, downthreshold: 1}"
LIST = f"metadata.annotations[{KEDA}metrics]"
TYPES = "gauge or histogram"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param({}, [], id="down below up"),
        pytest.param({"upthreshold": 1}, [], id="down is up"),
        pytest.param({"upthreshold": 1, "downthreshold": 2}, [DOWN], id="down above up"),
        pytest.param(
            {"downthreshold": None}, [("downthreshold", "missing: the scaler refuses it", "a number")], id="no threshold for down"
        ),
        pytest.param({"upthreshold": "1"}, [("upthreshold", "'1': the scaler refuses it", "a number")], id="a text"),
        pytest.param(
            {"upthreshold": float("inf")}, [("upthreshold", "'inf': the scaler refuses it", "a number")], id="no end of it"
        ),
        pytest.param(
            {"name": ""},
            [("name", "missing: the scaler refuses it", "a metric of vLLM, such as vllm:num_requests_waiting")],
            id="no name",
        ),
        pytest.param(
            {"name": "readiness:gate"},
            [("name", "'readiness:gate', which the scaler keeps for itself", "another name")],
            id="the name of the scaler's own trigger",
        ),
        pytest.param({"type": None}, [("type", "missing: the scaler refuses it", TYPES)], id="no type"),
        pytest.param({"type": "counter"}, [("type", "'counter': the scaler refuses it", TYPES)], id="another type"),
        pytest.param({"source": "modelpod"}, [], id="the source that there is"),
        pytest.param({"source": "epp"}, [("source", "'epp': the scaler refuses it", "modelpod")], id="another source"),
        pytest.param({"type": "histogram", "metriccachewindow": 60}, [], id="a histogram with a window"),
        pytest.param(
            {"type": "histogram", "metriccachewindow": 0},
            [("metriccachewindow", "0: the scaler refuses it", "a positive number of seconds")],
            id="a window of nothing",
        ),
        pytest.param({"metriccachewindow": 60}, [WINDOW], id="a gauge with a window"),
        pytest.param({"downthreshold": None, "downThreshold": 1}, [], id="capitals, which Go's reader does not mind"),
    ],
)
def test_metric(more, found):
    """A metric has a name of its own, a type and two finite thresholds that do not cross; a gauge has no window."""
    assert list(metric_found({**GOOD, **more})) == found


@pytest.mark.parametrize(
    ("name", "trigger"), [("vllm:a.b", "vllm_a_b"), ("9lives", "_9lives"), ("größe", "gr__e"), ("a_b", "a_b")]
)
def test_variable(name, trigger):
    """A trigger is called as its metric, with underscores for what is no letter or digit."""
    assert variable(name) == trigger


@pytest.mark.parametrize(
    ("annotations", "found"),
    [
        pytest.param({"metrics": "[]"}, [], id="the list is read elsewhere"),
        pytest.param(
            {},
            [("metrics", "missing: the scaler refuses it", "a YAML list of name, type, upthreshold and downthreshold")],
            id="no metrics",
        ),
        pytest.param({"metrics": "[]", "combinepolicy": "and"}, [], id="the only policy, however written"),
        pytest.param(
            {"metrics": "[]", "combinepolicy": "OR"},
            [("combinepolicy", "'OR': the scaler refuses it", "AND")],
            id="another policy",
        ),
        pytest.param({"metrics": "[]", "scaleupcooldown": "0"}, [], id="no cooldown"),
        pytest.param(
            {"metrics": "[]", "scaleupcooldown": "5m"},
            [("scaleupcooldown", "'5m': the scaler refuses it", "a whole number of seconds")],
            id="a duration",
        ),
        pytest.param(
            {"metrics": "[]", "evaluationwindow": "-1"},
            [("evaluationwindow", "'-1': the scaler refuses it", "a whole number of seconds")],
            id="a negative window",
        ),
    ],
)
def test_settings(annotations, found):
    """Metrics are needed, AND is the only policy, and windows are whole numbers of seconds."""
    assert list(settings_found({f"{KEDA}{key}": value for key, value in annotations.items()})) == found


@pytest.mark.parametrize(
    ("annotations", "limit", "found"),
    [
        pytest.param({"max": "2"}, None, [], id="a maximum"),
        pytest.param(
            {"max": "1"},
            None,
            [("max-replicas", "'1': the scaler does nothing", "a whole number of 2 or more")],
            id="one at most",
        ),
        pytest.param(
            {"max": "many"},
            8,
            [("max-replicas", "'many': the scaler does nothing", "a whole number of 2 or more")],
            id="no number beside a limit",
        ),
        pytest.param({"min": "3", "max": "3"}, None, [], id="as many as there may be"),
        pytest.param(
            {"min": "4", "max": "3"},
            None,
            [("min-replicas", "4, above max-replicas (3): the scaler does nothing", "at most 3")],
            id="more than there may be",
        ),
        pytest.param(
            {"min": "5"},
            4,
            [("min-replicas", "5, above nodeCountLimit (4): the scaler does nothing", "at most 4")],
            id="more than the limit of nodes",
        ),
        pytest.param({"min": "4", "max": "3"}, 4, [], id="a limit of nodes goes before"),
    ],
)
def test_range(annotations, limit, found):
    """The maximum is 2 or more and not below the minimum; nodeCountLimit goes before max-replicas."""
    assert list(range_found({f"{KEDA}{key}-replicas": value for key, value in annotations.items()}, limit)) == found


@pytest.mark.parametrize(
    ("metrics", "more", "found"),
    [
        pytest.param(METRIC, {}, [], id="one metric"),
        pytest.param(
            f"{METRIC}\n{METRIC.replace(':b', '.b')}",
            {},
            [f"{LIST}: 'a_b' in two metrics: the scaler refuses it; expected every metric once [KS232]"],
            id="two metrics of one trigger",
        ),
        pytest.param(
            "[]",
            {},
            [f"{LIST}: an empty list; expected a list of name, type, upthreshold and downthreshold [KS232]"],
            id="no metric",
        ),
        pytest.param(
            METRIC,
            {"nodeCountLimit": 4},
            [
                "spec.nodeCountLimit: 4, of which the scaler makes its maximum: max-replicas 3 is not read; "
                "expected one of the two [KS231]\n  fix: remove it"
            ],
            id="two maxima",
        ),
    ],
)
def test_set_as_it_is_judged(metrics, more, found):
    """A manifest is judged as a component's arguments are."""
    notes = {"auto-provision": "true", "max-replicas": "3", "metrics": metrics}
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": {"name": "set", "annotations": {f"{KEDA}{key}": value for key, value in notes.items()}},
        "spec": {
            "labelSelector": {"matchLabels": {"app": "set"}},
            "template": {
                "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
                "inference": {"preset": {"name": "phi-4-mini-instruct"}},
            },
            **more,
        },
    }
    assert [problem.text("", marked=False) for problem in judge(manifest).problems] == found


@pytest.mark.parametrize(
    ("notes", "limit", "found"),
    [
        pytest.param(
            {"scaleup-cooldown": "60"},
            None,
            [
                f"metadata.annotations[{KEDA}scaleup-cooldown]: a key that the scaler ignores; expected {KEDA}scaleupcooldown "
                f"[KS232]\n  fix: write {KEDA}scaleupcooldown"
            ],
            id="hyphens in a key",
        ),
        pytest.param(
            {"maxReplicas": "3"},
            4,
            [
                f"metadata.annotations[{KEDA}maxReplicas]: a key that the scaler ignores; expected {KEDA}max-replicas [KS232]"
                f"\n  fix: write {KEDA}max-replicas"
            ],
            id="capitals in a key",
        ),
        pytest.param(
            {"threshold": "3", "metrics": ""},
            4,
            [
                f"metadata.annotations[{KEDA}threshold]: a key that the scaler ignores; expected {KEDA}metrics, a YAML list "
                "[KS232]\n  fix: move it into metrics as name, type, upthreshold and downthreshold"
            ],
            id="a key of an older scaler",
        ),
        pytest.param(
            {"metrics": "- vllm:num_requests_waiting"},
            4,
            [
                f"{LIST}: an entry that is no mapping: the scaler refuses it; expected a list of name, type, upthreshold and "
                "downthreshold [KS232]"
            ],
            id="a name alone",
        ),
        pytest.param(
            {"max-replicas": ""},
            0,
            [f"metadata.annotations: autoscaling without max-replicas; expected {KEDA}max-replicas [KS232]"],
            id="a limit of 0 is none",
        ),
    ],
)
def test_keys_of_the_scaler(notes, limit, found):
    """A key in another spelling is answered with the right one; a limit of 0 nodes bounds nothing."""
    given = {"auto-provision": "true", "metrics": METRIC, **({} if limit else {"max-replicas": "3"}), **notes}
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": {"name": "set", "annotations": {f"{KEDA}{key}": value for key, value in given.items() if value}},
        "spec": {
            "labelSelector": {"matchLabels": {"app": "set"}},
            **({} if limit is None else {"nodeCountLimit": limit}),
            "template": {
                "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
                "inference": {"preset": {"name": "phi-4-mini-instruct"}},
            },
        },
    }
    assert [problem.text("", marked=False) for problem in judge(manifest).problems if problem.code == "KS232"] == found

"""Metrics of KAITO's scaler: what it refuses, and the boundary of what it takes."""

import pytest

from kaito_iac.admission.scaler import metric_found

DOWN = ("downthreshold", "2, above up_threshold (1): the scaler refuses it", "at most 1")
WINDOW = (
    "metriccachewindow",
    "with a gauge, which has no window: the scaler refuses it",
    "type histogram, or no cache_window",
)


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        pytest.param({"upthreshold": 2, "downthreshold": 1}, [], id="down below up"),
        pytest.param({"upthreshold": 1, "downthreshold": 1}, [], id="down is up"),
        pytest.param({"upthreshold": 1, "downthreshold": 2}, [DOWN], id="down above up"),
        pytest.param({"upthreshold": 1}, [], id="no threshold for down"),
        pytest.param({"upthreshold": "1", "downthreshold": 2}, [], id="a threshold that is no number"),
        pytest.param({"type": "histogram", "metriccachewindow": 60}, [], id="a histogram with a window"),
        pytest.param({"type": "gauge", "metriccachewindow": 60}, [WINDOW], id="a gauge with a window"),
        pytest.param({"metriccachewindow": 60}, [WINDOW], id="a gauge by default"),
    ],
)
def test_metric(metric, found):
    """A metric whose thresholds cross, and a gauge with a window, are refused; equal thresholds are taken."""
    assert list(metric_found(metric)) == found

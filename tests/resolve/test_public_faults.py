"""Arguments that other people's tools refuse: KEDA's schedules, slices of another GPU."""

import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import record

CLUSTER = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
DAY = {"start": "0 7 * * 1-5", "end": "0 19 * * 1-5", "replicas": 2}


def told(autoscale):
    """Return what is wrong with an autoscaling."""
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.KaitoInferenceSet("chat", {"preset": "phi-4-mini-instruct", "autoscale": autoscale}))
    return [line.strip() for line in str(raised.value).splitlines()[1:]]


def test_a_night_at_zero_is_not_a_time_of_its_own():
    """KEDA refuses desiredReplicas 0; the night is what is outside of the times."""
    assert told({"min_count": 0, "max_count": 2, "cron": [{**DAY, "replicas": 0}]}) == [
        "autoscale.cron[0].replicas: 0, which KEDA refuses: 'no desiredReplicas specified'; expected 1 or more [KS225]",
        "fix: leave this time out: outside of all times there are min replicas, which may be 0",
    ]


def test_words_for_schedules_are_kaitos_alone():
    """KEDA's parser does not take @daily, though KAITO's maintenance windows do."""
    assert told({"min_count": 0, "max_count": 2, "cron": [{**DAY, "start": "@daily"}]}) == [
        "autoscale.cron[0].start: '@daily', which KEDA's parser does not take; expected five cron fields, such as '0 7 * * 1-5' "
        "[KS225]"
    ]


def test_a_metric_twice():
    """The scaler refuses two metrics of one name."""
    metric = {"name": "vllm:num_requests_waiting", "up_threshold": 8, "down_threshold": 1}
    assert told({"max_count": 2, "metrics": [metric, metric]}) == [
        "autoscale.metrics: 'vllm:num_requests_waiting' in two metrics, which the scaler refuses; expected every metric once "
        "[KS105]",
        "fix: leave one out",
    ]


def on_slices(size, mig, profile):
    pool = {"cluster_id": CLUSTER, "instance_type": size, "mig": mig, "count": 1, "location": "eastus"}

    def program():
        nodes = kaito.GpuNodePool("cut", pool)
        partition = {"mode": "mig", "profile": profile}
        kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": nodes, "partition": partition})

    return record(program)


@pytest.mark.parametrize(
    ("size", "mig", "profile", "instead"),
    [
        ("Standard_NC24ads_A100_v4", "MIG7g", "7g.141gb", "7g.80gb"),
        ("Standard_NC24ads_A100_v4", "MIG3g", "3g.90gb", "3g.40gb"),
        ("Standard_NC40ads_H100_v5", "MIG3g", "3g.40gb", "3g.47gb"),
    ],
)
def test_slices_of_another_gpu(size, mig, profile, instead):
    """A profile of another GPU, or of another memory of it, is refused with the one that the pool's nodes offer."""
    with pytest.raises(SpecError) as raised:
        on_slices(size, mig, profile)
    line = str(raised.value).splitlines()[1]
    assert f"partition: {profile}, a slice of" in line
    assert line.endswith(f"no node offers nvidia.com/mig-{profile}; expected {instead} [KS266]")
    on_slices(size, mig, instead)

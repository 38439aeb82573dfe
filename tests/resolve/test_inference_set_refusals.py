# ruff: noqa: E501 -- messages are whole lines
"""What is refused of an InferenceSet, with the whole message."""

import pytest

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}, "max_count": 2}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoInferenceSet 'chat': 1 problem
  preset: missing; expected preset or template [KS102]
    fix: give preset, such as 'phi-4-mini-instruct', or template""",
            id="neither preset nor template",
        ),
        pytest.param(
            {**PHI, "name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
            """\
KaitoInferenceSet 'chat': 1 problem
  name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; expected lower-case letters, digits and '-', a letter first, at most 48 characters [KS104]
    fix: name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'""",
            id="name too long for a set",
        ),
        pytest.param(
            {**PHI, "replicas": -1},
            """\
KaitoInferenceSet 'chat': 1 problem
  replicas: -1; expected a whole number from 0 to 1000 replicas [KS102]""",
            id="replicas below nothing",
        ),
        pytest.param(
            {**PHI, "replicas": 5, "autoscale": {"max_count": 4}},
            """\
KaitoInferenceSet 'chat': 1 problem
  replicas: 5, which autoscale changes at once; expected 1 to 4 [KS105]
    fix: leave replicas out: they start at autoscale.min_count""",
            id="replicas beyond the autoscaler",
        ),
        pytest.param(
            {**PHI, "autoscale": {}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.max_count: missing; expected the most replicas there may be [KS102]
    fix: give autoscale.max_count: quota and budget count it""",
            id="autoscaler without a maximum",
        ),
        pytest.param(
            {**PHI, "autoscale": {"min_count": 4, "max_count": 3}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.min_count: 4, more than max_count (3); expected at most 3 [KS105]""",
            id="autoscaler upside down",
        ),
        pytest.param(
            {**PHI, "autoscale": {"max_count": 4, "cron": [], "scale_down_cooldown": 60}},
            """\
KaitoInferenceSet 'chat': 2 problems
  autoscale.scale_down_cooldown: together with cron; expected scaling by metrics, or by cron [KS105]
    fix: leave autoscale.scale_down_cooldown or autoscale.cron out
  autoscale.cron: []; expected at least one time of day [KS102]""",
            id="a clock without times, and a cooldown it does not have",
        ),
        pytest.param(
            {
                **PHI,
                "autoscale": {
                    "max_count": 2,
                    "cron": [5, {"start": "0 25 * * *", "end": "0 25 * * *", "replicas": 3}, {"zone": "x"}],
                },
            },
            """\
KaitoInferenceSet 'chat': 9 problems
  autoscale.cron[0]: 5; expected a mapping with start, end and replicas [KS102]
  autoscale.cron[1].start: '0 25 * * *': '25' is no hour; expected five cron fields, such as '0 7 * * 1-5' [KS225]
  autoscale.cron[1].end: '0 25 * * *': '25' is no hour; expected five cron fields, such as '0 7 * * 1-5' [KS225]
  autoscale.cron[1].end: the same as start: KEDA refuses it; expected another time [KS105]
  autoscale.cron[1].replicas: 3; expected a whole number from 0 to 2 replicas [KS102]
  autoscale.cron[2].zone: not an argument; expected one of start, end, replicas, timezone [KS102]
    fix: use timezone
  autoscale.cron[2].start: missing; expected five cron fields, such as '0 7 * * 1-5' [KS102]
    fix: give autoscale.cron[2].start
  autoscale.cron[2].end: missing; expected five cron fields, such as '0 7 * * 1-5' [KS102]
    fix: give autoscale.cron[2].end
  autoscale.cron[2].replicas: missing; expected the replicas of that time [KS102]
    fix: give autoscale.cron[2].replicas""",
            id="times of day that are none",
        ),
        pytest.param(
            {
                **PHI,
                "autoscale": {
                    "max_count": 2,
                    "cron": [{"start": "0 7 31 6 *", "end": "0 19 * * *", "replicas": 2, "timezone": "Mars/Olympus"}],
                },
            },
            """\
KaitoInferenceSet 'chat': 2 problems
  autoscale.cron[0].start: '0 7 31 6 *' names no day that exists: KEDA keeps the replicas day and night; expected five cron fields, such as '0 7 * * 1-5' [KS225]
  autoscale.cron[0].timezone: 'Mars/Olympus', no time zone: KEDA reads no time of it; expected a time zone, such as Europe/Berlin [KS225]""",
            id="a day that does not come, in a zone that there is not",
        ),
        pytest.param(
            {**PHI, "autoscale": {"min_count": 0, "max_count": 2}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.min_count: 0; expected a whole number from 1 to 1000 replicas [KS102]""",
            id="autoscaler to nothing",
        ),
        pytest.param(
            {**PHI, "autoscale": {"max_count": 2, "metricName": "vllm:num_requests_waiting", "threshold": 10}},
            """\
KaitoInferenceSet 'chat': 2 problems
  autoscale.metricName: not an argument; expected one of max_count, min_count, cron, metrics, combine_policy, evaluation_window, scale_up_cooldown, scale_down_cooldown [KS102]
    fix: use metrics
  autoscale.threshold: not an argument; expected one of max_count, min_count, cron, metrics, combine_policy, evaluation_window, scale_up_cooldown, scale_down_cooldown [KS102]
    fix: use metrics""",
            id="old keys of the scaler",
        ),
        pytest.param(
            {
                **PHI,
                "autoscale": {
                    "max_count": 2,
                    "metrics": [
                        {"name": "vllm:num_requests_waiting"},
                        "waiting",
                        {"name": "a", "up_threshold": 1, "down_threshold": 2, "type": "counter"},
                        {"name": "b", "up_threshold": 2, "down_threshold": 1, "cache_window": 30},
                    ],
                },
            },
            """\
KaitoInferenceSet 'chat': 6 problems
  autoscale.metrics[0].up_threshold: missing; expected a number of 0 or more [KS102]
    fix: give autoscale.metrics[0].up_threshold
  autoscale.metrics[0].down_threshold: missing; expected a number of 0 or more [KS102]
    fix: give autoscale.metrics[0].down_threshold
  autoscale.metrics[1]: 'waiting'; expected a mapping with name, up_threshold and down_threshold [KS102]
  autoscale.metrics[2].type: 'counter'; expected gauge or histogram [KS102]
  autoscale.metrics[2].down_threshold: 2, above the threshold of scaling up (1): the scaler refuses it; expected at most 1 [KS232]
  autoscale.metrics[3].cache_window: with a gauge, which has no window: the scaler refuses it; expected type histogram, or no window [KS232]""",
            id="metrics without thresholds",
        ),
        pytest.param(
            {**PHI, "autoscale": {"max_count": 1}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.max_count: 1; expected a whole number from 2 to 1000 replicas [KS102]""",
            id="autoscaler that never adds a replica",
        ),
        pytest.param(
            {**PHI, "autoscale": {"max_count": 2, "metrics": []}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.metrics: []; expected at least one metric [KS102]
    fix: leave metrics out for waiting requests""",
            id="no metric at all",
        ),
        pytest.param(
            {**PHI, "annotations": {"scaledobject.kaito.sh/metricName": "a"}},
            """\
KaitoInferenceSet 'chat': 1 problem
  annotations.scaledobject.kaito.sh/metricName: set by the argument autoscale [KS105]
    fix: use autoscale""",
            id="annotations of the scaler",
        ),
        pytest.param(
            {**PHI, "node_count_limit": 4},
            """\
KaitoInferenceSet 'chat': 1 problem
  node_count_limit: stored, and read by nothing; expected nothing [KS231]
    fix: limit the replicas""",
            id="limit that no one reads",
        ),
        pytest.param(
            {**PHI, "node_count_limit": 4, "autoscale": {"max_count": 2}},
            """\
KaitoInferenceSet 'chat': 1 problem
  node_count_limit: 4, of which the scaler makes its maximum: max_count 2 is not read; expected one of the two [KS231]
    fix: leave node_count_limit out""",
            id="limit that the scaler takes before its maximum",
        ),
        pytest.param(
            {**PHI, "node_count_limit": 4, "autoscale": {"min_count": 1}},
            """\
KaitoInferenceSet 'chat': 1 problem
  autoscale.max_count: missing: node_count_limit is what KAITO's scaler takes for it; expected the most replicas there may be [KS102]
    fix: give autoscale.max_count: quota and budget count it""",
            id="limit in place of a maximum",
        ),
        pytest.param(
            {**PHI, "count": 2},
            """\
KaitoInferenceSet 'chat': 1 problem
  count: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, replicas, autoscale, node_count_limit, update_strategy, auto_upgrade, max_nodes, labels, annotations, service, replica_labels, replica_annotations, wait, adopt [KS102]
    fix: no argument: KAITO computes the nodes of each replica; max_nodes limits them""",
            id="count, which a replica has not",
        ),
        pytest.param(
            {**PHI, "auto_upgrade": {"strategy": "Rolling", "maintenance_window": {"schedule": "0 2 * * 7", "duration": "4"}}},
            """\
KaitoInferenceSet 'chat': 3 problems
  auto_upgrade.strategy: 'Rolling'; expected InPlace or Surge [KS102]
  auto_upgrade.maintenance_window.schedule: '0 2 * * 7': '7' is no day of week; expected five cron fields, such as 0 2 * * 6 [KS225]
  auto_upgrade.maintenance_window.duration: '4'; expected a duration such as 4h or 2h30m [KS225]""",
            id="schedules and durations",
        ),
        pytest.param(
            {**PHI, "auto_upgrade": {"maintenance_window": {"duration": "4h"}}},
            """\
KaitoInferenceSet 'chat': 1 problem
  auto_upgrade.maintenance_window.schedule: missing; expected five cron fields in UTC, such as '0 2 * * 6' [KS102]""",
            id="window without a schedule",
        ),
        pytest.param(
            {**PHI, "replicas": 5, "max_nodes": 4},
            """\
KaitoInferenceSet 'chat': 1 problem
  max_nodes: KAITO would use 1 x Standard_NV36ads_A10_v5 for each of 5 replicas; it has no limit of its own; expected at most 4 nodes [KS214]
    fix: choose a bigger size, or set max_nodes=5""",
            id="more nodes than allowed",
        ),
        pytest.param(
            {**PHI, "replicas": 3, "node_pool": POOL},
            """\
KaitoInferenceSet 'chat': 1 problem
  node_pool: 3 nodes are needed for 3 replicas, the pool has at most 2; expected a pool of 3 or more nodes [KS223]
    fix: give it 3 nodes""",
            id="pool with fewer nodes than replicas",
        ),
        pytest.param(
            {**PHI, "replica_annotations": {"kaito.sh/runtime": "transformers"}, "annotations": {"pulumi.com/waitFor": "x"}},
            """\
KaitoInferenceSet 'chat': 2 problems
  replica_annotations.kaito.sh/runtime: set by the argument runtime [KS105]
    fix: use runtime
  annotations.pulumi.com/waitFor: set by the argument wait [KS105]
    fix: use wait""",
            id="steering annotations that are arguments",
        ),
        pytest.param(
            {"preset": "llama-3.1-8b-instruct", "context": 999999},
            """\
KaitoInferenceSet 'chat': 2 problems
  context: 999999; expected at most 131072, the limit of meta-llama/llama-3.1-8b-instruct [KS203]
    fix: leave context out, or set at most 131072
  access_secret: missing, but meta-llama/llama-3.1-8b-instruct is gated: KAITO admits it, but it can never work; expected a Secret with the key HF_TOKEN [KS204]
    fix: kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here""",
            id="gated model without a secret, and context beyond the limit",
        ),
        pytest.param(
            {**PHI, "adapters": [{"name": "a", "image": "x/a:1", "strength": 0.5}]},
            """\
KaitoInferenceSet 'chat': 1 problem
  adapters[0].strength: a strength under vLLM; expected no strength [KS206]
    fix: leave strength out, or runtime='transformers'""",
            id="adapter strength under vLLM",
        ),
        pytest.param(
            {
                "preset": "llama-3.3-70b-instruct",
                "access_secret": "hf",
                "instance_type": "Standard_NV36ads_A10_v5",
                "node_pool": POOL,
            },
            """\
KaitoInferenceSet 'chat': 2 problems
  instance_type: 'Standard_NV36ads_A10_v5' together with node_pool, whose nodes exist already; expected either instance_type or node_pool [KS105]
    fix: leave instance_type out: the pool has its size
  node_pool: 3 nodes are needed, the pool has at most 2; KAITO admits it and waits indefinitely; expected a pool of 3 or more nodes [KS202]
    fix: give it 3 nodes, or a bigger size""",
            id="size that cannot hold the model",
        ),
    ],
)
def test_refusal(refusal, args, said):
    """A declaration that cannot work is refused with every problem, and nothing is registered."""
    assert refusal("KaitoInferenceSet", "chat", args) == said

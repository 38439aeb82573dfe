"""The stack's own defaults: preset, then the class, then the name, then the arguments."""

import copy
import json

import pytest

import kaito_iac as kaito
from kaito_iac.resolve.merge import merged, overlaid
from kaito_iac.testing import record

TITLE = "Stack configuration"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        pytest.param(
            "{",
            f"{TITLE}: 1 problem\n  kaito-iac:defaults: no JSON object; "
            "expected an object: class name or component name to arguments [KS106]",
            id="no JSON",
        ),
        pytest.param(
            "[1]",
            f"{TITLE}: 1 problem\n  kaito-iac:defaults: [1]; "
            "expected an object: class name or component name to arguments [KS106]",
            id="a list",
        ),
        pytest.param(
            '{"GpuNodePool": 7, "chat": []}',
            f"{TITLE}: 2 problems\n  kaito-iac:defaults.GpuNodePool: 7; expected an object of arguments [KS106]\n"
            "  kaito-iac:defaults.chat: []; expected an object of arguments [KS106]",
            id="entries that are no objects",
        ),
        pytest.param(
            '{"KaitoWorkspace": {"namespac": "ai"}}',
            "KaitoWorkspace 'chat': 1 problem\n  namespac: not an argument; expected one of preset, template, model_facts, "
            "namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, "
            "context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, "
            "node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, "
            "wait, adopt [KS102]\n"
            "    fix: did you mean 'namespace'?",
            id="an unknown argument",
        ),
    ],
)
def test_malformed_defaults(refusal, config, said):
    """Defaults that are no object of objects of arguments are refused by their key."""
    assert refusal("KaitoWorkspace", "chat", {"preset": "phi-4-mini-instruct"}, {"kaito-iac:defaults": config}) == said


def _workspace(args, **defaults):
    config = {"kaito-iac:defaults": json.dumps(defaults)}
    recording = record(lambda: kaito.KaitoWorkspace("chat", args), config=config)
    return recording.by_name("chat-workspace").inputs


PRESET = {"preset": "phi-4-mini-instruct"}


def test_the_nearer_origin_wins():
    """The preset's size yields to the class, the class to the name, the name to the arguments."""
    by_class = {"KaitoWorkspace": {"instance_type": "Standard_NV72ads_A10_v5"}}
    by_name = {"chat": {"instance_type": "Standard_NC24ads_A100_v4"}}
    sizes = [
        _workspace(PRESET)["resource"]["instanceType"],
        _workspace(PRESET, **by_class)["resource"]["instanceType"],
        _workspace(PRESET, **by_class, **by_name)["resource"]["instanceType"],
        _workspace({**PRESET, "instance_type": "Standard_NC40ads_H100_v5"}, **by_class, **by_name)["resource"]["instanceType"],
    ]
    assert sizes == [
        "Standard_NV36ads_A10_v5",
        "Standard_NV72ads_A10_v5",
        "Standard_NC24ads_A100_v4",
        "Standard_NC40ads_H100_v5",
    ]


def test_maps_merge_and_none_removes():
    """Labels of all origins come together; None takes one of them out, or the whole argument."""
    by_class = {"KaitoWorkspace": {"labels": {"team": "ml", "cost": "42"}, "namespace": "ai"}}
    by_name = {"chat": {"labels": {"cost": None, "tier": "gold"}}}
    merged_labels = _workspace({**PRESET, "labels": {"tier": "silver"}}, **by_class, **by_name)["metadata"]
    assert (merged_labels["labels"], merged_labels["namespace"]) == ({"team": "ml", "tier": "silver"}, "ai")
    removed = _workspace({**PRESET, "labels": None, "namespace": None}, **by_class, **by_name)["metadata"]
    assert (removed.get("labels"), removed["namespace"]) == (None, "default")


def test_lists_replace():
    """A list of the arguments takes the place of the stack's."""
    by_class = {"KaitoWorkspace": {"adapters": [{"name": "a", "image": "example.com/a:1"}]}}
    own = [{"name": "b", "image": "example.com/b:1"}]
    assert _workspace({**PRESET, "adapters": own}, **by_class)["inference"]["adapters"] == [
        {"source": {"name": "b", "image": "example.com/b:1"}}
    ]


def test_none_removes_what_the_preset_says():
    """storage=None keeps no index: the volume of the preset docs-faiss is not made."""
    recording = record(lambda: kaito.KaitoRagEngine("docs", {"storage": None}))
    assert [resource.name for resource in recording.resources] == ["project-dev", "docs", "docs-ragengine"]
    assert recording.by_name("docs-ragengine").inputs["spec"] == {"embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}}}


def test_defaults_for_pools_do_not_reach_a_described_pool():
    """A pool that a workspace describes in its own words is what these words say."""
    pool = {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}}
    inputs = _workspace({**PRESET, "node_pool": pool}, GpuNodePool={"labels": {"team": "ml"}, "max_count": 0})
    assert inputs["resource"] == {"labelSelector": {"matchLabels": {"apps": "gpu"}}}


def test_nothing_given_is_changed():
    """Neither the arguments nor what is in them is changed by resolving them."""
    args = {
        **PRESET,
        "labels": {"team": "ml", "cost": None},
        "vllm": {"max-num-seqs": 8.0},
        "adapters": [{"name": "a", "image": "example.com/a:1"}],
        "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}, "max_count": 2.0},
        "context": 8192.0,
    }
    before = copy.deepcopy(args)
    _workspace(args, KaitoWorkspace={"labels": {"a": "b"}, "vllm": {"seed": 1}})
    assert args == before


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        pytest.param({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, id="both"),
        pytest.param({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}, id="maps merge"),
        pytest.param({"a": [1, 2]}, {"a": [3]}, {"a": [3]}, id="lists replace"),
        pytest.param({"a": {"x": 1}}, {"a": 1}, {"a": 1}, id="a value replaces a map"),
        pytest.param({"a": 1, "b": 2}, {"a": None}, {"b": 2}, id="None removes"),
    ],
)
def test_merge(base, over, expected):
    """Maps merge, lists and values replace, an explicit None removes; neither side is changed."""
    kept = copy.deepcopy((base, over))
    assert merged(base, over) == expected
    assert (base, over) == kept


def test_none_is_kept_for_later():
    """A None of one origin stays until the preset's settings are put under it."""
    assert merged({"a": 1, "b": 2}, overlaid({"a": None}, {"b": None})) == {}

"""Every rule that arguments can provoke is applied to what a component registers, or its code is reported for the argument."""

from __future__ import annotations

import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.admission.rulebook import RULES
from kaito_iac.testing import record

NC24 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instance_type": "Standard_NC80adis_H100_v5", "selector": {"apps": "gpu"}, "max_count": 4}
LAW = {"preset": "phi-4-mini-instruct-lora", "dataset": {"claim": "data"}, "output": {"claim": "adapters"}}
TUNED = {**LAW, "preset": None, "model": "phi-4-mini-instruct", "method": "lora", "instance_type": NC24}
ROLES = {**PHI, "prefill": {"instance_type": NC24}, "decode": {"instance_type": NC24}}
W, S, T, R, M, D = (
    "KaitoWorkspace",
    "KaitoInferenceSet",
    "KaitoTuning",
    "KaitoRagEngine",
    "KaitoModelMirror",
    "KaitoMultiRoleInference",
)


def window(**said):
    return {**PHI, "auto_upgrade": {"maintenance_window": {"schedule": "@daily", **said}}}


def adapted(**said):
    return {**PHI, "adapters": [{"name": "a", "image": "b", **said}]}


SAME = {
    "selector_is_not_reserved": (S, {**PHI, "node_selector": {"kaito.sh/workspace": "a"}}),
    "runtime_is_supported": (W, {"preset": "qwen3.5-2b", "runtime": "transformers"}),
    "strength_needs_transformers": (W, adapted(strength="0.5")),
    "few_adapters": (W, {**PHI, "adapters": [{"name": f"a{number}", "image": "b"} for number in range(11)]}),
    "adapters_pass_the_next_update": (W, {**adapted(strength="2"), "runtime": "transformers"}),
    "training_values_are_in_range": (T, {**LAW, "training": {"LoraConfig": {"r": 0}}}),
    "data_can_be_fetched": (T, {**LAW, "dataset": {"urls": ["https://a:99999/b"]}}),
    "output_stays_in_its_volume": (T, {**LAW, "training": {"TrainingArguments": {"output_dir": "../mntx"}}}),
    "adapter_names_differ": (W, {**PHI, "adapters": [{"name": "a", "image": "b"}] * 2}),
    "image_family": (W, {**PHI, "annotations": {"kaito.sh/node-image-family": "windows"}}),
    "slice_holds_the_model": (
        W,
        {"preset": "phi-4-mini-instruct", "node_pool": POOL, "partition": {"mode": "mig", "profile": "1g.12gb"}},
    ),
    "performance_mode": (T, {**LAW, "annotations": {"kaito.sh/performance-mode": "fast"}}),
    "local_weights": (T, {**LAW, "annotations": {"kaito.sh/use-local-weights": "maybe"}}),
    "node_class": (W, {**PHI, "provisioner": "karpenter", "node_class": "mine"}),
    "window_is_a_schedule": (S, window(schedule="nightly")),
    "window_is_a_duration": (S, window(duration="4")),
    "window_opens": (S, window(duration="0s")),
    "partition_needs_own_nodes": (W, {**PHI, "partition": {"mode": "mig", "profile": "2g.24gb"}}),
    "partition_fields": (W, {**PHI, "node_pool": POOL, "partition": {"mode": "mig", "profile": "2g.24gb", "count": 1}}),
    "mig_profile": (W, {**PHI, "node_pool": POOL, "partition": {"mode": "mig", "profile": "9g.9gb"}}),
    "context_is_in_limit": (W, {**PHI, "context": 10**6}),
    "plugins_can_exist": (D, {**ROLES, "epp_plugins_config": "My_Plugins"}),
    "training_fields_are_public": (T, {**LAW, "training": {"TrainingArguments": {"hub_token": "secret"}}}),
    "training_config_has_known_sections": (T, {**LAW, "training": {"Lora": {}}}),
    "quantisation_fits_method": (T, {**TUNED, "training": {"QuantizationConfig": {"load_in_4bit": True}}}),
    "output_dir_is_inside": (T, {**LAW, "training": {"TrainingArguments": {"output_dir": "../etc"}}}),
    "training_data": (T, {**LAW, "dataset": {"urls": ["http://10.0.0.1/a"]}}),
    "adapter_destination": (T, {**LAW, "output": {"image": "a"}}),
    "its_gate_is_on": (D, ROLES),
    "limit_is_read": (S, {**PHI, "node_count_limit": 4}),
    "upgrades_happen": (S, {**PHI, "auto_upgrade": {"enabled": True}}),
    "window_comes": (S, window(schedule="0 2 30 2 *")),
    "scaling_keys_are_read": (
        S,
        {**PHI, "autoscale": {"max_count": 2, "metrics": [{"name": "a", "up_threshold": 1, "down_threshold": 2}]}},
    ),
    "annotations_are_passed_down": (S, {**PHI, "annotations": {"kaito.sh/bypass-resource-checks": "true"}}),
    "embedding_is_used": (R, {"embedding": "a/b"}),
    "context_window_is_useful": (R, {"llm": "http://chat/v1", "context_window": 100}),
    "index_outlives_the_pod": (R, {"preset": "docs-memory"}),
    "labels_of_kaitos_own": (W, {**PHI, "labels": {"kaito.sh/workspace": "chat"}}),
    "reserved_labels_are_ignored": (W, {**PHI, "node_selector": {"kaito.sh/workspace": "chat", "a": "b"}}),
    "size_holds_the_model": (
        W,
        {"preset": "phi-3-medium-128k-instruct", "context": 131072, "instance_type": "Standard_NV36ads_A10_v5"},
    ),
    "own_containers_ask_for_gpus": (
        W,
        {"template": {"spec": {"containers": [{"name": "a", "image": "b"}]}}, "instance_type": NC24},
    ),
    "references_can_exist": (W, {**PHI, "access_secret": "My_Token"}),
    "states_have_room": (W, {"preset": "qwen3.6-27b", "vllm": {"max-num-seqs": 300}}),
    "tools_have_a_parser": (
        W,
        {"preset": "phi-3-mini-4k-instruct", "instance_type": NC24, "vllm": {"enable-auto-tool-choice": True}},
    ),
    "stated_parallelism_fits": (W, {**PHI, "vllm": {"tensor-parallel-size": 2}}),
    "vllm_can_split_the_model": (W, {"preset": "phi-4", "instance_type": "p4d.24xlarge"}),
    "nodes_are_few": (
        W,
        {"preset": "llama-3.3-70b-instruct", "access_secret": "hf", "max_nodes": 1, "instance_type": "Standard_NV36ads_A10_v5"},
    ),
    "size_is_known": (W, {**PHI, "instance_type": "Standard_NC999"}),
    "size_gets_ready": (W, {**PHI, "instance_type": NC24.lower()}),
    "training_fields_exist": (T, {**LAW, "training": {"LoraConfig": {"rank": 8}}}),
    "engine_arguments_are_known": (W, {**PHI, "vllm": {"swap-space": 8}}),
    "engine_arguments_are_spelt_in_full": (W, {**PHI, "vllm": {"max-num-seq": 8}}),
    "switches_are_handed_on": (W, {**PHI, "vllm": {"disable-log-stats": False}}),
    "engine_values_are_taken": (W, {**PHI, "vllm": {"max-num-seqs": "many"}}),
    "engine_arguments_are_public": (W, {**PHI, "vllm": {"api-key": "word"}}),
    "transformers_reads_no_config": (W, {**PHI, "runtime": "transformers", "config": "mine"}),
    "gated_model_has_a_token": (W, {"preset": "llama-3.1-8b-instruct"}),
    "annotations_of_later_releases": (W, {**PHI, "annotations": {"kaito.sh/capacity-type": "spot"}}),
    "flags_are_spelt_as_kaito_reads_them": (W, {**PHI, "annotations": {"kaito.sh/bypass-resource-checks": "false"}}),
    "public_address": (W, {**PHI, "expose": "loadBalancer"}),
    "model_can_be_tuned": (T, {**TUNED, "model": "qwen3.5-2b"}),
    "volumes_are_volumes": (T, {**LAW, "dataset": {"volume": {"emptyDir": {}, "hostPath": {"path": "/a"}}}}),
    "output_outlives_the_pod": (T, {**LAW, "output": {"volume": {"emptyDir": {}}}}),
    "containers_are_complete": (W, {"template": {"spec": {"containers": [{"name": "a"}]}}, "instance_type": NC24}),
}
"""Rule to a component and arguments that break it; the resolver says the rule's code."""

OTHER = {
    "preset_is_known": (W, {"preset": "nobody-knows"}, "KS101"),
    "preset_or_template": (W, {"instance_type": NC24}, "KS102"),
    "size_follows_provisioner": (
        W,
        {"preset": None, "template": {"spec": {"containers": [{"name": "a", "image": "b"}]}}},
        "KS102",
    ),
    "name_is_a_label": (W, {**PHI, "name": "Chat"}, "KS104"),
    "name_fits_services": (S, {**PHI, "name": "c" * 49}, "KS104"),
    "labels_can_exist": (W, {**PHI, "node_selector": {"a": "b c"}}, "KS104"),
    "size_is_admitted": (W, {**PHI, "instance_type": "A100"}, "KS201"),
    "compute_size_is_admitted": (R, {"instance_type": "A100"}, "KS201"),
    "cloud_is_known": (W, {**PHI, "cloud": "moon"}, "KS102"),
    "memory_holds_weights": (
        W,
        {"preset": "phi-4", "runtime": "transformers", "instance_type": "Standard_NV36ads_A10_v5"},
        "KS202",
    ),
    "slice_holds_weights": (
        W,
        {"preset": "phi-4", "node_pool": POOL, "partition": {"mode": "mig", "profile": "1g.12gb"}},
        "KS202",
    ),
    "partition_needs_its_gate": (W, {**PHI, "node_pool": POOL, "partition": {"mode": "mig", "profile": "2g.24gb"}}, "KO402"),
    "partition_exists": (W, {**PHI, "node_pool": POOL, "partition": {"mode": "accelerator", "count": 17}}, "KS102"),
    "count_is_positive": (W, {**PHI, "count": 0}, "KS102"),
    "context_window_is_positive": (R, {"llm": "http://chat/v1", "context_window": 0}, "KS102"),
    "addresses_are_absolute": (R, {"llm": "chat", "context_window": 4096}, "KS102"),
    "addresses_answer": (R, {"vector_store": {"kind": "qdrant", "url": "ftp://q"}}, "KS102"),
    "engine_of_vectors": (R, {"vector_store": {"kind": "milvus"}}, "KS102"),
    "tuning_method": (T, {**TUNED, "method": "full"}, "KS102"),
    "tuning_preset": (T, {**TUNED, "model": "nobody-knows"}, "KS101"),
    "tuning_has_no_partition": (T, {**LAW, "partition": {"mode": "mig"}}, "KS102"),
    "context_is_in_limit_however_spelt": (W, {**PHI, "vllm": {"max_model_len": 262144}}, "KS102"),
    "context_is_what_nodes_are_counted_for": (W, {**PHI, "vllm": {"max_model_len": 131072}}, "KS102"),
    "settings_stand_once": (W, {**PHI, "vllm": {"max-model-len": 8192, "max_model_len": 4096}}, "KS102"),
    "training_sections_have_fields": (T, {**LAW, "training": {"LoraConfig": []}}, "KS102"),
    "configs_can_exist": (W, {**PHI, "config": "learning_rate: 0.1"}, "KS104"),
    "settings_are_read": (W, {**PHI, "context": 0}, "KS102"),
    "runtime_is_a_word_of_kaitos": (W, {**PHI, "runtime": "VLLM"}, "KS102"),
    "managed_mirror_has_storage": (M, {"preset": "phi-4"}, "KS102"),
    "managed_mirror_has_source": (M, {"storage_class": "fast"}, "KS102"),
    "static_mirror_is_empty": (M, {"preset": "phi-4", "mode": "static", "storage_class": "fast"}, "KS105"),
    "roles_have_a_model": (D, {**ROLES, "preset": None}, "KS102"),
    "role_size_follows_provisioner": (D, {**ROLES, "preset": "a/b", "prefill": {"replicas": 1}}, "KS217"),
}
"""Rule to a component, arguments and the code of the argument, which is wrong before it is part of a manifest."""

NEVER = {
    "adapters_have_sources": "an adapter always has a source; what it lacks is told as KS234",
    "inference_or_tuning": "every component writes one of both",
    "set_size_follows_provisioner": "placed as a Workspace is",
    "one_embedding": "always a local model",
    "local_embedding": "always a model, never an image",
    "embedding_image": "no argument for an image",
    "embedding_image_is_one": "no argument for an image",
    "compute_cloud_is_known": "a property of the operator",
    "compute_selector_is_labels": "selectors are labels",
    "selector_is_labels": "selectors are labels",
    "unchecked_selectors_can_be_used": "selectors are labels",
    "storage_class_exists": "needs the cluster",
    "streaming_driver": "needs the cluster, and a gate that is off",
    "a_node_matches": "needs the cluster",
    "nodes_are_labelled": "needs the cluster",
    "nodes_are_alike": "needs the cluster",
    "nodes_hold_weights": "needs the cluster",
    "inference_config_is_there": "needs the cluster",
    "named_nodes_are_used": "no argument for it",
    "inference_config_is_flat_yaml": "ours is",
    "settings_stand_under_vllm": "ours do",
    "nodes_compute_in_the_type": "needs the cluster; pools are asked by their size, see test_old_gpus",
    "later_annotations_have_values": "judged by KAITO 0.13 alone",
    "server_reads_the_settings": "ours have entries, and there is no argument for the share",
    "training_config_is_there": "needs the cluster",
    "guardrails_config_is_there": "needs the cluster",
    "transformers_on_one_node": "the weights are compared with the nodes before",
    "tuning_on_one_node": "no argument for a count",
    "tuning_has_a_resource": "always written",
    "surge_needs_room": "the node of an upgrade is counted as demand",
    "replicas_are_not_scaled_away": "the component ignores changes of replicas when it scales",
    "claim_is_named": "an empty claim is none",
    "compute_partition_is_read": "no argument for it",
    "count_is_what_happens": "count is not written where KAITO counts",
    "gpus_have_room_for_context": "said as KS213 of the context, see test_remarks",
    "deprecated_fields": "written only where KAITO still reads them",
}
"""Rule to the reason why no argument can break it."""


def codes(kind, args):
    """Return the codes of everything that is reported about a component, whether it is refused or not."""
    component = []
    given = {key: value for key, value in args.items() if value is not None}
    recording = record(lambda: component.append(getattr(kaito, kind)("chat", given)), allow_error=True)
    if recording.error is None:
        return {problem.code for problem in component[0].spec.problems}
    assert isinstance(recording.error.cause, SpecError), recording.error
    return {problem.code for problem in recording.error.cause.problems}


def test_every_rule_has_its_place():
    """Every rule about new objects at v1beta1 is in one of the three tables, and nothing else is."""
    judged = {
        rule.name for rule in RULES.values() if rule.severity != "info" and rule.on != "update" and "v1beta1" in rule.versions
    }
    assert sorted([*SAME, *OTHER, *NEVER]) == sorted(judged)


@pytest.mark.parametrize("rule", sorted(SAME))
def test_resolver_says_the_code_of_the_rule(rule):
    """What breaks a rule of the judge is reported by the resolver under the rule's code."""
    assert RULES[rule].code in codes(*SAME[rule])


@pytest.mark.parametrize("rule", sorted(OTHER))
def test_resolver_says_what_is_wrong_with_the_argument(rule):
    """What would break a rule is reported as a fault of the argument, before there is a manifest."""
    kind, args, code = OTHER[rule]
    assert code in codes(kind, args)

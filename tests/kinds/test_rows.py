"""The lines of an `…Args` dictionary, and arguments that come in camelCase."""

import pytest

import kaito_iac as kaito
from kaito_iac.components.package import COMPONENTS
from kaito_iac.kinds.rows import args_of, from_camel, in_camel, inner_args, keys_of


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda found: found.__name__)
def test_arguments_of_every_component_are_found(component):
    """A component's lines are found by its name."""
    assert args_of(component.__name__) is getattr(kaito, f"{component.__name__}Args")


@pytest.mark.parametrize("component", [*COMPONENTS, kaito.ReadinessGate], ids=lambda found: found.__name__)
def test_help_lists_the_keys(component):
    """What help() and an editor show of the arguments names every key."""
    args = args_of(component.__name__)
    listed = " ".join((args.__doc__ or "").partition("Keys: ")[2].split()).rstrip(".")
    assert listed.split(", ") == list(keys_of(args))


def test_inherited_lines_come_first():
    """Lines of a parent are arguments of the child."""
    keys = keys_of(kaito.KaitoWorkspaceArgs)
    assert (keys[0], "expose" in keys, "min" in keys) == ("preset", True, False)


def test_arguments_inside_arguments():
    """What holds arguments of its own is known; names that vLLM, a training or Kubernetes give are not."""
    assert inner_args(kaito.KaitoInferenceSetArgs) == {
        "model_facts": kaito.ModelFactsArgs,
        "partition": kaito.PartitionArgs,
        "adapters": kaito.AdapterArgs,
        "autoscale": kaito.AutoscaleArgs,
        "auto_upgrade": kaito.AutoUpgradeArgs,
        "adopt": kaito.AdoptArgs,
    }


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param({"nodePool": 1, "maxNodes": 2}, {"node_pool": 1, "max_nodes": 2}, id="names of arguments"),
        pytest.param({"nodepool": 1}, {"nodepool": 1}, id="unknown names stay for the reader to refuse"),
        pytest.param({"labels": {"maxNodes": "a"}}, {"labels": {"maxNodes": "a"}}, id="keys of labels"),
        pytest.param({"template": {"nodeSelector": {}}}, {"template": {"nodeSelector": {}}}, id="what Kubernetes writes"),
        pytest.param({"vllm": {"max-num-seqs": 8}}, {"vllm": {"max-num-seqs": 8}}, id="names of vLLM"),
        pytest.param(
            {"autoscale": {"maxCount": 2, "metrics": [{"upThreshold": 1}]}},
            {"autoscale": {"max_count": 2, "metrics": [{"up_threshold": 1}]}},
            id="lists of arguments",
        ),
        pytest.param({"autoscale": 7}, {"autoscale": 7}, id="no mapping"),
        pytest.param(
            {"adapters": [{"name": "a", "imagePullSecrets": ["b"]}]},
            {"adapters": [{"name": "a", "image_pull_secrets": ["b"]}]},
            id="alternatives",
        ),
    ],
)
def test_from_camel(given, read):
    """Arguments are translated, and nothing that someone else has named."""
    assert from_camel(kaito.KaitoInferenceSetArgs, given) == read


def test_names_of_the_user_stay():
    """In a mapping to arguments the names are the user's, and what they lead to is translated."""
    given = {"endpoints": {"myModel": {"endpoint": {"contextTokens": 1}, "inferencePool": True}}}
    assert from_camel(kaito.InferenceGatewayArgs, given) == {
        "endpoints": {"myModel": {"endpoint": {"contextTokens": 1}, "inference_pool": True}}
    }


def test_training_keeps_its_spelling():
    """Sections and fields of KAITO's training file are KAITO's."""
    given = {"training": {"LoraConfig": {"lora_alpha": 1}}, "pushSecret": "x"}
    assert from_camel(kaito.KaitoTuningArgs, given) == given


def test_texts_name_arguments_as_other_languages_do():
    """Names of arguments change in a text, other words with an underscore do not."""
    assert in_camel("give max_nodes, or load_in_4bit with os_disk_gib") == "give maxNodes, or load_in_4bit with osDiskGiB"

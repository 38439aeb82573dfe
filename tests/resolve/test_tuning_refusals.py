# ruff: noqa: E501 -- messages are whole lines
"""What is refused of a tuning job, with the whole message."""

import pytest

A100 = "Standard_NC24ads_A100_v4"
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}, "max_count": 2}
DATA = {"urls": ["https://data.example.com/a.parquet"]}
OUT = {"image": "registry.example.com/a:1", "push_secret": "push"}
TUNE = {"preset": "phi-4-mini-instruct-qlora", "dataset": DATA, "output": OUT}
MODEL = {"model": "phi-4", "instance_type": A100, "dataset": DATA, "output": OUT}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoTuning 'law': 4 problems
  preset: missing; expected preset, or model and method [KS102]
    fix: give preset, such as 'phi-4-mini-instruct-qlora', or model and method
  method: missing; expected lora or qlora [KS102]
    fix: give method
  dataset: missing; expected exactly one of urls, image, claim and volume [KS102]
  output: missing; expected exactly one of image, claim and volume [KS102]""",
            id="nothing",
        ),
        pytest.param(
            {**TUNE, "preset": "phi-4-mini-instruct"},
            """\
KaitoTuning 'law': 1 problem
  preset: 'phi-4-mini-instruct' is an inference preset; expected a tuning preset of `kaito-iac presets` [KS101]
    fix: preset='phi-4-mini-instruct-lora' or preset='phi-4-mini-instruct-qlora'""",
            id="inference preset",
        ),
        pytest.param(
            {**TUNE, "preset": "phi-4-mini-qlora"},
            """\
KaitoTuning 'law': 1 problem
  preset: 'phi-4-mini-qlora' is not a preset; expected a tuning preset of `kaito-iac presets`, or model and method [KS101]
    fix: did you mean 'phi-4-qlora' or 'phi-4-mini-instruct-qlora' or 'phi-4-lora'?""",
            id="no preset of that name",
        ),
        pytest.param(
            {**TUNE, "model": "phi-4", "method": "lora"},
            """\
KaitoTuning 'law': 2 problems
  model: together with preset, which has its own; expected preset, or model [KS105]
    fix: leave model out
  method: together with preset, which has its own; expected preset, or method [KS105]
    fix: leave method out""",
            id="preset and model",
        ),
        pytest.param(
            {**MODEL, "model": "gpt-oss-20b", "method": "lora"},
            """\
KaitoTuning 'law': 1 problem
  model: openai/gpt-oss-20b cannot be tuned: KAITO 0.12 has no tuning parameters for it: it admits the Workspace, its controller panics; expected one of phi-3-medium-128k-instruct, phi-3-medium-4k-instruct, phi-3-mini-128k-instruct, phi-3-mini-4k-instruct, phi-3.5-mini-instruct, phi-4, phi-4-mini-instruct, qwen2.5-coder-32b-instruct, qwen2.5-coder-7b-instruct [KS205]""",
            id="model that KAITO cannot tune",
        ),
        pytest.param(
            {**MODEL, "model": "mistral-7b", "method": "lora"},
            """\
KaitoTuning 'law': 1 problem
  model: mistralai/mistral-7b-v0.3 cannot be tuned: the tuning lookup uses this name in supported_models.yaml, which lists the model under another one: the controller panics; expected one of phi-3-medium-128k-instruct, phi-3-medium-4k-instruct, phi-3-mini-128k-instruct, phi-3-mini-4k-instruct, phi-3.5-mini-instruct, phi-4, phi-4-mini-instruct, qwen2.5-coder-32b-instruct, qwen2.5-coder-7b-instruct [KS205]""",
            id="model whose tuning panics",
        ),
        pytest.param(
            {**MODEL, "model": "phi-44", "method": "lora"},
            """\
KaitoTuning 'law': 1 problem
  model: 'phi-44' is not a model of KAITO 0.12; expected a tunable model, see `kaito-iac models --tunable` [KS101]
    fix: did you mean 'phi-4'?""",
            id="unknown model",
        ),
        pytest.param(
            {"model": "phi-4", "dataset": DATA, "output": OUT},
            """\
KaitoTuning 'law': 2 problems
  method: missing; expected lora or qlora [KS102]
    fix: give method
  instance_type: missing; expected a size from `kaito-iac sizes` [KS102]
    fix: give instance_type""",
            id="model without a method or size",
        ),
        pytest.param(
            {**MODEL, "method": "full"},
            """\
KaitoTuning 'law': 1 problem
  method: 'full'; expected lora or qlora [KS102]""",
            id="unknown method",
        ),
        pytest.param(
            {**TUNE, "node_pool": POOL},
            """\
KaitoTuning 'law': 1 problem
  node_pool: existing nodes: KAITO 0.12 starts no tuning job without an instance_type of its table; expected instance_type: nodes that KAITO creates [KS105]
    fix: leave node_pool out, give instance_type""",
            id="existing nodes",
        ),
        pytest.param(
            {**TUNE, "provisioner": "byo"},
            """\
KaitoTuning 'law': 1 problem
  provisioner: existing nodes: KAITO 0.12 starts no tuning job without an instance_type of its table; expected instance_type: nodes that KAITO creates [KS105]
    fix: leave provisioner out, give instance_type""",
            id="provisioner byo",
        ),
        pytest.param(
            {**TUNE, "instance_type": "Standard_NC6s_v3"},
            """\
KaitoTuning 'law': 1 problem
  instance_type: 'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a real size that KAITO 0.12 does not serve: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4""",
            id="size outside KAITO's table",
        ),
        pytest.param(
            {**TUNE, "dataset": {"urls": ["https://data.example.com/a.parquet"], "image": "a/b:1"}},
            """\
KaitoTuning 'law': 1 problem
  dataset: urls and image; expected exactly one of urls, image, claim and volume [KS105]""",
            id="several sources",
        ),
        pytest.param(
            {**TUNE, "dataset": {"name": "law"}},
            """\
KaitoTuning 'law': 1 problem
  dataset: none of urls, image, claim, volume; expected exactly one of urls, image, claim and volume [KS102]""",
            id="no source",
        ),
        pytest.param(
            {
                **TUNE,
                "dataset": {
                    "urls": [
                        "ftp://a/b",
                        "http://localhost/a",
                        "http://169.254.169.254/a",
                        "http://10.1.2.3/a",
                        "http://[::1]/a",
                        "http://metadata.google.internal/a",
                        "https://a.localhost/b",
                        "https://me:pw@data.example.com/a",
                        7,
                    ]
                },
            },
            """\
KaitoTuning 'law': 9 problems
  dataset.urls[7]: an address with credentials in it; expected an address without them [KS221]
    fix: give the key by a Secret
  dataset.urls[8]: 7; expected text [KS102]
  dataset.urls[0]: 'ftp://a/b' is neither http nor https; expected an http or https address outside the cluster [KS227]
  dataset.urls[1]: 'http://localhost/a' is a local or metadata host; expected an http or https address outside the cluster [KS227]
  dataset.urls[2]: 'http://169.254.169.254/a' is a loopback, private or link-local address; expected an http or https address outside the cluster [KS227]
  dataset.urls[3]: 'http://10.1.2.3/a' is a loopback, private or link-local address; expected an http or https address outside the cluster [KS227]
  dataset.urls[4]: 'http://[::1]/a' is a loopback, private or link-local address; expected an http or https address outside the cluster [KS227]
  dataset.urls[5]: 'http://metadata.google.internal/a' is a local or metadata host; expected an http or https address outside the cluster [KS227]
  dataset.urls[6]: 'https://a.localhost/b' is a local or metadata host; expected an http or https address outside the cluster [KS227]""",
            id="addresses KAITO refuses",
        ),
        pytest.param(
            {**TUNE, "dataset": {"image": "a b"}},
            """\
KaitoTuning 'law': 1 problem
  dataset.image: 'a b' is no image reference; expected registry/path/name:tag, in lower case [KS227]""",
            id="image that is none",
        ),
        pytest.param(
            {**TUNE, "output": {"image": "a/b:1"}},
            """\
KaitoTuning 'law': 1 problem
  output.push_secret: missing; expected a Secret that may push the image [KS227]
    fix: kubectl create secret docker-registry NAME …, and name it here""",
            id="image without a push secret",
        ),
        pytest.param(
            {**TUNE, "output": {"claim": "c", "push_secret": "p"}},
            """\
KaitoTuning 'law': 1 problem
  output.push_secret: without image; expected image, or no push_secret [KS105]
    fix: leave push_secret out""",
            id="push secret without an image",
        ),
        pytest.param(
            {**TUNE, "output": {}},
            """\
KaitoTuning 'law': 1 problem
  output: missing; expected exactly one of image, claim and volume [KS102]""",
            id="no output",
        ),
        pytest.param(
            {**TUNE, "output": {"image": "registry.example.com/a:1", "push_secret": "push", "claim": "c"}},
            """\
KaitoTuning 'law': 1 problem
  output: image and claim; expected exactly one of image, claim and volume [KS105]""",
            id="both outputs",
        ),
        pytest.param(
            {**TUNE, "training": {"LoRAConfig": {}, "LoraConfig": {"rank": 8}, "DatasetConfig": {"shufle_dataset": True}}},
            """\
KaitoTuning 'law': 3 problems
  training.LoRAConfig: section 'LoRAConfig' of training_config.yaml; expected one of ModelConfig, QuantizationConfig, LoraConfig, TrainingArguments, DatasetConfig, DataCollator [KS226]
    fix: did you mean 'LoraConfig'?
  training.LoraConfig.rank: not a field of LoraConfig: the job ends with an error; expected a field of its class [KS226]
    fix: did you mean 'rank_pattern'?
  training.DatasetConfig.shufle_dataset: not a field of DatasetConfig: the job ends with an error; expected a field of its class [KS226]
    fix: did you mean 'shuffle_dataset'?""",
            id="sections and fields no one knows",
        ),
        pytest.param(
            {**MODEL, "method": "lora", "training": {"QuantizationConfig": {"load_in_4bit": True}}},
            """\
KaitoTuning 'law': 1 problem
  training.QuantizationConfig.load_in_4bit: true with method lora; expected false [KS226]
    fix: method='qlora'""",
            id="lora with a quantised model",
        ),
        pytest.param(
            {**MODEL, "method": "qlora", "training": {"LoraConfig": {"r": 8}}},
            """\
KaitoTuning 'law': 1 problem
  training.QuantizationConfig: neither load_in_4bit nor load_in_8bit; expected load_in_4bit or load_in_8bit true for method qlora [KS226]
    fix: load_in_4bit=True""",
            id="qlora without quantisation",
        ),
        pytest.param(
            {**MODEL, "method": "qlora", "training": {"QuantizationConfig": {"load_in_4bit": True, "load_in_8bit": True}}},
            """\
KaitoTuning 'law': 1 problem
  training.QuantizationConfig: load_in_4bit and load_in_8bit together; expected one of them [KS226]""",
            id="both quantisations",
        ),
        pytest.param(
            {**MODEL, "method": "lora", "training": {"QuantizationConfig": {"load_in_4bit": "no"}}},
            """\
KaitoTuning 'law': 1 problem
  training.QuantizationConfig.load_in_4bit: 'no'; expected true or false [KS226]""",
            id="quantisation that is no truth value",
        ),
        pytest.param(
            {**TUNE, "training": {"TrainingArguments": {"output_dir": "../etc"}}},
            """\
KaitoTuning 'law': 1 problem
  training.TrainingArguments.output_dir: '../etc'; expected a folder below /mnt [KS226]
    fix: output_dir='results'""",
            id="folders outside the mount",
        ),
        pytest.param(
            {**TUNE, "training": {"TrainingArguments": {"output_dir": "/mnt/"}}},
            """\
KaitoTuning 'law': 1 problem
  training.TrainingArguments.output_dir: '/mnt/' leads out of /mnt, or is /mnt itself; expected a folder below /mnt [KS235]
    fix: output_dir='results'""",
            id="the mount itself",
        ),
        pytest.param(
            {**TUNE, "training": {"TrainingArguments": {"output_dir": 7}}},
            """\
KaitoTuning 'law': 1 problem
  training.TrainingArguments.output_dir: 7 is no text; expected a folder below /mnt [KS226]
    fix: output_dir='results'""",
            id="folder that is no text",
        ),
        pytest.param(
            {**TUNE, "training": {"LoraConfig": {"r": 0, "lora_dropout": 2}, "DatasetConfig": {"train_test_split": -1}}},
            """\
KaitoTuning 'law': 3 problems
  training.LoraConfig.lora_dropout: 2; expected a number from 0 to 1 [KS226]
  training.LoraConfig.r: 0; expected a number above 0 [KS226]
  training.DatasetConfig.train_test_split: -1; expected a number from 0 to 1 [KS226]""",
            id="numbers out of range",
        ),
        pytest.param(
            {**TUNE, "training": {"TrainingArguments": {"deepspeed": {"a": 1}}}},
            """\
KaitoTuning 'law': 1 problem
  training.TrainingArguments.deepspeed: {'a': 1}; expected text, a number, true, false, or a list of them [KS102]""",
            id="nested values",
        ),
        pytest.param(
            {**TUNE, "training": {"LoraConfig": 8}},
            """\
KaitoTuning 'law': 1 problem
  training.LoraConfig: 8; expected a mapping with text keys [KS102]""",
            id="section that is no mapping",
        ),
        pytest.param(
            {**TUNE, "config": "mine", "training": {"LoraConfig": {"r": 8}}},
            """\
KaitoTuning 'law': 1 problem
  config: together with training; expected either a ConfigMap of your own, or training [KS105]
    fix: leave one out""",
            id="configuration twice",
        ),
        pytest.param(
            {**TUNE, "annotations": {"pulumi.com/waitFor": "x"}},
            """\
KaitoTuning 'law': 1 problem
  annotations.pulumi.com/waitFor: set by the argument wait [KS105]
    fix: use wait""",
            id="annotation that is an argument",
        ),
    ],
)
def test_refusal(refusal, args, said):
    """A declaration that cannot work is refused with every problem, and nothing is registered."""
    assert refusal("KaitoTuning", "law", args) == said

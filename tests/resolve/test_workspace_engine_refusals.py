# ruff: noqa: E501 -- messages are whole lines
"""Messages about an engine configuration that cannot work: whole messages."""

import pytest


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": 262144},
            """\
KaitoWorkspace 'chat': 1 problem
  context: 262144; expected at most 131072, the limit of microsoft/phi-4-mini-instruct [KS203]
    fix: leave context out, or set at most 131072""",
            id="context beyond the limit",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "vllm": {"max-model-len": 262144}},
            """\
KaitoWorkspace 'chat': 1 problem
  vllm.max-model-len: 262144; expected at most 131072, the limit of microsoft/phi-4-mini-instruct [KS203]
    fix: leave vllm.max-model-len out, or set at most 131072""",
            id="context beyond the limit among the engine's arguments",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": 8192, "vllm": {"max-model-len": 4096}},
            """\
KaitoWorkspace 'chat': 1 problem
  vllm.max-model-len: 4096 together with context (8192); expected context alone [KS105]
    fix: leave vllm.max-model-len out""",
            id="context twice",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "vllm": {"max-model-len": "auto"}},
            """\
KaitoWorkspace 'chat': 1 problem
  vllm.max-model-len: 'auto'; expected a whole number of tokens; KAITO refuses anything else [KS102]
    fix: use context""",
            id="context as text among the engine's arguments",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": 8192.5},
            """\
KaitoWorkspace 'chat': 1 problem
  context: 8192.5; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="context that is no whole number",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": 0},
            """\
KaitoWorkspace 'chat': 1 problem
  context: 0; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="context of zero",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": "8192"},
            """\
KaitoWorkspace 'chat': 1 problem
  context: '8192'; expected a whole number from 1 to 2147483648 tokens [KS102]
    fix: context=8192""",
            id="context as text",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": 10**5000},
            """\
KaitoWorkspace 'chat': 1 problem
  context: a value of type int too large to show; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="huge context",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "context": float("inf")},
            """\
KaitoWorkspace 'chat': 1 problem
  context: inf; expected a whole number from 1 to 2147483648 tokens [KS102]""",
            id="endless context",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "config": "my-config", "context": 8192},
            """\
KaitoWorkspace 'chat': 2 problems
  config: together with context or vllm; expected either a ConfigMap of your own, or context and vllm [KS105]
    fix: leave one out
  warning: config: the context in ConfigMap 'my-config' is not seen here; nodes are planned for 2048 tokens; expected context, which a plan can see [KS217]
    fix: use context and vllm instead of config""",
            id="config together with context",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "vllm": {"api-key": "x", "hf-token": "y"}},
            """\
KaitoWorkspace 'chat': 2 problems
  vllm.api-key: a secret in a ConfigMap; expected no secret [KS221]
    fix: put authentication in front
  vllm.hf-token: a secret in a ConfigMap; expected no secret [KS221]
    fix: put authentication in front""",
            id="secret-looking engine arguments",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "vllm": {"--max-num-seqs": 8, "lora-modules": ["a"], "seed": 10**400, "cpu-offload-gb": float("nan")},
            },
            """\
KaitoWorkspace 'chat': 4 problems
  vllm.--max-num-seqs: not an engine argument; expected a name of vLLM without leading dashes, such as max-num-seqs [KS102]
    fix: write max-num-seqs
  vllm.lora-modules: ['a']; expected text, a number, true or false [KS102]
  vllm.seed: 100000000000000000000000000000000000000000000000000000000...; expected text, a number, true or false [KS102]
  vllm.cpu-offload-gb: nan; expected text, a number, true or false [KS102]""",
            id="engine arguments with dashes, lists and huge numbers",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "runtime": "vLLM"},
            """\
KaitoWorkspace 'chat': 1 problem
  runtime: 'vLLM'; expected vllm or transformers [KS102]
    fix: runtime='vllm'""",
            id="runtime that does not exist",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "runtime": "transformers"},
            """\
KaitoWorkspace 'chat': 1 problem
  runtime: transformers, which KAITO 0.12 does not run phi-4-mini-instruct with; expected vllm [KS219]
    fix: leave runtime out""",
            id="runtime the model is not run with",
        ),
        pytest.param(
            {"preset": "phi-4", "runtime": "transformers", "context": 4096},
            """\
KaitoWorkspace 'chat': 1 problem
  runtime: 'transformers' together with context or vllm; expected vllm [KS105]
    fix: leave context and vllm out""",
            id="transformers together with context",
        ),
        pytest.param(
            {"preset": "phi-4", "runtime": "transformers", "instance_type": "Standard_NV36ads_A10_v5"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 1 x Standard_NV36ads_A10_v5 has less GPU memory than the 27.31Gi of weights; KAITO refuses it; expected a size that holds the model in one node [KS202]
    fix: see `kaito-iac fit phi-4`""",
            id="transformers on nodes that are too small",
        ),
        pytest.param(
            {"preset": "phi-4", "runtime": "transformers", "instance_type": "Standard_NV36ads_A10_v5", "count": 2},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 2 x Standard_NV36ads_A10_v5 means several nodes, which transformers cannot join; KAITO refuses it; expected a size that holds the model in one node [KS202]
    fix: see `kaito-iac fit phi-4`""",
            id="transformers on several nodes",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "adapters": [{"name": "law", "image": "example.com/law:1", "strength": 0.5}]},
            """\
KaitoWorkspace 'chat': 1 problem
  adapters[0].strength: a strength under vLLM; expected no strength [KS206]
    fix: leave strength out, or runtime='transformers'""",
            id="adapter strength under vLLM",
        ),
        pytest.param(
            {
                "preset": "phi-4",
                "runtime": "transformers",
                "adapters": [{"name": "law", "image": "example.com/law:1", "strength": 1.5}],
            },
            """\
KaitoWorkspace 'chat': 1 problem
  adapters[0].strength: '1.5'; KAITO checks it only on update; expected a number from 0 to 1, as text [KS234]""",
            id="adapter strength that is none",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "adapters": [
                    {"image": "example.com/a:1"},
                    {"name": "b"},
                    {"name": "c", "image": "example.com/c:1", "volume": {"emptyDir": {}}},
                    "d",
                ],
            },
            """\
KaitoWorkspace 'chat': 4 problems
  adapters[0].name: missing; expected the adapter's name [KS102]
    fix: give adapters[0].name
  adapters[3]: 'd'; expected a mapping with name and image or volume [KS102]
  adapters[1]: not exactly one of image and volume; KAITO checks it only on update; expected one of them [KS234]
  adapters[2]: not exactly one of image and volume; KAITO checks it only on update; expected one of them [KS234]""",
            id="adapters without name, source, or both sources",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "adapters": [{"name": "a", "image": "example.com/a:1"}, {"name": "a", "image": "example.com/a:2"}],
            },
            """\
KaitoWorkspace 'chat': 1 problem
  adapters: the name 'a' 2 times; expected every name once [KS220]""",
            id="adapter twice",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "adapters": [{"name": f"a{n}", "image": "example.com/a:1"} for n in range(11)]},
            """\
KaitoWorkspace 'chat': 1 problem
  adapters: 11 adapters; expected at most 10 [KS220]""",
            id="too many adapters",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "adapters": {"name": "a"}},
            """\
KaitoWorkspace 'chat': 1 problem
  adapters: {'name': 'a'}; expected a list [KS102]""",
            id="adapters that are a mapping",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "vllm": {"max-num-seq": 64, "no-enable-prefix-caching": True}},
            """\
KaitoWorkspace 'chat': 1 problem
  vllm.max-num-seq: short for max-num-seqs: vLLM accepts it, KAITO and this tool do not; expected max-num-seqs [KS292]
    fix: write max-num-seqs""",
            id="argument of the engine that does not exist",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "adapters": [{"name": "A_", "image": 7, "imagePullSecret": "x", "image_pull_secrets": "x"}],
            },
            """\
KaitoWorkspace 'chat': 4 problems
  adapters[0].imagePullSecret: not an argument; expected one of name, image, image_pull_secrets, volume, strength [KS102]
    fix: did you mean 'image_pull_secrets'?
  adapters[0].name: 'A_'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  adapters[0].image: 7; expected text [KS102]
  adapters[0].image_pull_secrets: 'x'; expected a list [KS102]""",
            id="adapter with odd values",
        ),
    ],
)
def test_engine_that_cannot_start(refusal, args, said):
    """Runtime, context, arguments and adapters are judged as KAITO and vLLM would."""
    assert refusal("KaitoWorkspace", "chat", args) == said

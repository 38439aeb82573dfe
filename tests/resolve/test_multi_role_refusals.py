# ruff: noqa: E501 -- messages are whole lines
"""What is refused of prefill and decode roles, with the whole message."""

import pytest

A100 = "Standard_NC24ads_A100_v4"
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}, "max_count": 2}
ROLES = {"preset": "phi-4", "prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {},
            """\
KaitoMultiRoleInference 'chat': 3 problems
  preset: missing; expected a name from `kaito-iac presets` [KS102]
    fix: give preset
  prefill: missing; expected instance_type and replicas of the role [KS102]
    fix: give prefill
  decode: missing; expected instance_type and replicas of the role [KS102]
    fix: give decode""",
            id="nothing",
        ),
        pytest.param(
            {"preset": "phi-4", "prefill": {"instance_type": A100}},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  decode: missing; expected instance_type and replicas of the role [KS102]
    fix: give decode""",
            id="one role",
        ),
        pytest.param(
            {**ROLES, "name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  name: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; expected lower-case letters, digits and '-', a letter first, at most 40 characters [KS104]
    fix: name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'""",
            id="name too long",
        ),
        pytest.param(
            {**ROLES, "decode": {"instance_type": A100, "replicas": 0}},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  decode.replicas: 0; expected a whole number from 1 to 1000 replicas [KS102]""",
            id="role without replicas",
        ),
        pytest.param(
            {**ROLES, "prefill": {"instance_type": A100, "replica": 2}, "decode": {"instance_type": "Standard_NC24ads_A100_v5"}},
            """\
KaitoMultiRoleInference 'chat': 2 problems
  prefill.replica: not an argument; expected one of instance_type, replicas, context, vllm, vllm_extra, config [KS102]
    fix: did you mean 'replicas'?
  decode.instance_type: 'Standard_NC24ads_A100_v5' is not a size of KAITO 0.12: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC40ads_H100_v5'?""",
            id="unknown size in one role, unknown argument in the other",
        ),
        pytest.param(
            {**ROLES, "prefill": {"instance_type": A100, "context": 99999}},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  prefill.context: 99999; expected at most 16384, the limit of microsoft/phi-4 [KS203]
    fix: leave prefill.context out, or set at most 16384""",
            id="context beyond the limit of the model",
        ),
        pytest.param(
            {**ROLES, "node_pool": POOL},
            """\
KaitoMultiRoleInference 'chat': 2 problems
  prefill.instance_type: 'Standard_NC24ads_A100_v4' together with node_pool, whose nodes exist already; expected either instance_type or node_pool [KS105]
    fix: leave instance_type out: the pool has its size
  decode.instance_type: 'Standard_NC24ads_A100_v4' together with node_pool, whose nodes exist already; expected either instance_type or node_pool [KS105]
    fix: leave instance_type out: the pool has its size""",
            id="sizes on existing nodes",
        ),
        pytest.param(
            {**ROLES, "node_pool": POOL, "prefill": {"replicas": 1}, "decode": {"replicas": 2}},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  node_pool: 3 nodes are needed for both roles, the pool has at most 2; expected a pool of 3 or more nodes [KS223]
    fix: give it 3 nodes""",
            id="pool with fewer nodes than both roles",
        ),
        pytest.param(
            {**ROLES, "preset": "llama-3.1-8b-instruct"},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  access_secret: missing, but meta-llama/llama-3.1-8b-instruct is gated: KAITO admits it, but it can never work; expected a Secret with the key HF_TOKEN [KS204]
    fix: kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here""",
            id="gated model without a secret",
        ),
        pytest.param(
            {**ROLES, "decode": {"instance_type": A100, "context": 8192, "vllm": {"max-model-len": 4096}}},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  decode.vllm.max-model-len: 4096 together with context (8192); expected context alone [KS105]
    fix: leave vllm.max-model-len out""",
            id="context in two places",
        ),
        pytest.param(
            {**ROLES, "decode": {"instance_type": A100, "context": 8192, "config": "mine"}},
            """\
KaitoMultiRoleInference 'chat': 2 problems
  decode.config: together with context or vllm; expected either a ConfigMap of your own, or context and vllm [KS105]
    fix: leave one out
  warning: decode.config: the context in ConfigMap 'mine' is not seen here; nodes are planned for 2048 tokens; expected context, which a plan can see [KS217]
    fix: use context and vllm instead of config""",
            id="ConfigMap and context",
        ),
        pytest.param(
            {**ROLES, "decode": {"instance_type": A100, "replicas": 3}, "max_nodes": 2},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  max_nodes: KAITO would use 1 x Standard_NC24ads_A100_v4 for each of 3 replicas; it has no limit of its own; expected at most 2 nodes [KS214]
    fix: choose a bigger size, or set max_nodes=3""",
            id="more nodes than allowed",
        ),
        pytest.param(
            {**ROLES, "preset": "phi-44"},
            """\
KaitoMultiRoleInference 'chat': 1 problem
  preset: 'phi-44' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]
    fix: did you mean 'phi-4' or 'phi-4-lora'?""",
            id="unknown model",
        ),
    ],
)
def test_refusal(refusal, args, said):
    """A declaration that cannot work is refused with every problem, and nothing is registered."""
    assert refusal("KaitoMultiRoleInference", "chat", args) == said

# ruff: noqa: E501 -- messages are whole lines
"""Messages about names, labels, types and templates of a Workspace: whole messages."""

import pulumi
import pytest

later = pulumi.Output.from_input

GPU = {"resources": {"limits": {"nvidia.com/gpu": 1}}}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"preset": "phi-4-mini-instruct", "name": "Chat.One"},
            """\
KaitoWorkspace 'chat': 1 problem
  name: 'Chat.One'; expected lower-case letters, digits and '-', a letter first, at most 54 characters [KS104]
    fix: name='chat-one'""",
            id="name with dots and capitals",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "name": "c" * 55},
            """\
KaitoWorkspace 'chat': 1 problem
  name: 'ccccccccccccccccccccccccccccccccccccccccccccccccccccccc'; expected lower-case letters, digits and '-', a letter first, at most 54 characters [KS104]
    fix: name='cccccccccccccccccccccccccccccccccccccccccccccccccccccc'""",
            id="name that is too long",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "name": "7b"},
            """\
KaitoWorkspace 'chat': 1 problem
  name: '7b'; expected lower-case letters, digits and '-', a letter first, at most 54 characters [KS104]
    fix: name='a-7b'""",
            id="name with a leading digit",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "name": 7},
            """\
KaitoWorkspace 'chat': 1 problem
  name: 7; expected the name of the Workspace [KS102]""",
            id="name that is no text",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "namespace": "team_a"},
            """\
KaitoWorkspace 'chat': 1 problem
  namespace: 'team_a'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='team-a'""",
            id="namespace that is none",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "namespace": "n" * 64},
            """\
KaitoWorkspace 'chat': 1 problem
  namespace: 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn'""",
            id="namespace that is too long",
        ),
        pytest.param(
            {"preset": "llama-3.1-8b-instruct"},
            """\
KaitoWorkspace 'chat': 1 problem
  access_secret: missing, but meta-llama/llama-3.1-8b-instruct is gated: KAITO admits it, but it can never work; expected a Secret with the key HF_TOKEN [KS204]
    fix: kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here""",
            id="gated model without a secret",
        ),
        pytest.param(
            {"preset": "llama-3.1-8b-instruct", "access_secret": "hf_token"},
            """\
KaitoWorkspace 'chat': 1 problem
  access_secret: 'hf_token'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]""",
            id="secret name that is none",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "labels": {"team name": "a", "team": "a b", "cost": 7},
                "annotations": {"/x": "a", "note": 7},
            },
            """\
KaitoWorkspace 'chat': 5 problems
  labels: key 'team name'; expected an optional DNS prefix with '/', then up to 63 letters, digits, '-', '_', '.' [KS104]
  labels.team: 'a b'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]
  labels.cost: 7; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]
  annotations: key '/x'; expected an optional DNS prefix with '/', then up to 63 letters, digits, '-', '_', '.' [KS104]
  annotations.note: 7; expected text [KS102]""",
            id="labels and annotations that are none",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "labels": {7: "a"}},
            """\
KaitoWorkspace 'chat': 1 problem
  labels: {7: 'a'}; expected a mapping with text keys [KS102]""",
            id="labels with keys that are no text",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "labels": ["team=a"]},
            """\
KaitoWorkspace 'chat': 1 problem
  labels: ['team=a']; expected a mapping with text keys [KS102]""",
            id="labels that are a list",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "annotations": {
                    "kaito.sh/enablelb": "True",
                    "kaito.sh/runtime": "transformers",
                    "kaito-iac/target-nodes": "3",
                    "pulumi.com/waitFor": "x",
                },
            },
            """\
KaitoWorkspace 'chat': 4 problems
  annotations.kaito.sh/enablelb: set by the argument expose [KS105]
    fix: use expose
  annotations.kaito.sh/runtime: set by the argument runtime [KS105]
    fix: use runtime
  annotations.kaito-iac/target-nodes: set by the argument preset [KS105]
    fix: use preset
  annotations.pulumi.com/waitFor: set by the argument wait [KS105]
    fix: use wait""",
            id="annotations that arguments stand for",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instancetype": "x", "zzz": 1, 7: 2},
            """\
KaitoWorkspace 'chat': 3 problems
  instancetype: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, wait, adopt [KS102]
    fix: write instance_type
  zzz: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, wait, adopt [KS102]
  7: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, wait, adopt [KS102]""",
            id="unknown arguments, one with a near miss",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "count": True,
                "wait": "yes",
                "timeout_minutes": [30],
                "local_weights": 1,
                "benchmark": "no",
                "vllm": [],
                "adapters": "a",
                "performance_mode": "fast",
                "expose": "public",
                "cloud": "gcp",
            },
            """\
KaitoWorkspace 'chat': 10 problems
  count: True; expected a whole number from 1 to 1000 nodes [KS102]
  wait: 'yes'; expected true or false [KS102]
  timeout_minutes: [30]; expected a whole number from 1 to 1440 minutes [KS102]
  local_weights: 1; expected true or false [KS102]
  benchmark: 'no'; expected true or false [KS102]
  vllm: []; expected a mapping with text keys [KS102]
  adapters: 'a'; expected a list [KS102]
  performance_mode: 'fast'; expected balanced or interactivity or throughput [KS102]
  expose: 'public'; expected cluster or loadBalancer [KS102]
  cloud: 'gcp'; expected azure or aws or arc [KS102]""",
            id="wrong types",
        ),
        pytest.param(
            {
                "namespace": "A",
                "context": 262144,
                "count": 0,
                "preset": "phi-4-mini-instruct",
                "instanceTyp": "x",
                "access_secret": "a_b",
            },
            """\
KaitoWorkspace 'chat': 5 problems
  namespace: 'A'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: namespace='a'
  context: 262144; expected at most 131072, the limit of microsoft/phi-4-mini-instruct [KS203]
    fix: leave context out, or set at most 131072
  count: 0; expected a whole number from 1 to 1000 nodes [KS102]
  instanceTyp: not an argument; expected one of preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector, partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights, performance_mode, node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels, annotations, wait, adopt [KS102]
    fix: did you mean 'instance_type'?
  access_secret: 'a_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]""",
            id="several problems in the order of the input",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "template": {"spec": {"containers": [{"name": "x", "image": "x", **GPU}]}},
                "context": 4096,
                "vllm": {},
                "access_secret": "s",
                "instance_type": "Standard_NC24ads_A100_v4",
            },
            """\
KaitoWorkspace 'chat': 1 problem
  template: together with preset, context, vllm, access_secret, which a pod template does not have; expected either preset or template [KS105]
    fix: leave template out, or leave out preset and context and vllm and access_secret""",
            id="template and preset",
        ),
        pytest.param(
            {"template": {"metadata": {}}, "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  template.spec.containers: no container: Kubernetes will refuse the pod; expected a container [KS237]""",
            id="template without containers",
        ),
        pytest.param(
            {"template": {"spec": {"containers": []}}, "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  template.spec.containers: no container: Kubernetes will refuse the pod; expected a container [KS237]""",
            id="template with an empty list of containers",
        ),
        pytest.param(
            {
                "template": {"spec": {"containers": [{"name": "x", **GPU, "env": [{7: "x"}]}]}},
                "instance_type": "Standard_NC24ads_A100_v4",
            },
            """\
KaitoWorkspace 'chat': 1 problem
  template.spec.containers[0].env[0]: key 7; expected keys that are text [KS102]""",
            id="template with keys that are no text",
        ),
        pytest.param(
            {"template": [1], "instance_type": "Standard_NC24ads_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  template: [1]; expected a mapping with text keys [KS102]""",
            id="template that is a list",
        ),
        pytest.param(
            {"template": {"spec": {"containers": [{"name": "x", "image": "x", **GPU}]}}, "instance_type": "Basic_A1"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Basic_A1' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]""",
            id="template on a size that KAITO refuses",
        ),
        pytest.param(
            {
                "template": {"spec": {"containers": [{"name": "x", "image": "x", **GPU}]}},
                "instance_type": "Standard_NC24ads_A100_v4",
                "count": 9,
            },
            """\
KaitoWorkspace 'chat': 1 problem
  max_nodes: count asks for 9 x Standard_NC24ads_A100_v4; expected at most 8 nodes [KS214]
    fix: choose a bigger size, or set max_nodes=9""",
            id="template with more nodes than allowed",
        ),
        pytest.param(
            lambda: {
                "preset": later("phi-4"),
                "instance_type": later("x"),
                "context": later(1),
                "count": later(1),
                "runtime": later("vllm"),
                "name": later("chat"),
                "wait": later(True),
                "node_pool": later({}),
                "vllm": {"seed": later(1)},
                "adapters": later([]),
            },
            """\
KaitoWorkspace 'chat': 9 problems
  preset: an Output; expected a plain value: a name from `kaito-iac presets`, or an `organisation/model` [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  instance_type: an Output; expected a plain value: the size of the pool's nodes: how many a model needs follows from it, before another stack is asked [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  context: an Output; expected a plain value: a whole number from 1 to 2147483648 tokens [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  count: an Output; expected a plain value: a whole number from 1 to 1000 nodes [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  runtime: an Output; expected a plain value: vllm or transformers [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  name: an Output; expected a plain value: the name of the Workspace [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  wait: an Output; expected a plain value: true or false [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created
  vllm.seed: an Output; expected a plain value: the engine's arguments decide how the model is laid out [KS103]
  adapters: an Output; expected a plain value: a list [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="Outputs where resources are decided",
        ),
    ],
)
def test_workspace_that_cannot_be(refusal, args, said):
    """Every problem is reported at once, in the order of the input, each with what is accepted."""
    assert refusal("KaitoWorkspace", "chat", args) == said

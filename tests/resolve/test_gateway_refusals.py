# ruff: noqa: E501 -- messages are whole lines
"""Messages about a gateway that leads nowhere, that no one can call, or that everyone can: whole messages."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import known, record

CHAT = {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4", "context_tokens": 4096}
CODE = {"url": "http://code.ai.svc.cluster.local/v1", "model": "qwen", "context_tokens": 4096}
SPLIT = {"pool": "split-inferencepool", "namespace": "ai", "model": "phi-4", "context_tokens": 4096}
OPEN = {"endpoints": {"chat": CHAT}, "auth": "none"}
GOOD = {"endpoints": {"chat": CHAT}, "namespace": "ai", "hosts": ["ai.example.com"]}


def refusal(args):
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.InferenceGateway("edge", args))
    return str(raised.value)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {**GOOD, "endpoints": None},
            """\
InferenceGateway 'edge': 1 problem
  endpoints: missing; expected a mapping: a name of yours to endpoint [KS102]
    fix: endpoints={'chat': chat.endpoint}""",
            id="nothing behind it",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"Chat": CHAT}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.Chat: 'Chat'; expected lower-case letters, digits and '-', a letter or digit first, at most 30 characters [KS104]
    fix: endpoints.Chat='chat'""",
            id="name of a route that Kubernetes refuses",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"chat": "http://chat.ai.svc/v1"}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.chat: 'http://chat.ai.svc/v1'; expected the endpoint of a component: url of a Service of this cluster, or pool and namespace; model [KS102]
    fix: give the output `endpoint` of a KaitoWorkspace, KaitoInferenceSet or KaitoMultiRoleInference""",
            id="address instead of an endpoint",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"chat": {**CHAT, "url": "https://llm.example.com/v1"}}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.chat.url: 'https://llm.example.com/v1'; expected http://<service>.<namespace>.svc.cluster.local/v1 [KS102]
    fix: route to a Service""",
            id="address outside the cluster",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"chat": {**CHAT, "url": "http://[chat.ai.svc/v1"}}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.chat.url: 'http://[chat.ai.svc/v1'; expected http://<service>.<namespace>.svc.cluster.local/v1 [KS102]
    fix: route to a Service""",
            id="address that is none",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"split": SPLIT}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.split: an InferencePool, 'split-inferencepool', and no Service; expected the endpoint of a component: url of a Service of this cluster, or pool and namespace; model [KS102]
    fix: {'endpoint': …, 'inference_pool': True}""",
            id="pool that is not called one",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"own": {**CHAT, "model": None}}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.own.model: missing: the model names of your own pod are not known; expected the name that requests carry [KS102]
    fix: {'endpoint': …, 'models': ['my-model']}""",
            id="pod of your own without a name",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"chat": CHAT, "again": {"endpoint": CODE, "models": ["phi-4"]}}},
            """\
InferenceGateway 'edge': 1 problem
  endpoints.again: model 'phi-4' a second time, first in endpoints.chat; expected one endpoint for each model [KS105]
    fix: give one of them another model name""",
            id="one model at two endpoints",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"chat": CHAT, "code": CODE}, "body_based_routing": False},
            """\
InferenceGateway 'edge': 1 problem
  body_based_routing: false, but 2 endpoints can only be distinguished by the model in the body; expected true, or one endpoint [KS105]
    fix: leave body_based_routing out""",
            id="two endpoints that nothing distinguishes",
        ),
        pytest.param(
            {"endpoints": {"chat": CHAT}, "namespace": "ai"},
            """\
InferenceGateway 'edge': 1 problem
  hosts: missing: the check of API keys finds the namespace of the key in the first label of the host; expected a host such as <namespace>.models.example.com [KN322]
    fix: hosts=['ai.models.example.com'], or auth='none'""",
            id="keys without a host",
        ),
        pytest.param(
            {**GOOD, "hosts": ["ai.example.com", "chat.example.com"]},
            """\
InferenceGateway 'edge': 1 problem
  hosts[1]: 'chat.example.com': keys of namespace 'chat' would count, the gateway's are in 'ai', so every call is refused; expected a host that begins with 'ai.' [KN322]
    fix: hosts[1]='ai.example.com'""",
            id="host of another namespace",
        ),
        pytest.param(
            {
                **OPEN,
                "hosts": ["https://ai.example.com", "*.example.com"],
                "source_ranges": ["203.0.113.7/24", "10.0.0.1"],
                "expose": "internet",
            },
            """\
InferenceGateway 'edge': 6 problems
  warning: auth: none: everyone who reaches the gateway can use the GPUs; expected apiKey [KN321]
    fix: leave auth out
  hosts[0]: 'https://ai.example.com'; expected a DNS name without scheme, port, path or wildcard [KS104]
  hosts[1]: '*.example.com'; expected a DNS name without scheme, port, path or wildcard [KS104]
  source_ranges[0]: '203.0.113.7/24'; expected an address range such as 203.0.113.0/24, host bits zero [KS102]
  source_ranges[1]: '10.0.0.1'; expected an address range such as 203.0.113.0/24, host bits zero [KS102]
  expose: 'internet'; expected cluster or internal or public [KS102]
    fix: expose='internal'""",
            id="everything at once",
        ),
        pytest.param(
            {**GOOD, "name": "an-inference-gateway-of-a-long-name", "auth_service": {"port": 0, "host": "x"}},
            """\
InferenceGateway 'edge': 3 problems
  name: 'an-inference-gateway-of-a-long-name'; expected lower-case letters, digits and '-', a letter first, at most 32 characters [KS104]
    fix: name='an-inference-gateway-of-a-long-n'
  auth_service.host: not an argument; expected one of name, namespace, port [KS102]
    fix: use name and namespace
  auth_service.port: 0; expected a whole number from 1 to 65535 [KS102]""",
            id="names that grow too long",
        ),
    ],
)
def test_refused(args, said):
    """A gateway that cannot work is refused with all its problems."""
    assert refusal(args) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(GOOD, [], id="private, with a key"),
        pytest.param(
            {**OPEN, "expose": "public"},
            [
                "auth: none: everyone who reaches the gateway can use the GPUs; expected apiKey [KN321]",
                "expose: a public address that every source may call; expected internal, or source_ranges [KN301]",
                "tls_secret: missing: prompts, answers and keys cross the Internet in clear text; expected the name of a TLS Secret [KN320]",
            ],
            id="open to the world",
        ),
        pytest.param(
            {**GOOD, "expose": "cluster", "source_ranges": ["10.0.0.0/8"]},
            ["source_ranges: without effect: there is no load balancer; expected expose internal or public [KS105]"],
            id="ranges without a load balancer",
        ),
        pytest.param(
            {**GOOD, "endpoints": {"split": {"endpoint": SPLIT, "inference_pool": True}}},
            [
                "endpoints.split.inference_pool: without effect unless the operator runs with the gate "
                "gatewayAPIInferenceExtension, which is off by default [KO402]"
            ],
            id="pool that only a gate makes",
        ),
    ],
)
def test_remarks(args, said):
    """What a gateway opens, and what it needs, is reported without refusing it."""
    gateways = []
    record(lambda: gateways.append(kaito.InferenceGateway("edge", args)))
    assert [problem.headline for problem in gateways[0].spec.problems] == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            lambda later: {**GOOD, "namespace": later("models")},
            "  hosts[0]: 'ai.example.com': keys of namespace 'ai' would count, the gateway's are in 'models', so every call is refused; expected a host that begins with 'models.' [KN322]\n"
            "    fix: hosts[0]='models.example.com'",
            id="namespace that the host is not of",
        ),
        pytest.param(
            lambda later: {**GOOD, "endpoints": {"chat": later({"url": "https://llm.example.com/v1", "model": "x"})}},
            "  endpoints.chat.url: 'https://llm.example.com/v1'; expected http://<service>.<namespace>.svc.cluster.local/v1 [KS102]\n"
            "    fix: route to a Service",
            id="endpoint outside the cluster",
        ),
        pytest.param(
            lambda later: {**GOOD, "endpoints": {"chat": {"endpoint": later({**CHAT, "model": None}), "models": []}}},
            "  endpoints.chat.endpoint.model: missing: the model names of your own pod are not known; expected the name that requests carry [KS102]\n"
            "    fix: {'endpoint': …, 'models': ['my-model']}",
            id="endpoint without a model",
        ),
    ],
)
def test_late_values(args, said):
    """A value that is known later is checked then, and the message is the same."""
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.InferenceGateway("edge", args(pulumi.Output.from_input)))
    assert str(raised.value) == f"InferenceGateway 'edge': 1 problem\n{said}"


def test_unknown_endpoint():
    """An endpoint that does not exist in the preview gives a route whose place is unknown, and all objects are there."""

    def program() -> None:
        unknown = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        kaito.InferenceGateway("edge", {**GOOD, "endpoints": {"chat": unknown}})

    recording = record(program)
    assert [resource.name for resource in recording.resources if resource.type.startswith("kubernetes:")] == [
        "edge-key",
        "edge-filters",
        "edge-gateway",
        "edge-chat-route",
    ]
    assert not known(recording.by_name("edge-chat-route").inputs["metadata"]["namespace"])

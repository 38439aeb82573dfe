"""The gateways of a plan: address, models, and which component answers for each."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Program

ON = '{"instance_type": "Standard_NC24ads_A100_v4", "location": "eastus", "namespace": "models", '
CHAT = f'chat = kaito.KaitoWorkspace("chat", {ON} "preset": "phi-4-mini-instruct"}})'
OPEN = '"auth": "none", "expose": "cluster"'


@pytest.fixture
def planned(program: Any) -> Any:
    """Return the gateway of a program as text, and as JSON."""

    def plan(source: str) -> tuple[str, dict[str, Any]]:
        made = make_plan(Program(program(source)))
        assert [problem.headline for problem in made.problems if problem.severity == "error"] == []
        text = plan_text(made)
        block = text[text.index("  edge: gateway") :].partition("\n\n")[0]
        (found,) = made.as_json()["gateways"]
        return block, found

    return plan


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(
            f'{CHAT}\nkaito.InferenceGateway("edge", {{"endpoints": {{"chat": chat.endpoint}}, {OPEN}}})',
            """\
  edge: gateway
    in the cluster alone, no key is required
    http://edge-istio.default.svc.cluster.local/v1
    phi-4-mini-instruct: answered by chat""",
            id="the Service of a Workspace",
        ),
        pytest.param(
            f'chat = kaito.KaitoInferenceSet("chat", {ON} "preset": "phi-4-mini-instruct"}})\n'
            'kaito.InferenceGateway("edge", {"hosts": ["default.models.example.com"], "expose": "public",'
            ' "endpoints": {"chat": {"endpoint": chat.endpoint, "inference_pool": True, "models": ["more"]}}})',
            """\
  edge: gateway
    on a public load balancer, callers send an API key
    http://default.models.example.com/v1
    chat, more: answered by chat""",
            id="the InferencePool of a set, and a second name",
        ),
        pytest.param(
            'kaito.InferenceGateway("edge", {"endpoints": {"far": {"url": "http://far.ai.svc.cluster.local/v1", "model": "m"}}, '
            '"expose": "internal", "hosts": ["default.models.example.com"]})',
            """\
  edge: gateway
    on a private load balancer, callers send an API key
    http://default.models.example.com/v1
    m: answered by Service far in ai, which is not of this program""",
            id="an endpoint of no one here",
        ),
        pytest.param(
            'far = pulumi.StackReference("org/far/dev").get_output("endpoint")\n'
            f'kaito.InferenceGateway("edge", {{"endpoints": {{"far": far}}, {OPEN}}})',
            """\
  edge: gateway
    in the cluster alone, no key is required
    http://edge-istio.default.svc.cluster.local/v1
    models known after the update: route far, answered by what is known after
      the update""",
            id="an endpoint that is known later",
        ),
    ],
)
def test_gateway_in_the_plan(planned, source, said):
    """A gateway is reported with address, guard, and for each model who answers."""
    assert planned(source)[0] == said


def test_gateway_in_json(planned):
    """The JSON has the target of every route beside the component that it is."""
    source = f'{CHAT}\nkaito.InferenceGateway("edge", {{"endpoints": {{"chat": chat.endpoint}}, {OPEN}}})'
    assert planned(source)[1] == {
        "component": "edge",
        "url": "http://edge-istio.default.svc.cluster.local/v1",
        "auth": "none",
        "expose": "cluster",
        "routes": [
            {
                "name": "chat",
                "models": ["phi-4-mini-instruct"],
                "target": {"kind": "Service", "name": "chat", "namespace": "models"},
                "component": "chat",
            }
        ],
    }

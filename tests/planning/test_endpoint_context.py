"""Whether the context of an endpoint is that of the ConfigMap its engine reads."""

from __future__ import annotations

import pytest

from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.problem import Problem

MAP = """
def config(name, text, namespace="default"):
    metadata = {{"name": name, "namespace": namespace}}
    return kaito.ConfigMap(name, metadata=metadata, data={{"inference_config.yaml": text}})
config("mine", "vllm:\\n  max-model-len: {}\\n")
kaito.{}("chat", {{"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100_v4", "config": {}}})
"""


@pytest.mark.parametrize(
    ("kind", "tokens", "config", "found"),
    [
        pytest.param(
            "KaitoWorkspace",
            16384,
            '"mine"',
            ["ConfigMap mine says 16384 tokens, the endpoint states 131072: RAG engines would request too much"],
            id="less than the engine would find room for",
        ),
        pytest.param(
            "KaitoInferenceSet",
            16384,
            '"mine"',
            ["ConfigMap mine says 16384 tokens, the endpoint states 131072: RAG engines would request too much"],
            id="a set",
        ),
        pytest.param("KaitoWorkspace", 131072, '"mine"', [], id="the same"),
        pytest.param("KaitoWorkspace", '"16384"', '"mine"', [], id="a line that KAITO does not read either"),
        pytest.param("KaitoWorkspace", 16384, '"other"', [], id="a ConfigMap that is not of the program"),
    ],
)
def test_context_of_a_config_map(program, kind, tokens, config, found):
    """Where the program has the ConfigMap, a plan says that the endpoint states another context."""
    told = [
        problem
        for problem in make_plan(Program(program(MAP.format(tokens, kind, config)))).problems
        if "the endpoint states" in problem.found
    ]
    accepted, fix = (
        "context, which the component sees",
        f"context={tokens} instead of config, or context_window={tokens} on RAG engines",
    )
    assert told == [Problem("KS217", "chat: config", text, accepted, fix, "warning") for text in found]

"""What a plan says about workloads that request more GPUs than the quota of their namespace admits."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.demand.stack import demands
from kaito_iac.planning.always import stack_problems
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct", "instance_type": A100, "location": "eastus"}


def workspace(name, place):
    kaito.KaitoWorkspace(name, {**PHI, "namespace": place})


def replicas(place):
    kaito.KaitoInferenceSet(
        "many",
        {
            **PHI,
            "namespace": place,
            "autoscale": {
                "min_count": 1,
                "max_count": 4,
                "metrics": [{"name": "vllm:num_requests_waiting", "up_threshold": 10, "down_threshold": 2}],
            },
        },
    )


@pytest.mark.parametrize(
    ("gpus", "fill", "said"),
    [
        pytest.param(2, lambda place: [workspace("chat", place), workspace("code", place)], [], id="as many as admitted"),
        pytest.param(
            1,
            lambda place: [workspace("chat", place), workspace("code", place)],
            [
                "error: team-quota: 1 GPU, but workloads in team request 2 (chat 1, code 1); their nodes are created, and pods "
                "beyond are refused; expected 2 or more [KS275]"
            ],
            id="one more than admitted",
        ),
        pytest.param(
            2,
            replicas,
            [
                "warning: team-quota: 2 GPUs, but workloads in team request 4 (many 4); their nodes are created, and pods beyond "
                "are refused; expected 4 or more [KS275]"
            ],
            id="at most more than admitted",
        ),
        pytest.param(0, lambda _: workspace("chat", "elsewhere"), [], id="another namespace"),
        pytest.param(0, lambda _: workspace("chat", pulumi.Output.from_input(pulumi.output.UNKNOWN)), [], id="namespace unknown"),
    ],
)
def test_namespace(gpus, fill, said):
    """The GPUs of a namespace are compared with its quota: an error where they never fit, a warning where they may not."""

    def program():
        fill(kaito.KaitoNamespace("team", {"gpus": gpus}).namespace)

    resources = record(program).resources
    problems = stack_problems(resources, demands(resources))
    assert [f"{problem.severity}: {problem.headline}" for problem in problems] == said

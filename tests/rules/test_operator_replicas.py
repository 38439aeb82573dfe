"""KO403: The KAITO operator runs with exactly one replica."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.operator_replicas import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
REPO = {"repo": "https://kaito-project.github.io/kaito/charts/kaito"}


def chart(count=None, kind="v3:Release", **inputs):
    values = {} if count is None else {"replicaCount": count}
    return Resource(
        "urn:k",
        f"kubernetes:helm.sh/{kind}",
        "op",
        None,
        {"chart": "workspace", "repositoryOpts": REPO, "values": values, **inputs},
    )


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(chart(), {}, [], id="the default"),
        pytest.param(chart(1), {}, [], id="one"),
        pytest.param(
            chart(2),
            {},
            [
                "values.replicaCount: 2: they act against each other; expected 1, as the chart passes no leader "
                "election [KO403]"
                "\n  fix: leave replicaCount out"
            ],
            id="two",
        ),
        pytest.param(
            chart(0),
            {},
            [
                "values.replicaCount: 0: no controller acts on workloads; expected 1, as the chart passes no leader "
                "election [KO403]"
                "\n  fix: leave replicaCount out"
            ],
            id="none",
        ),
        pytest.param(
            chart(2, "v4:Chart"),
            {},
            [
                "values.replicaCount: 2: they act against each other; expected 1, as the chart passes no leader "
                "election [KO403]"
                "\n  fix: leave replicaCount out"
            ],
            id="two, by the other resource",
        ),
        pytest.param(
            chart(3, chart="ragengine"),
            {},
            [
                "values.replicaCount: 3: they act against each other; expected 1, as the chart passes no leader "
                "election [KO403]"
                "\n  fix: leave replicaCount out"
            ],
            id="the operator of RAG engines",
        ),
        pytest.param(
            chart(2, chart="https://example.com/kaito/workspace-0.12.0.tgz", repositoryOpts=None),
            {},
            [
                "values.replicaCount: 2: they act against each other; expected 1, as the chart passes no leader "
                "election [KO403]"
                "\n  fix: leave replicaCount out"
            ],
            id="a chart by its address",
        ),
        pytest.param(chart(2, chart="ingress-nginx"), {}, [], id="another chart"),
        pytest.param(chart(2, repositoryOpts={"repo": "https://charts.example.com"}), {}, [], id="another chart of that name"),
        pytest.param(
            chart(LATER),
            {},
            ["values.replicaCount: unknown (set by an output); expected 1 [KO403]"],
            id="a count that is not known",
        ),
        pytest.param(chart(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            chart(values=LATER),
            {},
            ["values.replicaCount: unknown (set by an output); expected 1 [KO403]"],
            id="values that are not known",
        ),
        pytest.param(
            chart(2, chart=LATER),
            {},
            ["chart: unknown (set by an output); expected a chart that is known [KO403]"],
            id="a chart that is not known",
        ),
        pytest.param(chart(1, chart=LATER), {}, [], id="a chart that does not matter"),
        pytest.param(
            chart(valueYamlFiles=["a.yaml"]),
            {},
            ["values.replicaCount: unknown (value files may set it); expected 1 [KO403]"],
            id="value files that may say otherwise",
        ),
        pytest.param(
            chart("2"),
            {},
            ["values.replicaCount: unknown (replicaCount is a text, not a number of nodes); expected 1 [KO403]"],
            id="a text for the count",
        ),
        pytest.param(
            chart(),
            {"replicas": 1},
            [
                "operator-replicas.replicas: an unknown key; expected one of onUnknown [KO403]"
                "\n  fix: correct the policy configuration"
            ],
            id="an unknown setting",
        ),
    ],
)
def test_operator_replicas(told, resources, settings, said):
    """Any number of operators but one is refused."""
    assert told(RULE, [resources], settings) == said

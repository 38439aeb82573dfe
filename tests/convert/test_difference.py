"""The written rule by which two objects are the same."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.convert.difference import difference, written_otherwise

RESOURCE = {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "chat"}}}
METRICS = "scaledobject.kaito.sh/metrics"


def workspace(resource: Any = RESOURCE, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "chat", **metadata}, "resource": resource, "inference": {"preset": {"name": "phi-4"}}}


@pytest.mark.parametrize(
    ("wanted", "made", "said", "otherwise"),
    [
        pytest.param(workspace(), workspace(namespace="default"), None, (), id="no namespace is default"),
        pytest.param(
            workspace(),
            workspace(namespace="a"),
            ("metadata.namespace", "would write 'a' instead of 'default'"),
            ("adds metadata.namespace ('a')",),
            id="another namespace",
        ),
        pytest.param(workspace(labels={}), workspace(labels=None), None, (), id="no labels are no labels"),
        pytest.param(
            workspace({**RESOURCE, "count": 1}),
            workspace(),
            None,
            ("leaves out resource.count (1)",),
            id="a default of the schema",
        ),
        pytest.param(
            workspace({**RESOURCE, "count": 2}),
            workspace(),
            ("resource.count", "would leave out 2"),
            ("leaves out resource.count (2)",),
            id="no default",
        ),
        pytest.param(
            workspace({**RESOURCE, "count": True}),
            workspace({**RESOURCE, "count": 1}),
            ("resource.count", "would write 1 instead of true"),
            ("writes 1 instead of true at resource.count",),
            id="true is not 1",
        ),
        pytest.param(
            workspace(),
            workspace(annotations={"pulumi.com/waitFor": "a", "kaito-iac/target-nodes": "1"}),
            None,
            (),
            id="annotations of ours",
        ),
        pytest.param(
            workspace(annotations={"kaito-iac/target-nodes": "2"}),
            workspace(annotations={"kaito-iac/target-nodes": "1"}),
            ("metadata.annotations[kaito-iac/target-nodes]", "would write '1' instead of '2'"),
            ("writes '1' instead of '2' at metadata.annotations[kaito-iac/target-nodes]",),
            id="an annotation of ours that was there",
        ),
        pytest.param(
            workspace(),
            workspace(annotations={"kaito.sh/disable-benchmark": "true"}),
            ("metadata.annotations", "would add a mapping of 1"),
            ("adds metadata.annotations (a mapping of 1)",),
            id="an annotation KAITO reads",
        ),
        pytest.param(
            workspace(annotations={METRICS: "- {name: a}"}),
            workspace(annotations={METRICS: '- name: "a"\n'}),
            None,
            (f"writes '- name: \"a\"\n' instead of '- {{name: a}}' at metadata.annotations[{METRICS}]",),
            id="metrics are data",
        ),
        pytest.param(
            workspace({**RESOURCE, "preferredNodes": ["a", "b"]}),
            workspace({**RESOURCE, "preferredNodes": ["a", "c"]}),
            ("resource.preferredNodes[1]", "would write 'c' instead of 'b'"),
            ("writes 'c' instead of 'b' at resource.preferredNodes[1]",),
            id="an item of a list",
        ),
    ],
)
def test_rule(wanted, made, said, otherwise):
    """What differs, by the rule, and what the text has otherwise."""
    assert difference("Workspace", wanted, made) == said
    assert written_otherwise("Workspace", wanted, made) == otherwise

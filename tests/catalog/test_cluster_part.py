"""What brings kinds into a cluster."""

import pytest

from kaito_iac.catalog.cluster_part import KNOWN_CHARTS, PARTS, crd_name, of_kubernetes, part_of


@pytest.mark.parametrize(
    ("group", "kind", "name"),
    [
        pytest.param("kaito.sh", "Workspace", "workspaces.kaito.sh", id="plain"),
        pytest.param("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses.gateway.networking.k8s.io", id="s"),
        pytest.param("networking.istio.io", "ServiceEntry", "serviceentries.networking.istio.io", id="y"),
        pytest.param("gateway.example", "Gateway", "gateways.gateway.example", id="y after a vowel"),
        pytest.param("a.example", "Mesh", "meshes.a.example", id="sh"),
        pytest.param("a.example", "Mailbox", "mailboxes.a.example", id="x"),
    ],
)
def test_name_of_a_definition(group, kind, name):
    """A definition is named by the plural of its kind."""
    assert crd_name(group, kind) == name


@pytest.mark.parametrize(
    ("group", "builtin", "kind", "title"),
    [
        pytest.param("", True, "Pod", None, id="core"),
        pytest.param("rbac.authorization.k8s.io", True, "Role", None, id="of Kubernetes"),
        pytest.param("gateway.networking.k8s.io", False, "Gateway", "the Gateway API", id="of a project below k8s.io"),
        pytest.param("kueue.x-k8s.io", False, "Queue", "Kueue", id="experimental"),
        pytest.param(
            "kaito.sh", False, "RAGEngine", "KAITO's RAG engine (chart ragengine; KaitoOperator with rag=True)", id="RAG"
        ),
        pytest.param("source.toolkit.fluxcd.io", False, "GitRepository", "Flux", id="by the end of a group"),
        pytest.param("acme.example", False, "Thing", None, id="unknown"),
    ],
)
def test_what_brings_a_kind(group, builtin, kind, title):
    """Kinds of Kubernetes are everywhere; others come with what is on record, or with an unknown source."""
    assert of_kubernetes(group) == builtin
    part = part_of(group, kind)
    assert (part.title if part else None) == title


def test_charts_belong_to_one_part():
    """No chart is on record for two projects."""
    charts = [chart for part in PARTS for chart in part.charts]
    assert len(charts) == len(set(charts))
    assert set(charts) <= KNOWN_CHARTS

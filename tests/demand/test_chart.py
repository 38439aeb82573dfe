"""A chart asks for no GPUs when its name, its place and all that is given to it are known to."""

import pytest

from kaito_iac.demand.chart import is_known_chart
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource, Secret

REPO = "https://grafana.github.io/helm-charts"
LATER = Unknown("set by an output")
WORKSPACE = "apiVersion: kaito.sh/v1beta1\nkind: Workspace\nresource:\n  instanceType: Standard_ND96isr_H100_v5\n"


def known(**inputs):
    given = {"chart": "loki", "repositoryOpts": {"repo": REPO}, **inputs}
    return is_known_chart(Resource("urn:c", "kubernetes:helm.sh/v3:Release", "c", None, given))


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"version": "6.0.0", "namespace": "logs"}, id="a version in a namespace"),
        pytest.param({"repositoryOpts": {"repo": f"{REPO}/"}}, id="an address that ends in a slash"),
        pytest.param({"repositoryOpts": None, "fetchOpts": {"repo": REPO}}, id="by the options of a chart that is fetched"),
        pytest.param(
            {"chart": "oci://ghcr.io/argoproj/argo-helm/argo-cd", "repositoryOpts": None}, id="from a registry of containers"
        ),
        pytest.param({"postrender": "bin/kaito-iac-keep-crds"}, id="whose CRDs are kept"),
        pytest.param({"values": {"tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}]}}, id="on nodes with GPUs"),
        pytest.param({"values": {"serviceAccount": {"annotations": {"role": LATER}}}}, id="a role that is not known yet"),
        pytest.param({"values": {"resources": {"limits": {"cpu": 1, "memory": "2Gi"}}}}, id="processors and memory"),
        pytest.param({"values": {"config": "kind: ConfigMap\ndata: {}\n"}}, id="a text that asks for nothing"),
    ],
)
def test_known(inputs):
    """A published chart with values that ask for no GPUs holds none."""
    assert known(**inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({"repositoryOpts": {"repo": "https://evil.example/grafana"}}, id="a path with the name of the place"),
        pytest.param({"repositoryOpts": {"repo": "https://grafana.github.io.evil.example"}}, id="a host that begins alike"),
        pytest.param({"repositoryOpts": {"repo": "https://grafana.github.io@evil.example/helm-charts"}}, id="a login"),
        pytest.param({"repositoryOpts": {"repo": "https://grafana.github.io/helm-charts/../evil"}}, id="a path that goes up"),
        pytest.param({"repositoryOpts": {"repo": "https://evil.example"}, "namespace": "grafana"}, id="a namespace of that name"),
        pytest.param({"repositoryOpts": {"repo": "https://[evil"}}, id="no address"),
        pytest.param({"chart": "./grafana/loki", "repositoryOpts": None}, id="a folder"),
        pytest.param({"chart": "oci://evil.example/kaito/workspace", "repositoryOpts": None}, id="a copy in another registry"),
        pytest.param({"postrender": "./patch.sh"}, id="changed after it is rendered"),
        pytest.param({"postRenderer": {"command": "./patch.sh"}}, id="changed after it is rendered, by a chart"),
        pytest.param({"valueYamlFiles": [{}]}, id="files of values"),
        pytest.param({"values": LATER}, id="values that are not known"),
        pytest.param({"values": {"extraObjects": LATER}}, id="objects that are not known"),
        pytest.param({"values": {"backend": {"resources": {"limits": LATER}}}}, id="limits that are not known"),
        pytest.param({"values": Secret({"resources": {"limits": {"nvidia.com/gpu": 8}}})}, id="GPUs in a secret"),
        pytest.param({"values": {"extraManifests": [WORKSPACE]}}, id="a Workspace in a text"),
        pytest.param({"values": {"extraDeploy": '{"kind": "NodePool"}'}}, id="a NodePool in JSON"),
        pytest.param({"values": {"extraObjects": [{"kind": "InferenceSet"}]}}, id="an InferenceSet of default size"),
        pytest.param({"values": {"resources": {"claims": [{}]}, "resourceClaims": [{"name": "gpu"}]}}, id="resource claims"),
        pytest.param({"values": {"limits": {"habana.ai/gaudi": 8}}}, id="Gaudi"),
        pytest.param({"values": {"limits": {"aws.amazon.com/neuron": 8}}}, id="Neuron"),
        pytest.param({"values": {"limits": {"gpu.intel.com/i915": 1}}}, id="Intel"),
        pytest.param({"values": {"pod": "limits: {'nvidia.com/gpu': 8}"}}, id="GPUs in a text"),
    ],
)
def test_not_known(inputs):
    """A chart from elsewhere, changed, or with values that may ask for GPUs is not known to ask for none."""
    assert not known(**inputs)

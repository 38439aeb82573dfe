"""Names of other objects that can never exist, in every kind that names them."""

import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment

PLACE = {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "a"}}}
RAG = {
    "compute": PLACE,
    "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
    "inferenceService": {"url": "http://chat/v1/chat/completions", "contextWindowSize": 4096},
    "storage": {"persistentVolume": {"persistentVolumeClaim": "docs"}},
}
TUNING = {
    "preset": {"name": "phi-4"},
    "method": "lora",
    "input": {"urls": ["https://example.com/a.parquet"]},
    "output": {"image": "registry.example.com/a:1", "imagePushSecret": "push"},
}


def rag(**more):
    return {"apiVersion": "kaito.sh/v1beta1", "kind": "RAGEngine", "metadata": {"name": "rag"}, "spec": {**RAG, **more}}


def workspace(**more):
    return {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "a"}, "resource": PLACE, **more}


def secret(path, name):
    return f"{path}: '{name}' is no name that a Secret can have; expected the name of a Secret in its namespace [KS104]"


def claim(path, name):
    told = "is no name that a PersistentVolumeClaim can have; expected the name of a PersistentVolumeClaim in its namespace"
    return f"{path}: '{name}' {told} [KS104]"


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        pytest.param(rag(), [], id="names that can exist"),
        pytest.param(
            rag(inferenceService={**RAG["inferenceService"], "accessSecret": "LLM_KEY"}),
            [secret("spec.inferenceService.accessSecret", "LLM_KEY")],
            id="the token of the model",
        ),
        pytest.param(
            rag(storage={"vectorDB": {"engine": "qdrant", "url": "http://q", "accessSecret": "Q_KEY"}}),
            [secret("spec.storage.vectorDB.accessSecret", "Q_KEY")],
            id="the token of the store",
        ),
        pytest.param(
            rag(storage={"persistentVolume": {"persistentVolumeClaim": "My_Claim"}}),
            [claim("spec.storage.persistentVolume.persistentVolumeClaim", "My_Claim")],
            id="a claim",
        ),
        pytest.param(
            rag(guardrails={"enabled": True, "configMapRef": {"name": "My_Rules"}}),
            [
                "spec.guardrails.configMapRef.name: 'My_Rules' is no name that a ConfigMap can have: KAITO answers 'not found'; "
                "expected the name of a ConfigMap [KS320]"
            ],
            id="guardrails",
        ),
        pytest.param(
            workspace(tuning={**TUNING, "input": {"volumeSource": {"persistentVolumeClaim": {"claimName": "Data_PVC"}}}}),
            [claim("tuning.input.volumeSource.persistentVolumeClaim.claimName", "Data_PVC")],
            id="data in a claim",
        ),
        pytest.param(
            workspace(tuning={**TUNING, "output": {"image": "registry.example.com/a:1", "imagePushSecret": "Push Secret"}}),
            [secret("tuning.output.imagePushSecret", "Push Secret")],
            id="a Secret for pushing",
        ),
        pytest.param(
            workspace(
                inference={
                    "preset": {"name": "phi-4"},
                    "adapters": [
                        {"source": {"name": "a", "image": "registry.example.com/a:1", "imagePullSecrets": ["ok", "A B"]}}
                    ],
                }
            ),
            [secret("inference.adapters[0].source.imagePullSecrets", "A B")],
            id="one of several Secrets",
        ),
        pytest.param(
            workspace(
                inference={
                    "template": {
                        "spec": {
                            "containers": [{"name": "a", "image": "b", "resources": {"limits": {"nvidia.com/gpu": 1}}}],
                            "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "A_B"}}],
                        }
                    }
                }
            ),
            [],
            id="an own pod is left to Kubernetes",
        ),
    ],
)
def test_references(manifest, said):
    """A name that is no DNS name is reported where it is; other objects may be there."""
    assert [problem.headline for problem in judge(manifest).problems if problem.severity != "info"] == said


def test_references_of_other_kinds():
    """The plugins of a MultiRoleInference and the namespace of a ModelMirror are names that can exist."""
    roles = [{"type": kind, "replicas": 1, "instanceType": "Standard_NC24ads_A100_v4"} for kind in ("prefill", "decode")]
    spec = {"model": {"name": "phi-4"}, "labelSelector": {"matchLabels": {"app": "m"}}, "roles": roles}
    several = {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "MultiRoleInference",
        "metadata": {"name": "m"},
        "spec": {**spec, "eppPluginsConfig": "My Config"},
    }
    source = {"registry": "huggingface", "modelID": "a/b"}
    mirror = {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "ModelMirror",
        "metadata": {"name": "m"},
        "spec": {"source": source, "storage": {"size": "100Gi"}, "jobNamespace": "My_NS"},
    }
    said = [[problem.headline for problem in judge(one).problems if problem.code == "KS104"] for one in (several, mirror)]
    assert said == [
        [
            "spec.eppPluginsConfig: 'My Config' is no name that a ConfigMap can have; expected the name of a ConfigMap in its "
            "namespace [KS104]"
        ],
        ["spec.jobNamespace: 'My_NS' is no name that a Namespace can have; expected the name of a Namespace [KS104]"],
    ]


@pytest.mark.parametrize(
    ("provisioner", "found"),
    [
        ("azure-gpu-provisioner", "without effect in KAITO 0.12: it creates another node beside those named"),
        ("byo", "without effect in KAITO 0.12: nodes are selected by label"),
    ],
)
def test_preferred_nodes(provisioner, found):
    """preferredNodes has no effect; what happens in its place hangs on who provides the nodes."""
    size = {} if provisioner == "byo" else {"instanceType": "Standard_NC24ads_A100_v4"}
    resource = {**size, "preferredNodes": ["a"], "labelSelector": {"matchLabels": {"app": "a"}}}
    manifest = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": resource,
        "inference": {"preset": {"name": "phi-4"}},
    }
    problems = judge(manifest, Environment(provisioner=provisioner)).problems
    assert [problem.found for problem in problems if problem.code == "KS231"] == [found]

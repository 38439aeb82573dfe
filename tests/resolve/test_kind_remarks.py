# ruff: noqa: E501 -- messages are whole lines
"""What is said about sets, tuning jobs, roles and mirrors that are accepted."""

import pytest

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instanceType": A100, "selector": {"apps": "gpu"}, "max": 2}
DATA = {"urls": ["https://data.example.com/a.parquet"]}
OUT = {"image": "registry.example.com/a:1", "pushSecret": "push"}
TUNE = {"preset": "phi-4-mini-instruct-qlora", "dataset": DATA, "output": OUT}
ROLES = {"preset": "phi-4", "prefill": {"instanceType": A100}, "decode": {"instanceType": A100}}
MIRROR = {"preset": "phi-4", "storageClass": "nfs"}


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        pytest.param(
            "KaitoInferenceSet",
            PHI,
            """\
""",
            id="KaitoInferenceSet: nothing to say",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "annotations": {"kaito.sh/node-image-family": "ubuntu"}},
            """\
annotations.kaito.sh/node-image-family: without effect here: an InferenceSet does not pass it on to its replicas; expected replicaAnnotations [KS229]
  fix: replicaAnnotations={'kaito.sh/node-image-family': …}""",
            id="KaitoInferenceSet: annotations that reach no replica",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "replicaAnnotations": {"kaito.sh/enablelb": "True"}},
            """\
replicaAnnotations.kaito.sh/enablelb: a public load balancer without authentication for every replica, which also opens Ray's ports 6379 and 8265; expected the Service of the set [KN301]
  fix: leave it out and put a gateway in front""",
            id="KaitoInferenceSet: public address of every replica",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "autoUpgrade": {"enabled": True}},
            """\
autoUpgrade: without effect unless the operator runs with the gate enableBaseImageAutoUpgrade, which is off by default [KO402]
  fix: featureGates.enableBaseImageAutoUpgrade=true in KAITO's chart""",
            id="KaitoInferenceSet: upgrades need a gate",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "autoUpgrade": {"enabled": False}},
            """\
""",
            id="KaitoInferenceSet: upgrades that are off need none",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {
                "preset": "qwen3.5-2b",
                "nodePool": {"instanceType": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max": 2},
                "partition": {"mode": "mig", "profile": "2g.24gb"},
            },
            """\
partition: refused unless the operator runs with the gate enableMIG, which is off by default [KO402]
  fix: featureGates.enableMIG=true in KAITO's chart""",
            id="KaitoInferenceSet: slice of a node",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "nodePool": POOL, "autoscale": {"max": 3}},
            """\
nodePool: 3 nodes are needed for 3 replicas, the pool has at most 2; expected a pool of 3 or more nodes [KS223]
  fix: give it 3 nodes""",
            id="KaitoInferenceSet: autoscaler beyond its pool",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "vllmExtra": {"max-num-seq": 64}},
            """\
""",
            id="KaitoInferenceSet: argument of the engine that is passed unchecked",
        ),
        pytest.param(
            "KaitoTuning",
            TUNE,
            """\
""",
            id="KaitoTuning: nothing to say",
        ),
        pytest.param(
            "KaitoTuning",
            {**TUNE, "output": {"volume": {"emptyDir": {}}}},
            """\
output.volume: an emptyDir: the adapter is lost with the pod of the job; expected a volume that stays [KS236]
  fix: use claim, or image""",
            id="KaitoTuning: adapter that is lost",
        ),
        pytest.param(
            "KaitoTuning",
            {**TUNE, "nodeClass": "ubuntu"},
            """\
nodeClass: without effect: azure-gpu-provisioner reads no NodeClass; expected provisioner='karpenter' [KS105]
  fix: leave nodeClass out""",
            id="KaitoTuning: NodeClass that nobody reads",
        ),
        pytest.param(
            "KaitoMultiRoleInference",
            ROLES,
            """\
preset: without effect unless the operator runs with the gate enableMultiRoleInferenceController, which is off by default [KO402]
  fix: featureGates.enableMultiRoleInferenceController=true in KAITO's chart""",
            id="KaitoMultiRoleInference: gate",
        ),
        pytest.param(
            "KaitoModelMirror",
            MIRROR,
            """\
mode: without effect unless the operator runs with the gate ModelMirror, which is off by default [KO402]
  fix: featureGates.ModelMirror=true in KAITO's chart""",
            id="KaitoModelMirror: gate",
        ),
        pytest.param(
            "KaitoModelMirror",
            {**MIRROR, "name": "phi"},
            """\
name: 'phi', but a Workspace of microsoft/phi-4 looks for '7aceaf'; expected 7aceaf [KS105]
  fix: leave name out
mode: without effect unless the operator runs with the gate ModelMirror, which is off by default [KO402]
  fix: featureGates.ModelMirror=true in KAITO's chart""",
            id="KaitoModelMirror: name that no Workspace looks for",
        ),
        pytest.param(
            "KaitoModelMirror",
            {**MIRROR, "preset": "mistral-7b"},
            """\
accessSecret: missing, and it is unknown (nobody states whether the weights are gated) whether mistralai/mistral-7b-v0.3 is gated; expected name and namespace of a Secret with the key HF_TOKEN [KS204]
  fix: give accessSecret if Hugging Face asks for a token
mode: without effect unless the operator runs with the gate ModelMirror, which is off by default [KO402]
  fix: featureGates.ModelMirror=true in KAITO's chart""",
            id="KaitoModelMirror: nobody says whether the model is gated",
        ),
    ],
)
def test_remark(remarks, kind, args, said):
    """What works, but means something else than the words suggest, is said."""
    assert remarks(kind, "chat", args) == said

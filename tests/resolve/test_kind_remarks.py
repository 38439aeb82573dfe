# ruff: noqa: E501 -- messages are whole lines
"""Messages about sets, tuning jobs, roles and mirrors that are accepted."""

import pytest

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
POOL = {"instance_type": A100, "selector": {"apps": "gpu"}, "max_count": 2}
DATA = {"urls": ["https://data.example.com/a.parquet"]}
OUT = {"image": "registry.example.com/a:1", "push_secret": "push"}
TUNE = {"preset": "phi-4-mini-instruct-qlora", "dataset": DATA, "output": OUT}
ROLES = {"preset": "phi-4", "prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}
MIRROR = {"preset": "phi-4", "storage_class": "nfs"}


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
annotations.kaito.sh/node-image-family: on the set itself: not passed down to its Workspaces; expected replica_annotations [KS229]""",
            id="KaitoInferenceSet: annotations that reach no replica",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "replica_annotations": {"kaito.sh/enablelb": "True"}},
            """\
replica_annotations.kaito.sh/enablelb: a public load balancer without authentication, which also opens Ray's ports 6379 and 8265; expected a gateway in front [KN301]
  fix: leave replica_annotations.kaito.sh/enablelb out""",
            id="KaitoInferenceSet: public address of every replica",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "auto_upgrade": {"enabled": True}},
            """\
auto_upgrade: without effect unless the operator runs with the gate enableBaseImageAutoUpgrade, which is off by default [KO402]
  fix: featureGates.enableBaseImageAutoUpgrade=true in KAITO's chart""",
            id="KaitoInferenceSet: upgrades need a gate",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "auto_upgrade": {"enabled": False}},
            """\
""",
            id="KaitoInferenceSet: upgrades that are off need none",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {
                "preset": "qwen3.5-2b",
                "node_pool": {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 2},
                "partition": {"mode": "mig", "profile": "2g.24gb"},
            },
            """\
partition: refused unless the operator runs with the gate enableMIG, which is off by default [KO402]
  fix: featureGates.enableMIG=true in KAITO's chart""",
            id="KaitoInferenceSet: slice of a node",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "node_pool": POOL, "autoscale": {"max_count": 3}},
            """\
node_pool: 3 nodes are needed for 3 replicas, the pool has at most 2; expected a pool of 3 or more nodes [KS223]
  fix: give it 3 nodes""",
            id="KaitoInferenceSet: autoscaler beyond its pool",
        ),
        pytest.param(
            "KaitoInferenceSet",
            {**PHI, "vllm_extra": {"max-num-seq": 64}},
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
output.volume.emptyDir: gone with the pod: the adapter cannot be fetched; expected a claim, or an image [KS236]""",
            id="KaitoTuning: adapter that is lost",
        ),
        pytest.param(
            "KaitoTuning",
            {**TUNE, "node_class": "ubuntu"},
            """\
node_class: without effect: azure-gpu-provisioner reads no NodeClass; expected provisioner='karpenter' [KS105]
  fix: leave node_class out""",
            id="KaitoTuning: NodeClass that no one reads",
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
            {**MIRROR, "preset": "mistral-medium-3.5-128b"},
            """\
access_secret: missing, and it is unknown (no source states whether the weights are gated) whether mistralai/mistral-medium-3.5-128b is gated; expected name and namespace of a Secret with the key HF_TOKEN [KS204]
  fix: name a Secret if Hugging Face asks for a token
mode: without effect unless the operator runs with the gate ModelMirror, which is off by default [KO402]
  fix: featureGates.ModelMirror=true in KAITO's chart""",
            id="KaitoModelMirror: no source states whether the model is gated",
        ),
    ],
)
def test_remark(remarks, kind, args, said):
    """What works, but means something else than the words suggest, is reported."""
    assert remarks(kind, "chat", args) == said

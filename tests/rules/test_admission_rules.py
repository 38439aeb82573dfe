"""What KAITO's own rules say, as policies: each policy states its codes, and every code has one policy."""

import copy

import pytest

from kaito_iac.admission.judge import SERVER
from kaito_iac.admission.rule import RULES as JUDGED
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules import guardrails
from kaito_iac.rules.admission_rules import OWNERS, owner
from kaito_iac.stack.resource import Options, Resource

RULES = {rule.name: rule for rule in guardrails.RULES}
LATER = Unknown("set by an output")
SIZE = "resource.instanceType"
INFERENCE = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "chat", "namespace": "default"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "chat"}}},
    "inference": {"preset": {"name": "phi-4"}},
    "status": None,
}
TUNING = {
    **{key: INFERENCE[key] for key in ("apiVersion", "kind", "metadata", "resource")},
    "tuning": {
        "preset": {"name": "phi-4"},
        "method": "lora",
        "input": {"name": "data", "urls": ["https://data.example.com/train.parquet"]},
        "output": {"image": "registry.example.com/adapters/phi:1", "imagePushSecret": "push"},
    },
}
SET = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": {"name": "chats"},
    "spec": {
        "labelSelector": {"matchLabels": {"app": "chat"}},
        "template": {
            "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
            "inference": {"preset": {"name": "phi-4"}},
        },
    },
}
RAG = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "RAGEngine",
    "metadata": {"name": "docs"},
    "spec": {
        "compute": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "docs"}}},
        "storage": {"persistentVolume": {"persistentVolumeClaim": "docs"}},
        "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
        "inferenceService": {"url": "http://chat/v1/chat/completions", "contextWindowSize": 4096},
    },
}


def put(base, **changes):
    """Return an object with values at paths whose parts are joined by two underscores; None takes a key away."""
    inputs = copy.deepcopy(base)
    for path, value in changes.items():
        *keys, last = path.split("__")
        place = inputs
        for key in keys:
            place = place.setdefault(key, {})
        place[last] = value
    api, kind = base["apiVersion"], base["kind"]
    return Resource("urn:x", f"kubernetes:{api}:{kind}", "it", None, inputs)


def old(fact):
    return Resource(fact.urn, fact.type.replace("v1beta1", "v1alpha1"), fact.name, None, fact.inputs)


def strong(runtime=None):
    adapters = [{"source": {"name": "law", "image": "registry.example.com/law:1"}, "strength": "0.5"}]
    annotations = {"kaito.sh/runtime": runtime} if runtime else {}
    return put(INFERENCE, inference__adapters=adapters, metadata__annotations=annotations)


def keda(**annotations):
    return put(
        SET, metadata__annotations={f"scaledobject.kaito.sh/{key.replace('_', '-')}": value for key, value in annotations.items()}
    )


EMBEDDING = {"remote": {"url": "http://e/v1/embeddings", "accessSecret": "s"}, "local": {"modelID": "BAAI/bge-small-en-v1.5"}}


@pytest.mark.parametrize(
    ("rule", "resources", "settings", "said"),
    [
        pytest.param("vm-size", put(INFERENCE), {}, [], id="vm-size: a size of KAITO's"),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource__instanceType="Standard_NC6s_v3"),
            {},
            [
                "resource.instanceType: 'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a "
                "real size that KAITO 0.12 does not serve on azure: KAITO admits the name and then fails to size it; expected "
                "a size from `kaito-iac sizes` [KS201]"
                "\n  fix: the cheapest that hold phi-4 in one node: Standard_NC24ads_A100_v4 or Standard_NV72ads_A10_v5"
            ],
            id="vm-size: one it does not know",
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource__instanceType="Standard_ND96asr_A100_v4"),
            {},
            [
                "resource.instanceType: 'Standard_ND96asr_A100_v4' is in KAITO's table, but azure sells it as "
                "'Standard_ND96asr_v4', which KAITO cannot size; neither can work; expected a size that both "
                "know [KS211]"
                "\n  fix: choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`"
            ],
            id="vm-size: one that no cloud sells",
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource__instanceType="big"),
            {},
            ["resource.instanceType: 'big' is not a size of KAITO 0.12 on azure; expected a size from `kaito-iac sizes` [KS314]"],
            id="vm-size: one that admission refuses",
        ),
        pytest.param(
            "vm-size", put(INFERENCE, resource__instanceType="p4d.24xlarge"), {}, [], id="vm-size: one of the cloud that has it"
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource__instanceType="p4d.24xlarge"),
            {"cloud": "azure"},
            [
                "resource.instanceType: 'p4d.24xlarge' is a size of aws, and not of azure; expected a size "
                "from `kaito-iac sizes` [KS314]\n  fix: --cloud aws --provisioner karpenter"
            ],
            id="vm-size: one of another cloud",
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource__instanceType=LATER),
            {},
            ["resource.instanceType: unknown (set by an output); expected a value that KAITO's rules can judge [KS201]"],
            id="vm-size: not known",
        ),
        pytest.param(
            "vm-size", put(INFERENCE, resource__instanceType=LATER), {"onUnknown": "warn"}, [], id="vm-size: left to another"
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE, resource=LATER),
            {},
            ["resource: unknown (set by an output); expected a value that KAITO's rules can judge [KS201]"],
            id="vm-size: nothing around it known",
        ),
        pytest.param("vm-size", put(INFERENCE, inference__preset__name=LATER), {}, [], id="vm-size: another value not known"),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, resource__instanceType=7),
            {},
            ["resource.instanceType: 7; expected text [KS303]"],
            id="kaito-refuses: a number for the size",
        ),
        pytest.param(
            "vm-size",
            put(INFERENCE),
            {"provisioner": "magic"},
            [
                "vm-size.provisioner: 'magic'; expected 'any', 'azure-gpu-provisioner', 'karpenter' or 'byo' "
                "[KS201]"
                "\n  fix: correct the policy configuration"
            ],
            id="vm-size: settings out of bounds",
        ),
        pytest.param("model-fits", put(INFERENCE), {}, [], id="model-fits: it does"),
        pytest.param(
            "model-fits",
            put(
                INFERENCE,
                resource__instanceType="Standard_NV36ads_A10_v5",
                metadata__annotations={"kaito.sh/runtime": "transformers"},
            ),
            {},
            [
                "resource.instanceType: 1 x Standard_NV36ads_A10_v5 have 24 GiB of GPU memory, phi-4 has 27.31 "
                "GiB; expected GPUs that hold the weights [KS315]"
                "\n  fix: choose a bigger size",
                "metadata.annotations[kaito.sh/runtime]: transformers, but one node has 24 GiB of GPU memory, "
                "phi-4 has 27.31 GiB of weights; expected vllm, or a bigger node [KS316]"
                "\n  fix: remove the annotation kaito.sh/runtime",
            ],
            id="model-fits: it does not",
        ),
        pytest.param(
            "model-fits",
            put(INFERENCE, inference__preset__name=LATER),
            {},
            ["inference.preset.name: unknown (set by an output); expected a value that KAITO's rules can judge [KS202]"],
            id="model-fits: a model not known",
        ),
        pytest.param("gated-model-token", put(INFERENCE), {}, [], id="gated-model-token: an open model"),
        pytest.param(
            "gated-model-token",
            put(INFERENCE, inference__preset__name="llama-3.3-70b-instruct"),
            {},
            [
                "inference.preset.presetOptions.modelAccessSecret: missing, but "
                "meta-llama/llama-3.3-70b-instruct is gated: KAITO admits it, but it can never work; expected a "
                "Secret with the key HF_TOKEN [KS204]"
                "\n  fix: kubectl create secret generic hf-token --from-literal=HF_TOKEN=…, and name it here"
            ],
            id="gated-model-token: a gated one without",
        ),
        pytest.param(
            "gated-model-token",
            put(
                INFERENCE,
                inference__preset__name="llama-3.3-70b-instruct",
                inference__preset__presetOptions={"modelAccessSecret": "hf"},
            ),
            {},
            [],
            id="gated-model-token: a gated one with",
        ),
        pytest.param(
            "gated-model-token",
            put(
                INFERENCE,
                inference__preset__name="llama-3.3-70b-instruct",
                inference__preset__presetOptions={"modelAccessSecret": LATER},
            ),
            {},
            [
                "inference.preset.presetOptions.modelAccessSecret: unknown (set by an output); expected a value "
                "that KAITO's rules can judge [KS204]"
            ],
            id="gated-model-token: a secret not known",
        ),
        pytest.param("tunable-model", put(TUNING), {}, [], id="tunable-model: it is"),
        pytest.param(
            "tunable-model",
            put(TUNING, tuning__preset__name="llama-3.1-8b-instruct"),
            {},
            [
                "tuning.preset.name: meta-llama/llama-3.1-8b-instruct cannot be tuned: KAITO 0.12 has no tuning parameters for "
                "it: it admits the Workspace, its controller panics; expected one of phi-3-medium-128k-instruct, "
                "phi-3-medium-4k-instruct, phi-3-mini-128k-instruct, phi-3-mini-4k-instruct, phi-3.5-mini-instruct, phi-4, "
                "phi-4-mini-instruct, qwen2.5-coder-32b-instruct, qwen2.5-coder-7b-instruct [KS205]"
            ],
            id="tunable-model: it is not",
        ),
        pytest.param(
            "tunable-model",
            put(TUNING, tuning__preset__name=LATER),
            {},
            ["tuning.preset.name: unknown (set by an output); expected a value that KAITO's rules can judge [KS205]"],
            id="tunable-model: not known",
        ),
        pytest.param(
            "adapter-strength",
            strong(),
            {},
            ["inference.adapters[0].strength: a strength under vLLM; expected no strength [KS206]\n  fix: remove it"],
            id="adapter-strength: under vLLM",
        ),
        pytest.param("adapter-strength", strong("transformers"), {}, [], id="adapter-strength: under transformers"),
        pytest.param(
            "adapter-strength",
            strong(LATER),
            {},
            [
                "metadata.annotations[kaito.sh/runtime]: unknown (set by an output); expected a value that "
                "KAITO's rules can judge [KS206]",
                "inference.adapters[0].strength: a strength under vLLM; expected no strength [KS206]\n  fix: remove it",
            ],
            id="adapter-strength: a runtime not known",
        ),
        pytest.param(
            "adapter-strength", put(INFERENCE, inference__adapters="law"), {}, [], id="adapter-strength: a text for the list"
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, inference__adapters="law"),
            {},
            ["inference.adapters: 'law'; expected a list [KS303]"],
            id="kaito-refuses: a text for the list",
        ),
        pytest.param("deprecated-api", put(INFERENCE), {}, [], id="deprecated-api: nothing"),
        pytest.param(
            "deprecated-api",
            put(INFERENCE, resource__count=1),
            {},
            [
                "resource.count: deprecated, and without effect on how many nodes vLLM gets; expected nothing "
                "[KS243]"
                "\n  fix: remove it"
            ],
            id="deprecated-api: a field",
        ),
        pytest.param(
            "deprecated-api",
            old(put(INFERENCE)),
            {},
            ["apiVersion: Workspace at v1alpha1, which validates less and has fewer fields; expected kaito.sh/v1beta1 [KS243]"],
            id="deprecated-api: a version",
        ),
        pytest.param(
            "deprecated-api",
            put(INFERENCE, resource__count=LATER),
            {},
            ["resource.count: unknown (set by an output); expected a value that KAITO's rules can judge [KS243]"],
            id="deprecated-api: a field not known",
        ),
        pytest.param("reserved-label", put(INFERENCE), {}, [], id="reserved-label: labels of your own"),
        pytest.param(
            "reserved-label",
            put(INFERENCE, resource__labelSelector={"matchLabels": {"app": "chat", "kaito.sh/workspace": "x"}}),
            {},
            [
                "resource.labelSelector.matchLabels[kaito.sh/workspace]: a label of KAITO's own: it is ignored; "
                "expected a label of your own [KS208]"
            ],
            id="reserved-label: one of KAITO's",
        ),
        pytest.param(
            "reserved-label",
            put(INFERENCE, metadata__labels=LATER),
            {},
            ["metadata.labels: unknown (set by an output); expected a value that KAITO's rules can judge [KS208]"],
            id="reserved-label: labels not known",
        ),
        pytest.param("rag-embedding", put(RAG), {}, [], id="rag-embedding: it is used"),
        pytest.param(
            "rag-embedding",
            put(RAG, spec__embedding__local={"image": "e:1", "modelID": "m"}),
            {},
            [
                "spec.embedding.local.modelID: this model has no effect in KAITO 0.12: it embeds with "
                "BAAI/bge-small-en-v1.5 [KS209]"
                "\n  fix: use local.modelID BAAI/bge-small-en-v1.5",
                "spec.embedding.local.image: this image has no effect in KAITO 0.12: it embeds with "
                "BAAI/bge-small-en-v1.5 [KS209]"
                "\n  fix: use local.modelID BAAI/bge-small-en-v1.5",
            ],
            id="rag-embedding: two of them",
        ),
        pytest.param(
            "rag-embedding",
            put(RAG, spec__embedding__local={"modelID": "acme/other"}),
            {},
            [
                "spec.embedding.local.modelID: this model has no effect in KAITO 0.12: it embeds with "
                "BAAI/bge-small-en-v1.5 [KS209]"
                "\n  fix: use local.modelID BAAI/bge-small-en-v1.5"
            ],
            id="rag-embedding: another model",
        ),
        pytest.param(
            "rag-embedding",
            put(RAG, spec__embedding={"remote": {"url": "http://e/v1/embeddings"}}),
            {},
            [
                "spec.embedding.remote: a remote embedding has no effect in KAITO 0.12: it embeds with "
                "BAAI/bge-small-en-v1.5 [KS209]"
                "\n  fix: use local.modelID BAAI/bge-small-en-v1.5"
            ],
            id="rag-embedding: a remote one",
        ),
        pytest.param(
            "rag-embedding",
            put(RAG, spec__embedding=LATER),
            {},
            ["spec.embedding: unknown (set by an output); expected a value that KAITO's rules can judge [KS209]"],
            id="rag-embedding: not known",
        ),
        pytest.param("autoscaling-keys", put(SET), {}, [], id="autoscaling-keys: none"),
        pytest.param(
            "autoscaling-keys",
            keda(auto_provision="true", max_replicas="3", metricName="m", threshold="10"),
            {},
            [
                "metadata.annotations[scaledobject.kaito.sh/metricName]: a key that the scaler ignores; expected "
                "scaledobject.kaito.sh/metrics, a YAML list [KS232]"
                "\n  fix: move it into metrics as name, type, upthreshold and downthreshold",
                "metadata.annotations[scaledobject.kaito.sh/threshold]: a key that the scaler ignores; expected "
                "scaledobject.kaito.sh/metrics, a YAML list [KS232]"
                "\n  fix: move it into metrics as name, type, upthreshold and downthreshold",
            ],
            id="autoscaling-keys: an old one",
        ),
        pytest.param(
            "autoscaling-keys",
            keda(auto_provision=LATER),
            {},
            [
                "metadata.annotations[scaledobject.kaito.sh/auto-provision]: unknown (set by an output); "
                "expected a value that KAITO's rules can judge [KS232]"
            ],
            id="autoscaling-keys: not known",
        ),
        pytest.param("kaito-refuses", put(INFERENCE), {}, [], id="kaito-refuses: nothing"),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, tuning=TUNING["tuning"]),
            {},
            ["tuning: both inference and tuning; expected exactly one of them [KS308]"],
            id="kaito-refuses: two purposes",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, inference__preset__name="phi-99"),
            {},
            [
                "inference.preset.name: 'phi-99' is not a preset of KAITO 0.12; expected a name from `kaito-iac "
                "models`, or organisation/model [KS319]"
                "\n  fix: did you mean 'phi-4'?"
            ],
            id="kaito-refuses: no such preset",
        ),
        pytest.param(
            "kaito-refuses",
            put(SET, spec__template__inference__preset__name="phi-99"),
            {},
            [
                "spec.template.inference.preset.name: 'phi-99' is not a preset of KAITO 0.12; expected a name "
                "from `kaito-iac models`, or organisation/model [KS319]"
                "\n  fix: did you mean 'phi-4'?"
            ],
            id="kaito-refuses: inside a template",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE),
            {"provisioner": "byo"},
            [
                "resource.instanceType: 'Standard_NC24ads_A100_v4' with provisioner byo; expected no "
                "instanceType [KS309]"
                "\n  fix: remove it and select nodes by label"
            ],
            id="kaito-refuses: a size where nodes are brought",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, resource={"labelSelector": {"matchLabels": {"app": "chat"}}}),
            {},
            [],
            id="kaito-refuses: no size, so nodes are brought",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, metadata__name=LATER),
            {},
            ["metadata.name: unknown (set by an output); expected a value that KAITO's rules can judge [KS301]"],
            id="kaito-refuses: a name not known",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, metadata="chat"),
            {},
            ["metadata: 'chat'; expected a mapping [KS305]"],
            id="kaito-refuses: a text for the metadata",
        ),
        pytest.param("works-as-written", put(INFERENCE), {}, [], id="works-as-written: it does"),
        pytest.param(
            "works-as-written",
            put(INFERENCE, resource__count=3),
            {},
            ["resource.instanceType: 1 nodes, resource.count says 3: KAITO counts them itself under vLLM [KS215]"],
            id="works-as-written: a count that KAITO replaces",
        ),
        pytest.param(
            "kaito-refuses",
            put(INFERENCE, inference__preset__nmae="x"),
            {},
            [
                "inference.preset.nmae: a field that the CRD does not have: kubectl and server-side apply refuse the object; "
                "expected a field of this kind [KS242]\n  fix: did you mean 'name'?"
            ],
            id="kaito-refuses: a field that the CRD lacks",
        ),
        pytest.param(
            "works-as-written",
            put(INFERENCE, inference=LATER),
            {},
            ["inference: unknown (set by an output); expected a value that KAITO's rules can judge [KS235]"],
            id="works-as-written: not known",
        ),
    ],
)
def test_admission_rules(told, rule, resources, settings, said):
    """Each policy states its part of what KAITO's rules say of an object."""
    assert told(RULES[rule], [resources], settings) == said


def test_every_code_has_a_policy():
    """Whatever KAITO's rules may say is reported by a policy of the pack; what could not be seen is reported by none."""
    severities = {(rule.code, rule.severity) for rule in JUDGED.values()} | {
        (code, severity) for code, severity, _ in SERVER.values()
    }
    owners = {code: {owner(Problem(code, "", "", severity=severity))} for code, severity in severities}
    assert {code: found for code, found in owners.items() if not found <= RULES.keys() | {""}} == {}
    assert [code for code, found in owners.items() if found == {""}] == ["KS238"]


def test_table_has_no_code_too_many():
    """Every code of the table is one that KAITO's rules use."""
    used = {rule.code for rule in JUDGED.values()} | {code for code, _, _ in SERVER.values()}
    assert sorted(OWNERS.keys() - used) == []


def test_replicas_that_a_scaler_decides_after_the_creation():
    """A set that is created with some replicas, and never updated to them, leaves the rest to its scaler."""
    spec = {"replicas": 1, "labelSelector": {"matchLabels": {"a": "b"}}}
    spec["template"] = {"resource": {"instanceType": "Standard_NC24ads_A100_v4"}, "inference": {"preset": {"name": "phi-4"}}}
    inputs = {"metadata": {"name": "a", "annotations": {"scaledobject.kaito.sh/auto-provision": "true"}}, "spec": spec}
    kind = "kubernetes:kaito.sh/v1beta1:InferenceSet"
    rule = RULES["autoscaling-keys"]
    paths = {
        left: [problem.path for problem in rule.judge(Resource("urn:a", kind, "a", None, inputs, options=options), {})]
        for left, options in ((False, Options()), (True, Options(ignore_changes=("spec.replicas",))))
    }
    assert ("spec.replicas" in paths[False], "spec.replicas" in paths[True]) == (True, False)

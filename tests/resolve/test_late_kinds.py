# ruff: noqa: E501 -- messages are whole lines
"""Values of sets, tuning jobs, roles and mirrors that are Outputs: checked when they are known, and secret while they are."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import conceal, known, record

A100 = "Standard_NC24ads_A100_v4"
PHI = {"preset": "phi-4-mini-instruct"}
DATA = {"urls": ["https://data.example.com/a.parquet"]}
OUT = {"image": "registry.example.com/a:1", "push_secret": "push"}
TUNE = {"preset": "phi-4-mini-instruct-qlora", "dataset": DATA, "output": OUT}
ROLES = {"preset": "phi-4", "prefill": {"instance_type": A100}, "decode": {"instance_type": A100}}
MIRROR = {"preset": "phi-4", "storage_class": "nfs"}

CASES = [
    pytest.param(
        "KaitoInferenceSet",
        lambda later: {**PHI, "namespace": later("Team_A")},
        "  namespace: 'Team_A'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]\n"
        "    fix: namespace='team-a'",
        id="namespace of a set",
    ),
    pytest.param(
        "KaitoInferenceSet",
        lambda later: {**PHI, "replica_labels": {"team": later("a b")}},
        "  replica_labels.team: 'a b'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]",
        id="label of a replica",
    ),
    pytest.param(
        "KaitoInferenceSet",
        lambda later: {**PHI, "auto_upgrade": {"enabled": False, "maintenance_window": {"schedule": later("daily")}}},
        "  auto_upgrade.maintenance_window.schedule: 'daily' has 1 fields; expected five cron fields, such as 0 2 * * 6 [KS225]",
        id="schedule",
    ),
    pytest.param(
        "KaitoInferenceSet",
        lambda later: {**PHI, "adapters": [later({"name": "law"})]},
        "  adapters[0]: not exactly one of image and volume; KAITO checks it only on update; expected one of them [KS234]",
        id="adapter without a source",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "adapters": [later({"name": "law", "image": "x/law:1", "strength": 0.5})]},
        "  adapters[0].strength: a strength under vLLM; expected no strength [KS206]\n"
        "    fix: leave strength out, or runtime='transformers'",
        id="adapter with a strength",
    ),
    pytest.param(
        "KaitoWorkspace",
        lambda later: {**PHI, "adapters": [later("law")]},
        "  adapters[0]: 'law'; expected a mapping with name and image or volume [KS102]",
        id="adapter that is a text",
    ),
    pytest.param(
        "KaitoTuning",
        lambda later: {**TUNE, "dataset": {"urls": [later("http://10.0.0.1/a")]}},
        "  dataset.urls[0]: 'http://10.0.0.1/a' is a loopback, private or link-local address; expected an http or https address outside the cluster [KS227]",
        id="address of the data",
    ),
    pytest.param(
        "KaitoTuning",
        lambda later: {**TUNE, "output": {"image": later("a b"), "push_secret": "push"}},
        "  output.image: 'a b' is no image reference; expected registry/path/name:tag, in lower case [KS227]",
        id="image of the adapter",
    ),
    pytest.param(
        "KaitoTuning",
        lambda later: {**TUNE, "config": later("A_b"), "training": None},
        "  config: 'A_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]",
        id="ConfigMap of the training",
    ),
    pytest.param(
        "KaitoMultiRoleInference",
        lambda later: {**ROLES, "node_selector": {"apps": later("a b")}},
        "  node_selector.apps: 'a b'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]",
        id="node selector of roles",
    ),
    pytest.param(
        "KaitoMultiRoleInference",
        lambda later: {**ROLES, "decode": {"instance_type": A100, "config": later("A_b")}},
        "  decode.config: 'A_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]",
        id="ConfigMap of a role",
    ),
    pytest.param(
        "KaitoModelMirror",
        lambda later: {**MIRROR, "storage_class": later("A_b")},
        "  storage_class: 'A_b'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]",
        id="storage class",
    ),
]


class Source(pulumi.CustomResource):
    """Something whose output is not known before it exists."""

    def __init__(self, value):
        super().__init__("test:index:Source", "source", {"value": None})
        self.later = self.id.apply(lambda _: value)


def _outcome(kind, args, later, *, preview):
    recording = record(lambda: getattr(kaito, kind)("chat", args(later())), preview=preview, allow_error=True)
    error = recording.error
    assert error is None or isinstance(error.cause, SpecError), error
    return error and str(error.cause)


@pytest.mark.parametrize(("kind", "args", "said"), CASES)
@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_output_known_at_once(kind, args, said, preview):
    """A wrong value that is known already stops the preview as it stops the update."""
    told = _outcome(kind, args, lambda: pulumi.Output.from_input, preview=preview)
    assert told == f"{kind} 'chat': 1 problem\n{said}"


@pytest.mark.parametrize(("kind", "args", "said"), CASES)
def test_output_known_after_something_exists(kind, args, said):
    """A value that the preview cannot know passes there; the update refuses it in the same words."""

    def later():
        return lambda value: Source(value).later

    assert _outcome(kind, args, later, preview=True) is None
    assert _outcome(kind, args, later, preview=False) == f"{kind} 'chat': 1 problem\n{said}"


@pytest.mark.parametrize(
    ("kind", "args", "path"),
    [
        pytest.param("KaitoInferenceSet", lambda later: {**PHI, "replicas": later(2)}, "replicas", id="replicas"),
        pytest.param(
            "KaitoInferenceSet",
            lambda later: {**PHI, "autoscale": {"max_count": later(2)}},
            "autoscale.max_count",
            id="autoscale",
        ),
        pytest.param("KaitoInferenceSet", lambda later: {**PHI, "adapters": later([])}, "adapters", id="list of adapters"),
        pytest.param("KaitoTuning", lambda later: {**TUNE, "preset": later("phi-4-lora")}, "preset", id="preset"),
        pytest.param(
            "KaitoTuning",
            lambda later: {**TUNE, "training": {"LoraConfig": {"r": later(8)}}},
            "training.LoraConfig.r",
            id="field of the training",
        ),
        pytest.param(
            "KaitoMultiRoleInference",
            lambda later: {**ROLES, "decode": {"instance_type": later(A100)}},
            "decode.instance_type",
            id="size of a role",
        ),
        pytest.param("KaitoModelMirror", lambda later: {**MIRROR, "size_gib": later(100)}, "size_gib", id="size of a mirror"),
    ],
)
def test_output_that_decides_on_resources(kind, args, path):
    """What decides which resources exist, or how many nodes, must be plain."""
    told = _outcome(kind, args, lambda: pulumi.Output.from_input, preview=True)
    assert f"  {path}: an Output; expected a plain value" in told
    assert "[KS103]" in told


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_secrets_stay_secret(preview):
    """A value that came in as a secret is a secret in everything that is registered, also in what uses the adapter."""
    secret = pulumi.Output.secret

    def program():
        tuned = kaito.KaitoTuning("law", {**TUNE, "output": {"image": secret("x/law:1"), "push_secret": secret("push")}})
        kaito.KaitoInferenceSet("chat", {**PHI, "adapters": [tuned.adapter], "namespace": secret("ai")})
        kaito.KaitoModelMirror("weights", {**MIRROR, "storage_class": secret("nfs")})

    recording = record(program, preview=preview)
    shown = {resource.name: conceal(resource.inputs) for resource in recording.resources}
    assert shown["law-workspace"]["tuning"]["output"] == {"image": "[secret]", "imagePushSecret": "[secret]"}
    assert shown["chat-inferenceset"]["spec"]["template"]["inference"]["adapters"] == ["[secret]"]
    assert shown["chat-inferenceset"]["metadata"]["namespace"] == "[secret]"
    assert shown["chat-service"]["metadata"]["namespace"] == "[secret]"
    assert conceal(recording.by_name("chat").outputs["endpoint"]) == "[secret]"
    assert shown["weights-modelmirror"]["spec"]["storage"] == {"size": "107Gi", "storageClassName": "[secret]"}


def test_adapter_is_known_in_the_preview_and_waits_for_the_tuning():
    """What is served with an adapter is planned whole, and is made after the tuning job succeeded."""

    def program():
        tuned = kaito.KaitoTuning("law", TUNE)
        kaito.KaitoWorkspace("chat", {**PHI, "adapters": [tuned.adapter]})

    chat = record(program).by_name("chat-workspace")
    assert known(chat.inputs)
    assert [urn.rpartition("::")[2] for urn in chat.options.depends_on] == ["law-workspace"]


def test_adapter_on_a_volume():
    """An adapter that was written to a claim is mounted from it."""

    def program():
        tuned = kaito.KaitoTuning("law", {**TUNE, "output": {"claim": "adapters"}})
        kaito.KaitoWorkspace("chat", {**PHI, "adapters": [tuned.adapter]})

    assert record(program).by_name("chat-workspace").inputs["inference"]["adapters"] == [
        {"source": {"name": "law", "volumeSource": {"persistentVolumeClaim": {"claimName": "adapters"}}}}
    ]

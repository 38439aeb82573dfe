"""The readiness gate as it is registered, and what it refuses; what it does is in tests/engine/test_gate.py."""

import importlib.util

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import errors
from kaito_iac.errors import SpecError
from kaito_iac.problem import Unknown
from kaito_iac.testing import record, tree

CHAT = {"preset": "phi-4", "instance_type": "Standard_NC24ads_A100_v4", "wait": False}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_the_gate_is_a_stash_with_hooks(preview):
    """A gate is one Stash after the object, with the object's identity as input, and one hook before create and update."""

    def program():
        chat = kaito.KaitoWorkspace("chat", {**CHAT})
        gate = kaito.ReadinessGate("gate", {"workload": chat, "kubeconfig": "apiVersion: geheim\n", "timeout_minutes": 60})
        pulumi.export("endpoint", gate.endpoint)

    recording = record(program, preview=preview)
    assert tree(recording).splitlines() == [
        "kaito-iac:index:KaitoWorkspace chat",
        "  kubernetes:kaito.sh/v1beta1:Workspace chat-workspace",
        "kaito-iac:index:ReadinessGate gate",
        "  pulumi:index:Stash gate-opened",
    ]
    opened, workspace = recording.by_name("gate-opened"), recording.by_name("chat-workspace")
    later = {"uid": None, "generation": None}  # the API server's, which is not there
    assert opened.inputs == {"input": {"kind": "Workspace", "namespace": "default", "name": "chat", **later}}
    assert opened.options.depends_on == (workspace.urn,)
    assert opened.options.hooks == {"before_create": ("gate-ready",), "before_update": ("gate-ready",)}
    assert recording.by_name("gate").inputs == {"timeoutMinutes": 60}
    assert "geheim" not in str(recording)


def test_one_of_kaitos_kinds_can_be_gated():
    """A gate takes a kind of KAITO that was made without a component."""

    def program():
        mirror = kaito.ModelMirror("m", metadata={"name": "m"}, spec={"mode": "Static"})
        kaito.ReadinessGate("gate", {"workload": mirror})

    assert [line.split()[-1] for line in tree(record(program)).splitlines()] == ["gate", "gate-opened", "m"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            lambda chat: {},
            "workload: missing; expected a KaitoWorkspace, KaitoInferenceSet, KaitoTuning, KaitoRagEngine, another component or "
            "kind of KAITO [KS102]",
            id="no workload",
        ),
        pytest.param(
            lambda chat: {"workload": "chat", "timeout_minutes": 0},
            "workload: str; expected a KaitoWorkspace, KaitoInferenceSet, KaitoTuning, KaitoRagEngine, another component or kind "
            "of KAITO [KS102]\n"
            "  timeout_minutes: 0; expected a whole number from 1 to 10080 minutes [KS102]",
            id="no resource, and no time",
        ),
        pytest.param(
            lambda chat: {"workload": kaito.KaitoWorkspace("other", {**CHAT, "wait": True})},
            "workload: KaitoWorkspace waits itself, so the gate would begin when all is over [KS105]\n"
            "    fix: set wait=False on the workload; the gate waits for it",
            id="two waits",
        ),
    ],
)
def test_refusals(args, said):
    """What cannot be a gate is refused with every problem."""

    def program():
        kaito.ReadinessGate("gate", args(kaito.KaitoWorkspace("chat", {**CHAT})))

    error = record(program, allow_error=True).error
    assert str(error.cause).split("\n", 1)[1] == f"  {said}"


def test_the_extra_is_needed(monkeypatch):
    """Without the Kubernetes client a gate is refused with what to install."""
    found = importlib.util.find_spec
    monkeypatch.setattr("kaito_iac.resolve.readiness_gate.find_spec", lambda name: None if name == "kubernetes" else found(name))

    def program():
        kaito.ReadinessGate("gate", {"workload": kaito.KaitoWorkspace("chat", {**CHAT})})

    assert str(record(program, allow_error=True).error.cause) == (
        "ReadinessGate 'gate': 1 problem\n"
        "  kubernetes: the Kubernetes client is not installed [KS224]\n"
        "    fix: pip install 'kaito-iac[wait] @ git+https://example.com/kaito-iac'"
    )


def test_a_refused_workload_is_not_blamed_twice():
    """A plan that collects refusals gets none from the gate of a refused workload."""

    def program():
        gate = kaito.ReadinessGate("gate", {"workload": kaito.KaitoWorkspace("chat", {"preset": "phi4"})})
        assert isinstance(gate.spec, Unknown)

    found: list[SpecError] = []
    token = errors.refusals.set(found)
    try:
        recording = record(program, allow_error=True)
    finally:
        errors.refusals.reset(token)
    assert [str(error).splitlines()[0] for error in found] == ["KaitoWorkspace 'chat': 1 problem"]
    assert recording.error is not None
    assert recording.error.cause is found[0]


@pytest.mark.parametrize("known", [False, True], ids=["no cluster is named", "KUBECONFIG names one"])
def test_missing_cluster_is_told_in_a_preview(monkeypatch, tmp_path, known):
    """A wait of which nothing names the cluster would fail in the update: the preview says so."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("KUBECONFIG", "config" if known else "")

    def program():
        kaito.ReadinessGate("gate", workload=kaito.KaitoWorkspace("chat", {**CHAT}))

    told = [entry.message for entry in record(program).logs if entry.severity == "warning"]
    assert told == (
        []
        if known
        else [
            "kubeconfig: none: no argument, provider, configuration kubernetes:kubeconfig, KUBECONFIG or ~/.kube/config names a "
            "cluster [KO479]\n  fix: give the gate a kubeconfig of the cluster that the workload's provider uses, before the "
            "update"
        ]
    )

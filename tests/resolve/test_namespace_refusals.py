# ruff: noqa: E501 -- messages are whole lines
"""Messages about a namespace whose bounds or secrets cannot be made: whole messages."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import record

SECRET = pulumi.Output.secret
VAULT = {"name": "models", "tenant_id": "t", "client_id": "c", "secrets": {"llm": {"LLM_ACCESS_SECRET": "llm-key"}}}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            lambda: {"name": "Team_A", "team": "a team", "gpus": 1.5, "allow_from": ["default", "KEDA"]},
            """\
KaitoNamespace 'chat': 4 problems
  name: 'Team_A'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: name='team-a'
  team: 'a team'; expected up to 63 letters, digits, '-', '_', '.' as text [KS104]
  gpus: 1.5; expected a whole number from 0 to 100000 GPUs [KS102]
  allow_from[1]: 'KEDA'; expected lower-case letters, digits and '-', a letter or digit first, at most 63 characters [KS104]
    fix: allow_from[1]='keda'""",
            id="names and numbers",
        ),
        pytest.param(
            lambda: {
                "gpus": 4,
                "quota": {"requests.nvidia.com/gpu": 8, "requests.storage": "2 TB", "pods": True, "services": 10},
            },
            """\
KaitoNamespace 'chat': 3 problems
  quota.requests.nvidia.com/gpu: set by the argument gpus [KS105]
    fix: leave one of them out
  quota.requests.storage: '2 TB'; expected a quantity of Kubernetes, such as 8 or 500Gi [KS102]
  quota.pods: True; expected a quantity of Kubernetes, such as 8 or 500Gi [KS102]""",
            id="quantities that Kubernetes refuses",
        ),
        pytest.param(
            lambda: {"hugging_face_token": "my token", "registry": {"server": "registry.example.com", "password": "my password"}},
            """\
KaitoNamespace 'chat': 3 problems
  hugging_face_token: a value in plain text; expected a secret of the stack's configuration [KS221]
    fix: config.require_secret('huggingFaceToken')
  registry.password: a value in plain text; expected a secret of the stack's configuration [KS221]
    fix: config.require_secret('registryPassword')
  registry.username: missing; expected server, username and password of the registry [KS102]""",
            id="secrets in plain text are refused and not repeated",
        ),
        pytest.param(
            lambda: {"hugging_face_token": SECRET(7)},
            """\
KaitoNamespace 'chat': 1 problem
  hugging_face_token: a secret value; expected text [KS102]""",
            id="secret that is no text, known later",
        ),
        pytest.param(
            lambda: {"key_vault": {"name": "models", "secrets": {"LLM": {"KEY": "a"}, "none": {}, "odd": {"KEY": "a b"}}}},
            """\
KaitoNamespace 'chat': 5 problems
  key_vault.tenant_id: missing; expected name, tenant_id, client_id and secrets of the vault [KS102]
  key_vault.client_id: missing; expected name, tenant_id, client_id and secrets of the vault [KS102]
  key_vault.secrets.LLM: 'LLM'; expected the name of an object: lower-case letters, digits, '-' and '.' [KS104]
  key_vault.secrets.none: {}; expected key of the Secret to name in the vault, such as {'HF_TOKEN': 'hugging-face'} [KS102]
  key_vault.secrets.odd: {'KEY': 'a b'}; expected key of the Secret to name in the vault, such as {'HF_TOKEN': 'hugging-face'} [KS102]""",
            id="vault without an identity, Secrets without keys",
        ),
        pytest.param(
            lambda: {
                "hugging_face_token": SECRET("x"),
                "key_vault": {**VAULT, "secrets": {"hf-token": {"HF_TOKEN": "hugging-face"}}},
            },
            """\
KaitoNamespace 'chat': 1 problem
  key_vault.secrets.hf-token: 'hf-token' a second time: hugging_face_token makes it too; expected one source of a Secret [KS105]
    fix: leave one of them out""",
            id="one Secret from two sources",
        ),
    ],
)
def test_refused(args, said):
    """A namespace that cannot be made as it is asked for is refused with all its problems, and no secret is repeated."""
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.KaitoNamespace("chat", args()))
    assert str(raised.value) == said


def test_callers_of_a_namespace_that_is_open():
    """A list of callers says nothing where everyone may call."""
    made = []
    record(lambda: made.append(kaito.KaitoNamespace("chat", {"isolated": False, "allow_from": ["keda"]})))
    assert [problem.headline for problem in made[0].spec.problems] == [
        "allow_from: without effect: every namespace may call when isolated is false; expected isolated, or no allow_from [KS105]"
    ]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_no_secret_is_seen(preview):
    """Token and password are secrets wherever they are: in inputs, in outputs, inside the registry's file."""

    def program():
        registry = {"server": "registry.example.com", "username": "puller", "password": SECRET("open-sesame")}
        kaito.KaitoNamespace("chat", {"hugging_face_token": SECRET("swordfish"), "registry": registry})

    recording = record(program, preview=preview)
    seen = repr([(resource.inputs, resource.outputs) for resource in recording.resources])
    assert "swordfish" not in seen
    assert "sesame" not in seen
    assert recording.by_name("chat-token").options.additional_secret_outputs == ("data", "stringData")


def test_workloads_wait_for_bounds_and_secrets():
    """What is in the namespace is made after its quota, its callers and its Secrets."""

    def program():
        place = kaito.KaitoNamespace("chat", {"gpus": 1, "hugging_face_token": SECRET("swordfish")})
        kaito.KaitoWorkspace(
            "answers",
            {"preset": "phi-4-mini-instruct", "namespace": place.namespace, "instance_type": "Standard_NC24ads_A100_v4"},
        )

    options = record(program).by_name("answers-workspace").options
    assert {urn.rpartition("::")[2] for urn in options.depends_on} == {
        "chat-namespace",
        "chat-quota",
        "chat-callers",
        "chat-token",
    }

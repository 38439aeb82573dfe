"""KO412: models and their licences are ones that are allowed."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.allowed_models import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def workspace(name, part="inference"):
    found = {"preset": {"name": name}} if name else {"template": {"spec": {}}}
    return Resource("urn:w", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, {part: found})


def mirror(name):
    return Resource("urn:m", "kubernetes:kaito.sh/v1alpha1:ModelMirror", "m", None, {"spec": {"source": {"modelID": name}}})


MICROSOFT = {"allowedModels": ["microsoft/*"]}


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(workspace("llama-3.3-70b-instruct"), {}, [], id="any model, as no one restricts them"),
        pytest.param(workspace("phi-4"), MICROSOFT, [], id="an allowed model by its short name"),
        pytest.param(workspace("microsoft/Phi-4"), MICROSOFT, [], id="by its id, in any case"),
        pytest.param(
            workspace("llama-3.3-70b-instruct"),
            MICROSOFT,
            [
                "model: llama-3.3-70b-instruct is not allowed; expected one of microsoft/* [KO412]"
                "\n  fix: take another model, or ask the owner of the lists"
            ],
            id="another model",
        ),
        pytest.param(
            workspace("phi-4"),
            {**MICROSOFT, "deniedModels": ["phi-4"]},
            ["model: phi-4 is denied; expected another model [KO412]\n  fix: take another model, or ask the owner of the lists"],
            id="denied whatever allows it",
        ),
        pytest.param(
            workspace("phi-4", "tuning"),
            {"deniedModels": ["phi-4"]},
            ["model: phi-4 is denied; expected another model [KO412]\n  fix: take another model, or ask the owner of the lists"],
            id="a model that is tuned",
        ),
        pytest.param(
            mirror("microsoft/phi-4"),
            {"deniedModels": ["*/phi-4"]},
            [
                "model: microsoft/phi-4 is denied; expected another model [KO412]"
                "\n  fix: take another model, or ask the owner of the lists"
            ],
            id="a model that is mirrored",
        ),
        pytest.param(workspace("phi-4"), {"allowedLicences": ["mit"]}, [], id="an allowed licence"),
        pytest.param(
            workspace("llama-3.3-70b-instruct"),
            {"allowedLicences": ["mit", "apache-2.0"]},
            [
                "licence: llama3.3, of llama-3.3-70b-instruct; expected one of mit, apache-2.0 [KO412]"
                "\n  fix: take a model with another licence"
            ],
            id="another licence",
        ),
        pytest.param(
            workspace("llama-3.3-70b-instruct"),
            {"deniedLicences": ["llama*"]},
            [
                "licence: llama3.3, of llama-3.3-70b-instruct; expected another licence [KO412]"
                "\n  fix: take a model with another licence"
            ],
            id="a denied licence",
        ),
        pytest.param(
            workspace("acme/own"),
            {"deniedLicences": ["llama*"]},
            [
                "licence: unknown (the catalogue has no licence of acme/own); expected another licence [KO412]"
                "\n  fix: take a model of the catalogue"
            ],
            id="an unknown licence",
        ),
        pytest.param(workspace("acme/own"), {"deniedLicences": ["llama*"], "onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(workspace("acme/own"), {"allowedModels": ["acme/*"]}, [], id="a model outside the catalogue, by name"),
        pytest.param(workspace(None), MICROSOFT, [], id="a pod of its own names no model"),
        pytest.param(
            workspace(LATER),
            MICROSOFT,
            ["model: unknown (set by an output); expected a model that is known [KO412]"],
            id="a model that is not known",
        ),
        pytest.param(workspace(LATER), {}, [], id="one that does not matter"),
        pytest.param(
            workspace(7),
            MICROSOFT,
            ["model: unknown (name is a number, not a text); expected a model that is known [KO412]"],
            id="a number for the model",
        ),
        pytest.param(
            workspace("phi-4"),
            {"allowedModels": "phi-4"},
            ["allowed-models.allowedModels: 'phi-4'; expected a list [KO412]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_allowed_models(told, resources, settings, said):
    """Models are judged by id, short name and licence."""
    assert told(RULE, [resources], settings) == said

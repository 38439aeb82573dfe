"""KN305: no token, key or password is in plain text in an object."""

import base64

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.plain_secret import RULE
from kaito_iac.stack.resource import Options, Resource

LATER = Unknown("set by an output")
TOKEN = "hf_" + "a1B2" * 8


def pod(*env, **more):
    container = {"name": "c", "image": "i", "env": [{"name": "T", "value": value} for value in env], **more}
    return Resource(
        "urn:p", "kubernetes:apps/v1:Deployment", "web", None, {"spec": {"template": {"spec": {"containers": [container]}}}}
    )


def config_map(**data):
    return Resource("urn:c", "kubernetes:core/v1:ConfigMap", "settings", None, {"data": data})


def secret(kept=(), **inputs):
    return Resource("urn:s", "kubernetes:core/v1:Secret", "token", None, inputs, options=Options(additional_secret_outputs=kept))


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(pod("plain"), {}, [], id="no token"),
        pytest.param(
            pod(TOKEN),
            {},
            [
                "spec.template.spec.containers[0].env[0].value: what looks like a token of Hugging Face, in "
                "plain text; expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a token in the environment",
        ),
        pytest.param(
            pod("", args=["--token", TOKEN]),
            {},
            [
                "spec.template.spec.containers[0].args[1]: what looks like a token of Hugging Face, in plain "
                "text; expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a token in the arguments",
        ),
        pytest.param(
            pod("sk-" + "x" * 16),
            {},
            [
                "spec.template.spec.containers[0].env[0].value: what looks like a key of an API, in plain text; "
                "expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="the shortest key of an API",
        ),
        pytest.param(pod("sk-" + "x" * 15), {}, [], id="one letter less"),
        pytest.param(pod("task-" + "x" * 40), {}, [], id="a word that only ends alike"),
        pytest.param(
            pod("ghp_" + "a" * 36, "AKIA" + "A" * 16, "xoxb-1234567890-x"),
            {},
            [
                "spec.template.spec.containers[0].env[0].value: what looks like a token of GitHub, in plain "
                "text; expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret",
                "spec.template.spec.containers[0].env[1].value: what looks like a key of AWS, in plain text; "
                "expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret",
                "spec.template.spec.containers[0].env[2].value: what looks like a token of Slack, in plain text; "
                "expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret",
            ],
            id="tokens of others",
        ),
        pytest.param(
            config_map(key="-----BEGIN RSA PRIVATE KEY-----\nMII"),
            {},
            [
                "data.key: what looks like a private key, in plain text; expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a private key in a ConfigMap",
        ),
        pytest.param(config_map(key=TOKEN), {"ignore": ["settings"]}, [], id="a resource that may"),
        pytest.param(secret(("data", "stringData"), stringData={"HF_TOKEN": TOKEN}), {}, [], id="a Secret the state encrypts"),
        pytest.param(
            secret(stringData={"HF_TOKEN": TOKEN}),
            {},
            [
                "stringData.HF_TOKEN: what looks like a token of Hugging Face, in plain text; expected the name "
                "of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a Secret the state keeps readable",
        ),
        pytest.param(
            secret(data={"HF_TOKEN": base64.b64encode(TOKEN.encode()).decode()}),
            {},
            [
                "data.HF_TOKEN: what looks like a token of Hugging Face, in plain text; expected the name of a "
                "Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a Secret in base64 that is readable",
        ),
        pytest.param(
            secret(("data", "stringData"), metadata={"annotations": {"token": TOKEN}}),
            {},
            [
                "metadata.annotations.token: what looks like a token of Hugging Face, in plain text; expected "
                "the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="a token beside a Secret",
        ),
        pytest.param(
            pod(LATER),
            {},
            [
                "spec.template.spec.containers[0].env[0].value: unknown (set by an output); expected a value "
                "that is no token [KN305]"
            ],
            id="a value that is not known",
        ),
        pytest.param(pod(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(secret(("data", "stringData"), stringData=LATER), {}, [], id="an encrypted Secret that is not known"),
        pytest.param(
            secret(stringData=LATER),
            {},
            ["stringData: unknown (set by an output); expected a value that is no token [KN305]"],
            id="a readable Secret that is not known",
        ),
        pytest.param(
            pod(7, None, [TOKEN]),
            {},
            [
                "spec.template.spec.containers[0].env[2].value[0]: what looks like a token of Hugging Face, in "
                "plain text; expected the name of a Secret [KN305]"
                "\n  fix: store it in a Secret created from a secret configuration value, and name the Secret"
            ],
            id="values of a wrong type",
        ),
        pytest.param(
            pod(TOKEN),
            {"ignore": "web"},
            ["plain-secret.ignore: 'web'; expected a list [KN305]\n  fix: correct the policy configuration"],
            id="settings of a wrong type",
        ),
    ],
)
def test_plain_secret(told, resources, settings, said):
    """What looks like a token is reported with its place, and never shown."""
    found = told(RULE, [resources], settings)
    assert found == said
    assert TOKEN not in "".join(found)


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        pytest.param({"values": {"clientId": LATER, "tenantId": LATER}}, [], id="identifiers by their keys"),
        pytest.param({"values": {"env": [{"name": "ARM_SUBSCRIPTION_ID", "value": LATER}]}}, [], id="by the name of a variable"),
        pytest.param({"values": {"env": [{"name": "API_TOKEN", "value": LATER}]}}, ["values.env[0].value"], id="a token"),
        pytest.param({"values": {"password": LATER}}, ["values.password"], id="a password"),
    ],
)
def test_identifiers_are_no_tokens(inputs, paths):
    """What is not known yet and is called an id, a name or an address is no token; anything else may be one."""
    release = Resource("urn:r", "kubernetes:helm.sh/v3:Release", "r", None, inputs)
    assert [problem.path for problem in RULE.judge(release, {})] == paths

"""The config a program is given: declared, read from the stack's file, overridden, checked."""

import pytest

from kaito_iac.offline import Refusal, Secret, Unseen, run_program
from kaito_iac.problem import Unknown

DECLARED = """
name: demo
runtime: python
config:
  count: {type: integer, default: 2}
  spot: {type: boolean}
  sizes: {type: array, items: {type: string}, default: [a, b]}
  quota: {type: object, default: {team: 4}}
  plain: 7
  azure-native:location: {value: westeurope}
"""

SHOW = """
config = pulumi.Config()
pulumi.export("count", config.require_int("count"))
pulumi.export("spot", config.require_bool("spot"))
pulumi.export("sizes", config.require_object("sizes"))
pulumi.export("quota", config.require_object("quota"))
pulumi.export("plain", config.require("plain"))
pulumi.export("location", pulumi.Config("azure-native").require("location"))
"""


@pytest.mark.parametrize(
    ("file", "given", "exports"),
    [
        pytest.param(
            "config:\n  spot: true\n",
            {},
            {"count": 2, "location": "westeurope", "plain": "7", "quota": {"team": 4}, "sizes": ["a", "b"], "spot": True},
            id="defaults fill what the stack leaves open",
        ),
        pytest.param(
            "config:\n  demo:spot: 'false'\n  demo:count: '5'\n  sizes: [c]\n  azure-native:location: eastus\n",
            {"quota": '{"team": 1}', "demo:plain": "x"},
            {"count": 5, "location": "eastus", "plain": "x", "quota": {"team": 1}, "sizes": ["c"], "spot": False},
            id="the stack's file wins over defaults, and what is given wins over all",
        ),
    ],
)
def test_values(program, file, given, exports):
    """Values come from the declaration, the stack's file, and the caller, later ones first."""
    recording = run_program(program(SHOW, {"Pulumi.dev.yaml": file}, manifest=DECLARED), config=given)
    assert (recording.error, recording.exports) == (None, exports)


def test_every_missing_and_mistyped_value_at_once(program):
    """What the CLI would refuse one by one is refused together, with what is accepted."""
    folder = program(SHOW, {"Pulumi.dev.yaml": "config:\n  count: 2.5\n  sizes: [1]\n  quota: text\n"}, manifest=DECLARED)
    with pytest.raises(Refusal) as refusal:
        run_program(folder)
    assert str(refusal.value) == "\n".join(
        [
            "Stack 'dev' of project 'demo': 4 problems",
            '  count: "2.5"; expected a value of type integer [KO483]',
            "    fix: pulumi config set count <value> --stack dev",
            "  spot: missing; expected a value of type boolean [KO482]",
            "    fix: pulumi config set spot <value> --stack dev",
            "  sizes: [1]; expected a value of type array<string> [KO483]",
            "    fix: pulumi config set sizes <value> --stack dev",
            '  quota: "text"; expected a value of type object [KO483]',
            "    fix: pulumi config set quota <value> --stack dev",
        ]
    )


def test_config_folder_of_the_stacks(program):
    """The stacks' files may be in a folder of their own."""
    folder = program(
        "pulumi.export('a', pulumi.Config().require('a'))",
        {"settings/Pulumi.prod.yaml": "config:\n  demo:a: there\n"},
        manifest="name: demo\nruntime: python\nstackConfigDir: settings\n",
    )
    assert run_program(folder, stack="prod").exports == {"a": "there"}


ENCRYPTED = {"Pulumi.dev.yaml": "config:\n  demo:token: {secure: v1:abc}\n  demo:login: {user: me, word: {secure: v1:def}}\n"}


def test_encrypted_value_is_an_unknown_secret_wherever_it_goes(program):
    """An encrypted value reaches inputs, exports and logs as a secret that does not exist, also inside other text."""
    folder = program(
        """
        config = pulumi.Config()
        token, login = config.require("token"), config.require_object("login")
        Thing("thing", {"token": token, "url": f"https://{token}@host", "login": login, "kept": config.require_secret("token")})
        pulumi.export("token", token)
        pulumi.log.info(f"token {token}")
        """,
        ENCRYPTED,
    )
    recording = run_program(folder)
    token = Secret(Unknown("encrypted config value demo:token"))
    login = {"user": "me", "word": Secret(Unknown("encrypted config value demo:login"))}
    assert recording.error is None
    assert recording.by_name("thing").inputs == {"kept": token, "login": login, "token": token, "url": token}
    assert recording.exports == {"token": token}
    assert [entry.message for entry in recording.logs] == ["token [secret]"]
    assert recording.unseen == (
        Unseen("demo:token", "encrypted config value"),
        Unseen("demo:login", "encrypted config value"),
    )


@pytest.mark.parametrize("use", ["require_int", "require_bool", "require_float", "require_object", "require_secret_object"])
def test_encrypted_value_that_is_needed_as_more_than_text(program, use):
    """A program that must know an encrypted value learns which one, and how to supply it."""
    error = run_program(program(f"pulumi.Config().{use}('token')", ENCRYPTED)).error
    assert error is not None
    assert (error.message, error.user_error) == (
        "config value demo:token is encrypted, and the program needs it as more than text; supply it: config={'demo:token': ...}",
        True,
    )


def test_supplied_value_replaces_the_encrypted_one(program):
    """A value given for an encrypted key is used, and stays secret."""
    folder = program("pulumi.export('token', pulumi.Config().require_secret_int('token'))", ENCRYPTED)
    recording = run_program(folder, config={"token": "12"})
    assert (recording.error, recording.exports) == (None, {"token": Secret(12)})

"""A secret that is known before the run shows in no output of any command, however the program ends."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from kaito_iac.cli.main import main

SECRET = 'S3cr3t"tok/en+d0nt&show'
FORMS = (SECRET, json.dumps(SECRET)[1:-1], b64encode(SECRET.encode()).decode(), quote(SECRET, safe=""))
HEAD = """\
import base64, json, os, sys, urllib.parse
import pulumi
import kaito_iac
config = pulumi.Config()
token = config.get('token')
"""
ENDINGS = {
    "raises": "raise ValueError(f'bad token {token}')",
    "raises in base64": "raise ValueError(base64.b64encode(f'user:{token}'.encode()).decode())",
    "raises in JSON": "raise RuntimeError(json.dumps({'token': token}))",
    "raises in an address": "raise OSError('https://x/?t=' + urllib.parse.quote(token, safe=''))",
    "raises a RunError": "raise pulumi.RunError(token)",
    "misses a key": "{}[token]",
    "asserts": "assert not token, token",
    "leaves": "sys.exit(f'no {token}')",
    "raises in apply": "config.require_secret('token').apply(lambda value: 1 / 0 if value else {}[value])\n"
    "pulumi.export('x', config.require_secret('token').apply(lambda value: {}[value]))",
    "asks for a number": "config.require_int('token')",
    "asks for an object": "config.require_object('token')",
    "logs": "pulumi.log.warn(f'using {token}')\npulumi.log.error(token)",
    "exports": "pulumi.export('token', token)\npulumi.export(token, {'a': [token]})",
    "names": "pulumi.ComponentResource('my:index:Thing', token)",
    "argument": "kaito_iac.KaitoWorkspace('chat', preset=token, instance_type=token)",
    "declares": "kaito_iac.declare(token, gpus=1, reason=token)",
    "unknown function": "pulumi.runtime.invoke('my:index:get', {'a': token}).value",
    "in an object": "pulumi.CustomResource('kubernetes:core/v1:ConfigMap', 'c', {'apiVersion': 'v1', 'kind': 'ConfigMap',"
    " 'metadata': {'name': 'c'}, 'data': {'a': f'x{token}y'}})",
}
PRINTING = {
    "prints": "print('using', token)\nprint(repr(token), file=sys.stderr)",
    "prints in pieces": "for part in token:\n    print(part, end='', flush=True)",
    "runs a command": "import subprocess\nsubprocess.run(['echo', token])",
    "ends its process": "print(token, flush=True)\nos._exit(3)",
}


@pytest.fixture
def shown(tmp_path, capfd, monkeypatch):
    """Return what a command writes, on both streams and into files."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nconfig:\n  token: {type: string, secret: true}\n")
    monkeypatch.setenv("KAITO_IAC_DEBUG", "1")

    def call(body, *arguments):
        (tmp_path / "__main__.py").write_text(f"{HEAD}{body}\n")
        command, *rest = arguments
        code = main([*command.split(), str(tmp_path), *rest])
        out, err = capfd.readouterr()
        files = "".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file())
        return code, out + err + files

    call.folder = tmp_path
    return call


def found(text):
    return [form for form in FORMS if form in text]


@pytest.mark.parametrize("body", ENDINGS.values(), ids=ENDINGS)
def test_endings(shown, body):
    """A secret from the command line is in no plan, in text or as JSON, nor in what the program prints."""
    code, text = shown(body, "plan", "--config", f"token={SECRET}")
    assert (found(text), code in (0, 1, 3)) == ([], True)
    code, text = shown(body, "plan", "--json", "--config", f"token={SECRET}")
    assert (found(text), code in (0, 1, 3)) == ([], True)


@pytest.mark.parametrize("name", ["raises", "in an object", "names"])
def test_other_commands(shown, name):
    """Nor is it in lists of images, or in rendered files, which are refused rather than written."""
    for arguments in (
        ["images"],
        ["render", "--output", str(shown.folder / "out")],
        ["plan", "-p", "gpu-quota", "-p", "guardrails"],
    ):
        code, text = shown(ENDINGS[name], *arguments, "--config", f"token={SECRET}")
        assert (arguments[0], found(text)) == (arguments[0], [])
        assert code in (0, 1, 3)


@pytest.mark.parametrize("name", ["raises", "in an object", "declares"])
@pytest.mark.parametrize("command", ["doctor", "doctor --json", "quota show"])
def test_commands_that_take_no_configuration(shown, command, name):
    """Nor in messages of a program whose stack file holds the secret, or whose pipeline has it as a token."""
    (shown.folder / "Pulumi.dev.yaml").write_text(f"config:\n  shop:token: '{SECRET}'\n")
    (shown.folder / "q.yaml").write_text("date: 2026-11-20\nlimits: [{family: f, region: eastus, limit: 1, used: 0}]\n")
    words, *options = command.split(" --")
    options = [f"--{one}" for one in options] + (["--quota", str(shown.folder / "q.yaml")] if words == "quota show" else [])
    code, text = shown(ENDINGS[name], words, *options)
    assert (found(text), code in (0, 1, 3)) == ([], True)
    assert text


@pytest.mark.process
@pytest.mark.parametrize("body", PRINTING.values(), ids=PRINTING)
def test_printing(shown, body):
    """Nor in what a program, or a command of its own, prints."""
    _, text = shown(body, "plan", "--config", f"token={SECRET}")
    assert found(text) == []
    assert "[secret]" in text


def test_told_where_it_was(shown):
    """The mask is where the secret was, as in the Pulumi CLI."""
    code, text = shown(ENDINGS["raises"], "plan", "--config", f"token={SECRET}")
    assert code == 1
    assert "ValueError: bad token [secret]" in text


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(f"config:\n  shop:token: '{SECRET}'\n", id="declared secret, and written in plain text"),
        pytest.param(f"config:\n  shop:token: {{a: ['{SECRET}']}}\n", id="inside a structure"),
    ],
)
def test_stack_file(shown, file):
    """A value of the stack's file whose key is declared secret is one."""
    if "{a:" in file:
        (shown.folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nconfig:\n  token: {type: object, secret: true}\n")
    (shown.folder / "Pulumi.dev.yaml").write_text(file)
    code, text = shown("value = config.get_object('token') if '{' in token else token\nraise ValueError(repr(value))", "plan")
    assert (found(text), code) == ([], 1)
    assert "[secret]" in text


def test_environment(shown, monkeypatch):
    """So is the value of an environment variable that holds a secret."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    code, text = shown("raise ValueError(os.environ['AZURE_CLIENT_SECRET'])", "plan", "--config", "token=something-else")
    assert (found(text), code) == ([], 1)


def test_project_that_cannot_be_read(shown):
    """Where the project states nothing, whatever is set on the command line is a secret."""
    (shown.folder / "Pulumi.yaml").write_text(f"name: [{SECRET[:4]}\n")
    code, text = shown("", "plan", "--config", f"token={SECRET}")
    assert (found(text), code) == ([], 3)


KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: a
contexts: [{{name: a, context: {{cluster: a, user: a}}}}]
clusters: [{{name: a, cluster: {{server: '{server}'}}}}]
users: [{{name: a, user: {{token: '{token}', client-key-data: '{key}'}}}}]
"""


@pytest.mark.parametrize("command", [["leftovers"], ["wait", "workspace/chat", "--timeout", "0.01"]], ids=["leftovers", "wait"])
@pytest.mark.parametrize(
    ("server", "token"),
    [
        ("https://user:S3cr3tpassword@127.0.0.1:1", "S3cr3ttoken0123456789"),
        ("https://127.0.0.1:1", "S3cr3ttoken0123456789\n"),
        ("https://127.0.0.1:1/S3cr3ttoken0123456789", "S3cr3ttoken0123456789"),
    ],
    ids=["login in the address", "a line end in the token", "the token in the address"],
)
def test_kubeconfig(tmp_path, capfd, command, server, token):
    """Tokens and logins of a kubeconfig show in no message."""
    file = tmp_path / "config"
    file.write_text(KUBECONFIG.format(server=server, token=token.replace("\n", "\n\n"), key="S3cr3tkeydata=="))
    code = main([*command, "--kubeconfig", str(file)])
    out, err = capfd.readouterr()
    assert "S3cr3t" not in out + err
    assert code not in (0, 70)

"""No stack and no example shows a secret that it was given: not in plans, rendered files, recordings, messages or logs."""

import json
from base64 import b64encode
from datetime import date
from pathlib import Path

import pytest

from kaito_iac.cli.main import main
from kaito_iac.rules import gpu_quota, guardrails
from kaito_iac.rules.rule import StackFacts
from kaito_iac.rules.run import run as run_rules
from kaito_iac.rules.settings import settings_of
from kaito_iac.stack.resource import Resource
from kaito_iac.testing import Secret, leaks, reveal, run

ROOT = Path(__file__).parents[2]
EVERYTHING = ROOT / "tests" / "engine" / "programs" / "secrets"
FOLDERS = [ROOT, *sorted(path.parent for path in (*ROOT.glob("stacks/*/Pulumi.yaml"), *ROOT.glob("docs/examples/*/Pulumi.yaml")))]
PROGRAMS = [pytest.param(folder, id=str(folder.relative_to(ROOT.parent))) for folder in (*FOLDERS, EVERYTHING)]
SECRETS = {
    "kubeconfig": "kubeconfig-d0nt-show-me",
    "azure": "azure-s3cret-of-the-provider",
    "huggingFaceToken": "hf_d0ntShowThisTokenEither",
    "password": "pass-w0rd-of-the-registry",
    "llmKey": "key-0f-an-external-llm",
    "bootstrapToken": "b00tst.0123456789abcdef",
}
KUBECONFIG = f"clusters: [{{cluster: {{server: 'https://main-abc.hcp.eastus.azmk8s.io:443'}}}}]\n# {SECRETS['kubeconfig']}"
OF_ALL = {"kubernetes:kubeconfig": KUBECONFIG, "azure-native:clientSecret": SECRETS["azure"]}
OF_EVERYTHING = {
    "kubeconfig": KUBECONFIG,
    "karpenter": "true",
    **{name: SECRETS[name] for name in ("huggingFaceToken", "password", "llmKey", "bootstrapToken")},
}
OPERATOR = {"version": "0.12.0", "provisioner": "azure-gpu-provisioner", "cloud": "azure", "featureGates": {"vLLM": True}}
PLATFORM = {"organization/kaito-platform/dev": {"kubeconfig": KUBECONFIG, "operator": OPERATOR}}
"""What the platform's stack exports, for stacks/workloads."""
CREDENTIALS = {"kubeconfigs": [{"name": "clusterUser", "value": b64encode(KUBECONFIG.encode()).decode()}]}
ADOPTED = {
    "id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/models"
    "/providers/Microsoft.ContainerService/managedClusters/models",
    "location": "eastus",
    "nodeResourceGroup": "MC_models_models_eastus",
    "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://eastus.oic.prod-aks.azure.com/t/i/"},
    "securityProfile": {"workloadIdentity": {"enabled": True}},
    "identityProfile": {},
}
INVOKES = {
    "azure-native:containerservice:listManagedClusterUserCredentials": CREDENTIALS,
    "azure-native:containerservice:listManagedClusterAdminCredentials": CREDENTIALS,
    "azure-native:containerservice:getManagedCluster": ADOPTED,
}


def given(folder):
    """Return the settings of a program: the secrets it declares, and for all of them those of the providers."""
    return {**OF_ALL, **(OF_EVERYTHING if folder == EVERYTHING else {})}


def settings(folder):
    """Return the settings of a program as words of a command."""
    return [word for pair in given(folder).items() for word in ("-c", "=".join(pair))]


def asked(folder, references, *words):
    """Return the words of a command about a program, with its secrets."""
    return [words[0], str(folder), *words[1:], *settings(folder), "--references", str(references)]


@pytest.mark.parametrize("folder", PROGRAMS)
def test_commands_show_no_secret(folder, tmp_path, capsys, monkeypatch):
    """Plan, its JSON, images, and the files that are rendered hold no secret in clear text."""
    monkeypatch.setenv("COLUMNS", "400")
    references = tmp_path / "references.json"
    references.write_text(json.dumps(PLATFORM))
    for words in (("plan",), ("plan", "--json"), ("images", "--json"), ("render", "-o", str(tmp_path / "out"))):
        main(asked(folder, references, *words))
        shown = "".join(capsys.readouterr())
        assert leaks(shown, SECRETS) == [], f"kaito-iac {' '.join(words)}"
        assert len(shown) > 40
    files = sorted((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else []
    assert {file.name: found for file in files if (found := leaks(file.read_text(), SECRETS))} == {}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("folder", PROGRAMS)
def test_recordings_show_no_secret(folder, preview):
    """Inputs, outputs, exports and logs hold secrets only where the engine knows it, and no rule of a pack repeats one."""
    references = {
        name: {key: Secret(value) if isinstance(value, str) else value for key, value in outputs.items()}
        for name, outputs in PLATFORM.items()
    }
    recording = run(folder, preview=preview, config=given(folder), references=references, invokes=INVOKES)
    assert leaks(repr(recording), SECRETS) == []
    facts = [Resource(one.urn, one.type, one.name, one.parent, reveal(one.inputs)) for one in recording.resources]
    rules = [*gpu_quota.RULES, *guardrails.RULES]
    settings = settings_of(rules, {"all": "advisory"})[0]
    said = list(run_rules(rules, StackFacts.of(facts, date.today(), folder), settings))
    assert leaks(repr([finding.problem for finding in said]), SECRETS) == []
    assert len(said) > 0


def test_packs_show_no_secret(capsys):
    """The shipped packs, which see secrets in clear text, say nothing of them in a plan."""
    main(["plan", str(EVERYTHING), "--policy-pack", "gpu-quota", "--policy-pack", "guardrails", *settings(EVERYTHING)])
    shown = capsys.readouterr().out
    assert leaks(shown, SECRETS) == []
    assert "[KO" in shown


def test_every_secret_is_used():
    """The scans would find something: every secret arrives in a resource of the program that takes them all, or in a provider."""
    recording = run(EVERYTHING, preview=False, config=given(EVERYTHING), invokes=INVOKES)
    held = repr([reveal(resource.inputs) for resource in recording.resources])
    assert leaks(held, SECRETS) == sorted(SECRETS.keys() - {"azure"})


def test_secret_in_plain_text_is_found(tmp_path, capsys):
    """A secret that a program puts where none belongs is found in what the plan's JSON and the recording show."""
    (tmp_path / "Pulumi.yaml").write_text("name: planted\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nimport kaito_iac as kaito\n"
        "kaito.KaitoWorkspace('chat', {'preset': 'phi-4', 'labels': {'key': pulumi.Config().require('password')}})\n"
        "pulumi.export('key', pulumi.Config().require('password'))\n"
    )
    config = {"password": SECRETS["password"]}
    assert leaks(repr(run(tmp_path, config=config)), SECRETS) == ["password"]
    main(["plan", str(tmp_path), "--json", "-c", f"password={SECRETS['password']}"])
    assert leaks(capsys.readouterr().out, SECRETS) == ["password"]

"""The file of defaults: where it is found, what it may say, what wins over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.cli.defaults import KEYS, NONE, Refusal, read_defaults
from kaito_iac.cli.defaults_page import reference_page
from kaito_iac.cli.invocation import variable
from kaito_iac.cli.main import main
from kaito_iac.problem import listing

WHOLE = """
cloud = "AWS"
region = "us-west-2"
provisioner = "byo"
kaito-version = "0.11.0"
packs = ["guardrails", "own"]
policy-config = "policy.json"
quota = "quota.yaml"
prices = "~/prices.yaml"
ledger = ["plans"]
subscription = "research"
ignore = ["ks238"]
strict = true
gates = {enableMIG = true}
"""


def test_every_key(tmp_path, monkeypatch):
    """Every key is read; paths are relative to the file, names are spelt as the catalogue has them."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "kaito-iac.toml").write_text(WHOLE)
    found = read_defaults(tmp_path)
    assert {key.name: found.of(key.name) for key in KEYS} == {
        "cloud": "aws",
        "region": "us-west-2",
        "provisioner": "byo",
        "gates": ["enableMIG=true"],
        "kaito-version": "0.11.0",
        "packs": [type(tmp_path)("guardrails"), tmp_path / "own"],
        "policy-config": tmp_path / "policy.json",
        "quota": tmp_path / "quota.yaml",
        "prices": tmp_path / "home" / "prices.yaml",
        "ledger": [tmp_path / "plans"],
        "subscription": "research",
        "ignore": ["KS238"],
        "strict": True,
    }


def test_nearest_file_wins_and_the_repository_ends_the_search(tmp_path):
    """The nearest folder with a file counts, kaito-iac.toml before pyproject.toml; nothing above the repository is read."""
    (tmp_path / "kaito-iac.toml").write_text('region = "above"')
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    program = tmp_path / "repository" / "infra" / "chat"
    program.mkdir(parents=True)
    assert read_defaults(program) is NONE
    (tmp_path / "repository" / "pyproject.toml").write_text('[tool.kaito-iac]\nregion = "root"')
    assert read_defaults(program).of("region") == "root"
    (program.parent / "pyproject.toml").write_text("[tool.other]\n# kaito-iac is not configured here\n")
    assert read_defaults(program).of("region") == "root"
    (program.parent / "pyproject.toml").write_text('[tool.kaito-iac]\nregion = "shared"')
    (program.parent / "kaito-iac.toml").write_text('region = "own"')
    assert read_defaults(program).of("region") == "own"


WRONG = """
cloud = "gcp"
regoin = "eastus"
kaito-version = "0.5"
provisioner = "karpentr"
packs = "guardrails"
policy-config = 3
quota = ""
ledger = ["plans"]
ignore = ["KS999"]
strict = "yes"
gates = {enableMig = true}
"""
SAID = """\
{file}: 11 problems
  {prefix}cloud: 'gcp'; expected azure, aws, arc [KS110]
  {prefix}regoin: an unknown key; expected one of cloud, region, provisioner, gates, kaito-version, packs, policy-config, quota, \
prices, ledger, subscription, ignore, strict [KS110]
    fix: did you mean 'region'?
  {prefix}kaito-version: '0.5'; expected 0.13.0-rc.0, 0.12.0, 0.11.0 [KS110]
  {prefix}provisioner: 'karpentr'; expected azure-gpu-provisioner, karpenter, byo [KS110]
  {prefix}packs: 'guardrails'; expected a list of gpu-quota, guardrails and folders of packs [KS110]
  {prefix}policy-config: 3; expected a file, or production, sandbox or team of the shipped packs [KS110]
  {prefix}quota: ''; expected a file [KS110]
  {prefix}ignore: ['KS999']; expected a list of problem codes, such as KS238 [KS110]
  {prefix}strict: 'yes'; expected true or false [KS110]
"""


@pytest.mark.parametrize(
    ("name", "head", "prefix"),
    [("kaito-iac.toml", "", ""), ("pyproject.toml", "[tool.kaito-iac]", "tool.kaito-iac.")],
    ids=["own file", "shared file"],
)
def test_everything_that_is_wrong_is_told_at_once(name, head, prefix, tmp_path, monkeypatch, capsys):
    """All unknown keys and wrong values are reported together, with what is accepted; the command ends with exit code 3."""
    (tmp_path / name).write_text(head + WRONG)
    monkeypatch.chdir(tmp_path)
    assert main(["sizes", "--gpu", "A100"]) == 3
    told = capsys.readouterr().err
    assert told.startswith(SAID.format(file=tmp_path / name, prefix=prefix))
    assert [line.split(";")[0] for line in told.splitlines()[11:]] == [
        f"  {prefix}gates: {{'enableMig': True}}",
        f"  {prefix}ledger: without quota",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("cloud = ", "no TOML: Invalid value (at end of document)", id="no TOML"),
        pytest.param("x" * 2**21, "more than 1 MiB", id="too large"),
    ],
)
def test_file_that_cannot_be_read(text, said, tmp_path):
    """A file that is no TOML, or too large, is refused."""
    (tmp_path / "kaito-iac.toml").write_text(text)
    with pytest.raises(Refusal) as caught:
        read_defaults(tmp_path)
    assert listing("x", caught.value.problems).splitlines()[1].split("; expected")[0] == f"  kaito-iac.toml: {said}"


@pytest.mark.parametrize(
    ("arguments", "variables", "region"),
    [
        pytest.param([], {}, "westeurope", id="file"),
        pytest.param([], {"KAITO_IAC_REGION": "eastus"}, "eastus", id="environment over file"),
        pytest.param(["--region", "uksouth"], {"KAITO_IAC_REGION": "eastus"}, "uksouth", id="option over all"),
    ],
)
def test_what_wins(arguments, variables, region, tmp_path, monkeypatch, capsys):
    """An option wins over the environment, the environment over the file."""
    (tmp_path / "kaito-iac.toml").write_text('region = "westeurope"\ncloud = "azure"')
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["sizes", *arguments]) == 0
    assert f"azure {region} of " in " ".join(capsys.readouterr().out.split())


def test_no_default_where_an_option_excludes_it(tmp_path, monkeypatch, capsys):
    """A default cloud is left alone where one size or one file of questions is named."""
    (tmp_path / "kaito-iac.toml").write_text('cloud = "aws"\nregion = "us-west-2"\nprices = "prices.yaml"')
    (tmp_path / "prices.yaml").write_text("date: 2026-11-01\n")
    (tmp_path / "questions.jsonl").write_text('{"model": "phi-4", "size": "Standard_NC24ads_A100_v4"}\n')
    monkeypatch.chdir(tmp_path)
    assert main(["fit", "--models", "questions.jsonl"]) == 0
    assert main(["fit", "phi-4", "--size", "Standard_NC24ads_A100_v4"]) == 0
    assert main(["sizes", "Standard_NC24ads_A100_v4"]) == 0


def test_program_has_its_own_file(tmp_path, monkeypatch, capsys):
    """The file is looked for from the folder of the program, not from where the command runs; -v states what it used."""
    program = tmp_path / "infra"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (program / "__main__.py").write_text("import kaito_iac as kaito\nkaito.KaitoWorkspace('chat', preset='phi-4')\n")
    (program / "kaito-iac.toml").write_text('region = "westeurope"')
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "infra", "-v"]) == 0
    ended = capsys.readouterr()
    assert f"default of {program / 'kaito-iac.toml'}: region = westeurope\n" in ended.err
    assert "westeurope" in ended.out


def test_variables():
    """Every key has a variable of its own."""
    assert variable("policy-config") == "KAITO_IAC_POLICY_CONFIG"
    assert len({variable(key.name) for key in KEYS}) == len(KEYS)


def test_help_reads_no_file(tmp_path, monkeypatch, capsys):
    """A broken file does not keep anybody from the help."""
    (tmp_path / "kaito-iac.toml").write_text("cloud = ")
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "--help"]) == 0
    assert main(["sizes"]) == 3


def test_every_key_is_on_the_reference_page() -> None:
    """The page has a row for each key, with the variable that sets it, and is the one in docs/."""
    page = reference_page()
    assert [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")] == [key.name for key in KEYS]
    assert page == (Path(__file__).parents[2] / "docs" / "reference" / "configuration.md").read_text()

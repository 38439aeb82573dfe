"""Where the shipped policy packs lie."""

import pytest

from kaito_iac.rules.shipped import NAMES, packs_folder


@pytest.mark.parametrize("name", NAMES)
def test_folder_of_a_pack(run, name):
    """The folder of a pack is printed alone, for the Pulumi CLI to take; it holds the pack."""
    ended = run("packs", "path", name)
    assert (ended.code, ended.out, ended.err) == (0, f"{packs_folder() / name}\n", "")
    assert (packs_folder() / name / "PulumiPolicy.yaml").is_file()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("config", ["config", "production", "sandbox", "team"])
def test_file_of_a_configuration(run, name, config):
    """The file of a starting configuration is printed alone, and is there."""
    file = packs_folder() / name / f"{config}.json"
    assert file.is_file()
    assert run("packs", "path", name, "--config", config).out == f"{file}\n"


def test_list_of_packs(run):
    """All packs are listed with their folders."""
    assert run("packs", "list").out == "".join(f"{name}\t{packs_folder() / name}\n" for name in NAMES)
    assert run("packs", "list", "--json").json == {name: str(packs_folder() / name) for name in NAMES}


def test_unknown_pack(run):
    """A name that is no pack is refused with those there are."""
    ended = run("packs", "path", "gpu-qota")
    assert (ended.code, ended.out) == (2, "")
    assert "'gpu-qota' is none of gpu-quota, guardrails" in ended.err

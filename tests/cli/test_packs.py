"""Where the shipped policy packs lie."""

import json
from pathlib import Path

import pytest

from kaito_iac.rules.shipped import NAMES, configuration, packs_folder


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


def test_configuration_by_name(tmp_path, monkeypatch):
    """A bare name is that configuration of the shipped packs that are asked, of several in one file; a file of the name wins."""
    both = tuple(map(Path, NAMES))
    assert configuration(Path("team"), both[:1]) == packs_folder() / NAMES[0] / "team.json"
    joined = configuration(Path("team"), both)
    of_each = [json.loads((packs_folder() / name / "team.json").read_text()) for name in NAMES]
    assert joined is not None
    assert json.loads(joined.read_text()) == {**of_each[0], **of_each[1]}
    assert configuration(Path("team"), (Path("policies/own"),)) == Path("team")
    assert configuration(Path("team.json"), both) == Path("team.json")
    assert configuration(None, both) is None
    monkeypatch.chdir(tmp_path)
    Path("team").write_text("{}")
    assert configuration(Path("team"), both) == Path("team")

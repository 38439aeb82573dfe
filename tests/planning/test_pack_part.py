"""One policy configuration for several packs, divided as the engine takes it."""

import json
from pathlib import Path

import pytest

from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.pack_part import pack_configs, parts
from kaito_iac.planning.pulumi_preview import Wanted, command
from kaito_iac.rules.shipped import packs_folder

BOTH = (Path("gpu-quota"), Path("guardrails"))


@pytest.mark.parametrize(
    ("packs", "given", "divided"),
    [
        pytest.param(BOTH, {"gpu-budget": 1, "no-auth": 2}, [{"gpu-budget": 1}, {"no-auth": 2}], id="each its own rules"),
        pytest.param(BOTH, {"waivers": 1, "all": 2}, [{"waivers": 1, "all": 2}] * 2, id="what both have"),
        pytest.param(BOTH, {"gpu-budgt": 1}, [{"gpu-budgt": 1}, {}], id="a misspelt rule is refused by the first"),
        pytest.param(BOTH[:1], {"no-auth": 1}, [{"no-auth": 1}], id="a rule of a pack that is not run, too"),
        pytest.param(
            (Path("gpu-quota"), Path("mine")),
            {"gpu-budget": 1, "names": 2},
            [{"gpu-budget": 1}, {"names": 2}],
            id="a pack of others",
        ),
    ],
)
def test_parts(packs, given, divided):
    """Every pack gets its rules, and no name is left out."""
    assert parts(packs, given) == divided


def test_files(tmp_path):
    """The engine is called with a file for each pack, and shipped packs by their folder."""
    config = tmp_path / "policy.json"
    config.write_text('{"gpu-budget": {"maxGpus": 2}}')
    found = pack_configs(BOTH, config, tmp_path)
    assert [json.loads(path.read_text()) for path in found] == [{"gpu-budget": {"maxGpus": 2}}, {}]
    words = command(Wanted(program=tmp_path, packs=BOTH), tmp_path / "events", found)
    folders = [str((packs_folder() / pack).resolve()) for pack in BOTH]
    assert words[-8:] == ["--policy-pack", folders[0], "--policy-pack", folders[1]] + [
        word for path in found for word in ("--policy-pack-config", str(path))
    ]
    assert pack_configs(BOTH, None, tmp_path) == []


def test_wrong_file(tmp_path):
    """A configuration that cannot be read refuses the preview."""
    config = tmp_path / "policy.json"
    config.write_text('{"gpu-budget": "Mandatory"}')
    with pytest.raises(Refusal) as refused:
        pack_configs(BOTH, config, tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["KO485"]

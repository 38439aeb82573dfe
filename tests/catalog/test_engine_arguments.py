"""The names of vLLM's arguments: well formed, with their sources, and enough for every shipped preset."""

import re

import pytest

from kaito_iac.catalog.load import engine_arguments, table_of
from kaito_iac.presets.load import preset_files, read_preset

SERVED = sorted(name for name, path in preset_files().items() if read_preset(path)[0].kind == "inference")


def test_names_are_well_formed():
    """Names have no leading dashes, no capitals, and stand in one group alone, in order."""
    groups = table_of("vllm.json")["arguments"]
    assert [name for name in engine_arguments() if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)] == []
    assert sum(len(names) for names in groups.values()) == len(engine_arguments())
    assert [group for group, names in groups.items() if names != sorted(names)] == []


def test_every_group_has_a_source():
    """Every group says which file of which commit it was read from."""
    table = table_of("vllm.json")
    assert sorted(table["sources"]) == sorted(table["arguments"])
    assert [source for source in table["sources"].values() if not re.search(r"\bat [0-9a-f]{40}\b", source)] == []


@pytest.mark.parametrize(
    "name", ["max-num-seqs", "tool-call-parser", "enable-auto-tool-choice", "chat-template", "kaito-config-file"]
)
def test_arguments_of_the_how_tos_are_known(name):
    """What people set most is in the list."""
    assert name in engine_arguments()


@pytest.mark.parametrize("name", SERVED)
def test_presets_use_known_names(name):
    """No shipped preset names an argument that nobody knows."""
    assert set(read_preset(preset_files()[name])[0].vllm) - engine_arguments() == set()

"""The names of vLLM's arguments: well formed, with their sources, and enough for every shipped preset."""

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

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


def _script():
    path = Path(__file__).parents[2] / "tools" / "refresh_engine_arguments.py"
    spec = spec_from_file_location("refresh_engine_arguments", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_refresh_reads_flags():
    """Flags are read as they are written, short ones and texts that only look like flags are not."""
    text = 'group.add_argument("--max-num-seqs", "-s")\ngroup.add_argument(\n    "--seed",\n    help="use --other",\n)\n'
    assert _script().names("engine", text) == ["max-num-seqs", "seed"]


def test_refresh_reads_fields_of_the_frontend():
    """Fields of the frontend's classes become names with dashes; methods, docstrings and other classes do not."""
    text = (
        "class Other:\n    ignored: int = 1\n\n\n"
        'class BaseFrontendArgs:\n    """Told: x."""\n\n    chat_template: str | None = None\n    """It: a file."""\n'
        "    @classmethod\n    def add(cls, parser: int) -> int:\n        inner: int = 1\n\n\n"
        "class FrontendArgs(BaseFrontendArgs):\n    host: str | None = None\n"
    )
    assert _script().names("server", text) == ["chat-template", "host"]


def test_refresh_writes_the_table(tmp_path, monkeypatch, capsys):
    """The script prints what comes and goes, and keeps what other groups say."""
    script = _script()
    table = {
        "date": "2026-01-01",
        "sources": {"engine": "x", "server": "y"},
        "arguments": {"engine": ["old", "seed"], "server": ["host"]},
    }
    data, source = tmp_path / "vllm.json", tmp_path / "arg_utils.py"
    data.write_text(json.dumps(table))
    source.write_text('add("--seed")\nadd("--new")\n')
    monkeypatch.setattr(script, "DATA", data)
    script.main(["2026-02-01", f"engine={source}@{'a' * 40}"])
    assert capsys.readouterr().out == "+ new\n- old\n"
    assert json.loads(data.read_text()) == {
        "date": "2026-02-01",
        "sources": {"engine": f"vllm-project/vllm, vllm/engine/arg_utils.py at {'a' * 40}", "server": "y"},
        "arguments": {"engine": ["new", "seed"], "server": ["host"]},
    }

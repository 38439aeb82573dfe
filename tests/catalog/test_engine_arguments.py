"""The arguments of vLLM: well formed, with their sources, and enough for every shipped preset."""

import json
import re
from argparse import ArgumentParser, BooleanOptionalAction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from pydantic import Field
from pydantic.dataclasses import dataclass

from kaito_iac.catalog.engine import engine_arguments, engine_version, successors
from kaito_iac.catalog.load import table_of
from kaito_iac.presets.files import preset_files
from kaito_iac.presets.load import read_preset

SERVED = sorted(name for name, path in preset_files().items() if read_preset(path)[0].kind == "inference")


@pytest.mark.parametrize("release", sorted(table_of("vllm.json")["releases"]))
def test_rows_are_well_formed(release):
    """Names have no leading dashes and no capitals and stand in order; kinds are the six; an object's keys belong to JSON."""
    rows = engine_arguments(release)
    assert [name for name in rows if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)] == []
    assert list(rows) == sorted(rows)
    assert {row.kind for row in rows.values()} == {"flag", "text", "integer", "number", "size", "json"}
    assert [row.name for row in rows.values() if row.fields and row.kind != "json"] == []


def test_every_engine_has_a_source_and_a_release():
    """Every vLLM says where it was read, and is the one of a KAITO release that is described, or of a release candidate."""
    table = table_of("vllm.json")
    assert set(table["engines"]) == set(table["releases"].values())
    for name, row in table["engines"].items():
        assert re.fullmatch(rf"vllm {re.escape(name)}, .*, read on \d{{4}}-\d\d-\d\d", row["source"])


def test_successors_are_of_names_that_are_gone():
    """No name with a successor is an argument of a pinned vLLM, and names inside a successor exist."""
    for release in table_of("vllm.json")["releases"]:
        assert [name for name in successors() if name in engine_arguments(release)] == []
    said = {name: text for name, text in successors().items() if not text.startswith("leave")}
    assert [name for name, text in said.items() if re.split(r"[ :]", text)[0] not in engine_arguments()] == []


def test_an_unknown_release_has_the_arguments_of_the_default():
    """A KAITO release whose vLLM is not known is judged by the default release's."""
    assert engine_version("0.1.0") is None
    assert engine_arguments("0.1.0") == engine_arguments()


@pytest.mark.parametrize(
    "name", ["max-num-seqs", "tool-call-parser", "enable-auto-tool-choice", "chat-template", "attention-backend"]
)
def test_arguments_of_the_how_tos_are_known(name):
    """What people set most is in the list."""
    assert name in engine_arguments()


@pytest.mark.parametrize("name", SERVED)
def test_presets_use_known_names(name):
    """No shipped preset names an argument that does not exist."""
    assert set(read_preset(preset_files()[name])[0].vllm) - set(engine_arguments()) == set()


def _script():
    path = Path(__file__).parents[2] / "tools" / "refresh_engine_arguments.py"
    spec = spec_from_file_location("refresh_engine_arguments", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_refresh_reads_a_parser():
    """Flags, numbers with the bounds of their class, sizes, JSON, lists and choices of a parser become rows."""

    @dataclass
    class Scheduler:
        max_num_seqs: int = Field(default=1, ge=1)

    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("--enforce-eager", action=BooleanOptionalAction, default=False)
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--max-num-seqs", type=int)
    parser.add_argument("--watermark", type=float, default=0.5)
    parser.add_argument("--rows", type=json.loads)
    parser.add_argument("--dtype", choices=["auto", "half", "None"], default="auto")
    parser.add_argument("--names", nargs="+")
    assert _script().rows_of(parser, "", [Scheduler]) == {
        "dtype": {"kind": "text", "choices": ["auto", "half"], "default": "auto"},
        "enforce-eager": {"kind": "flag", "negative": True, "default": False},
        "headless": {"kind": "flag", "default": False},
        "max-num-seqs": {"kind": "integer", "limits": {"ge": 1}},
        "names": {"kind": "text", "many": True, "none": True},
        "rows": {"kind": "json"},
        "watermark": {"kind": "number", "default": 0.5},
    }


def test_refresh_writes_the_table(tmp_path, monkeypatch, capsys):
    """The script prints what comes and goes, and keeps what other engines say."""
    script = _script()
    other = {"source": "x", "arguments": {"seed": {"kind": "integer"}}}
    old = {"source": "y", "arguments": {"old": {"kind": "flag"}}}
    table = {"date": "2026-01-01", "releases": {"0.1.0": "1"}, "successors": {}, "engines": {"1": other, "2": old}}
    data = tmp_path / "vllm.json"
    data.write_text(json.dumps(table))
    monkeypatch.setattr(script, "DATA", data)
    script.write("2026-02-01", "2", ["0.2.0"], {"new": {"kind": "flag"}})
    assert capsys.readouterr().out == "+ new\n- old\n"
    assert json.loads(data.read_text()) == {
        "date": "2026-02-01",
        "releases": {"0.1.0": "1", "0.2.0": "2"},
        "successors": {},
        "engines": {
            "1": other,
            "2": {"source": "vllm 2, the parser of its wheel, read on 2026-02-01", "arguments": {"new": {"kind": "flag"}}},
        },
    }

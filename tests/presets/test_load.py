"""Preset files are found by name and read into checked presets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaito_iac.presets.files import find_file, preset_files, shipped_folder
from kaito_iac.presets.load import name_problem, read_preset
from kaito_iac.presets.record import InferencePreset

GOOD = "kind: inference\nname: chat\nmodel: phi-4\nvmSize: Standard_NC24ads_A100_v4\nwhy: One A100 holds it with room to spare.\n"
TUNING = (
    "kind: tuning\nname: chat\nmodel: phi-4\nmethod: lora\nvmSize: Standard_NC24ads_A100_v4\nwhy: One A100 is enough for it.\n"
)
RAG = "kind: rag\nname: chat\nembedding: BAAI/bge-small-en-v1.5\nwhy: Nothing else has to be run for it.\n"
VALUE = "text, a number, true or false"
KEY = "an unknown key; expected a key of `kaito-iac presets schema` [KS107]"
ROOT = Path(__file__).parents[2]


def said(folder: Path, text: str | bytes, name: str = "chat.yaml") -> list[str]:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    preset, problems = read_preset(folder / name)
    assert (preset is None) == bool(problems)
    return [problem.text() for problem in problems]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(GOOD, [], id="fine"),
        pytest.param(f"{GOOD}vmsize: x\n", [f"  chat.yaml:6: vmsize: {KEY}"], id="a key in other capitals"),
        pytest.param(f"{GOOD}vm_size: x\n", [f"  chat.yaml:6: vm_size: {KEY}"], id="a key as Python writes it"),
        pytest.param(f"{GOOD}method: lora\n", [f"  chat.yaml:6: method: {KEY}"], id="a key of another kind"),
        pytest.param(
            GOOD.replace("model: phi-4\n", ""),
            ["  chat.yaml:1: model: missing; expected this key [KS107]\n    fix: add model"],
            id="a missing key",
        ),
        pytest.param(
            GOOD.replace("kind: inference\n", ""),
            ["  chat.yaml:1: kind: missing; expected this key [KS107]\n    fix: add kind"],
            id="no kind",
        ),
        pytest.param(
            GOOD.replace("inference", "serving"),
            ["  chat.yaml:1: kind: 'serving'; expected inference, tuning or rag [KS107]"],
            id="an unknown kind",
        ),
        pytest.param(
            GOOD.replace("inference", "[inference]"),
            ["  chat.yaml:1: kind: ['inference']; expected inference, tuning or rag [KS107]"],
            id="a kind that is a list",
        ),
        pytest.param(
            GOOD.replace("inference", "~"),
            ["  chat.yaml:1: kind: None; expected inference, tuning or rag [KS107]"],
            id="no kind reported",
        ),
        pytest.param(
            f"{GOOD}context: 8k\n", ["  chat.yaml:6: context: '8k'; expected a whole number [KS107]"], id="a text for a number"
        ),
        pytest.param(
            f"{GOOD}context: 8.5\n", ["  chat.yaml:6: context: 8.5; expected a whole number [KS107]"], id="part of a token"
        ),
        pytest.param(
            f"{GOOD}context: true\n", ["  chat.yaml:6: context: True; expected a whole number [KS107]"], id="a flag for a number"
        ),
        pytest.param(f"{GOOD}context: 0\n", ["  chat.yaml:6: context: 0; expected at least 1 [KS107]"], id="no context"),
        pytest.param(
            f"{GOOD}context: 1{'0' * 30}\n",
            ["  chat.yaml:6: context: 1e+30; expected a whole number [KS107]"],
            id="a huge context",
        ),
        pytest.param(GOOD.replace("phi-4", "4"), ["  chat.yaml:3: model: 4; expected text [KS107]"], id="a number for a text"),
        pytest.param(
            GOOD.replace("phi-4", "''"), ["  chat.yaml:3: model: ''; expected at least 1 character [KS107]"], id="no model"
        ),
        pytest.param(
            GOOD.replace("One A100 holds it with room to spare.", "Fast."),
            ["  chat.yaml:5: why: 'Fast.'; expected at least 20 characters [KS107]"],
            id="a reason that says nothing",
        ),
        pytest.param(
            GOOD.replace("One", "One" * 200),
            [f"  chat.yaml:5: why: '{'One' * 18}On...; expected at most 400 characters [KS107]"],
            id="a reason that no one reads is reported in part",
        ),
        pytest.param(
            GOOD.replace("name: chat", "name: Chat"),
            ["  chat.yaml:2: name: 'Chat'; expected text of the form '^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$' [KS107]"],
            id="capitals in a name",
        ),
        pytest.param(
            GOOD.replace("name: chat", "name: other"),
            ["  chat.yaml:2: 'other' in a file called chat.yaml; expected name: chat [KS107]\n    fix: rename one of them"],
            id="the name of another file",
        ),
        pytest.param(
            f"{GOOD}vllm: [a]\n", ["  chat.yaml:6: vllm: ['a']; expected keys and values [KS107]"], id="a list of arguments"
        ),
        pytest.param(
            f"{GOOD}vllm:\n  a: [1]\n  b: ~\n  c: [{{}}]\n  d: 1\n  e: x\n  f: 0.5\n  g: true\n",
            [
                f"  chat.yaml:7: vllm.a: [1]; expected {VALUE} [KS107]",
                f"  chat.yaml:8: vllm.b: None; expected {VALUE} [KS107]",
                f"  chat.yaml:9: vllm.c: [{{}}]; expected {VALUE} [KS107]",
            ],
            id="arguments that no command line takes",
        ),
        pytest.param(
            f"{GOOD}context: many\nvmsize: x\n".replace("model: phi-4\n", ""),
            [
                "  chat.yaml:1: model: missing; expected this key [KS107]\n    fix: add model",
                "  chat.yaml:5: context: 'many'; expected a whole number [KS107]",
                f"  chat.yaml:6: vmsize: {KEY}",
            ],
            id="everything at once, by line",
        ),
        pytest.param(
            f"{GOOD}name: chat\n", ["  chat.yaml:6: key name a second time; expected every key once [KS107]"], id="a key twice"
        ),
        pytest.param(
            TUNING.replace("lora", "full"),
            ["  chat.yaml:4: method: 'full'; expected 'lora' or 'qlora' [KS107]"],
            id="an unknown method",
        ),
        pytest.param(
            f"{TUNING}training:\n  LoraConfig: 8\n",
            ["  chat.yaml:8: training.LoraConfig: 8; expected keys and values [KS107]"],
            id="a section that is a number",
        ),
        pytest.param(
            f"{RAG}vectorStore: milvus\nstorageGib: 70000\n",
            [
                "  chat.yaml:5: vectorStore: 'milvus'; expected 'faiss' or 'qdrant' [KS107]",
                "  chat.yaml:6: storageGib: 70000; expected at most 65536 [KS107]",
            ],
            id="an unknown store, on a  that does not exist",
        ),
        pytest.param("", ["  chat.yaml:1: no mapping at the top; expected keys such as kind, name and why [KS107]"], id="empty"),
        pytest.param(b"\xff\xfe\x00", ["  chat.yaml: no UTF-8 text; expected a readable YAML file [KS107]"], id="binary"),
        pytest.param(
            f"{GOOD}# {'x' * 2**20}",
            ["  chat.yaml: file of more than 1,048,576 bytes; expected a readable YAML file [KS107]"],
            id="too long",
        ),
    ],
)
def test_what_is_said_of_a_file(tmp_path: Path, text: str | bytes, problems: list[str]) -> None:
    """A file that is no preset is refused with file, line, what was found and what is accepted, everything at once."""
    assert said(tmp_path, text) == problems


@pytest.mark.parametrize(
    ("make", "problems"),
    [
        pytest.param(
            lambda path: None, ["  chat.yaml: No such file or directory; expected a readable YAML file [KS107]"], id="not there"
        ),
        pytest.param(Path.mkdir, ["  chat.yaml: Is a directory; expected a readable YAML file [KS107]"], id="a folder"),
        pytest.param(
            lambda path: path.symlink_to(path),
            ["  chat.yaml: Too many levels of symbolic links; expected a readable YAML file [KS107]"],
            id="a link to itself",
        ),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, make: object, problems: list[str]) -> None:
    """What cannot be opened is a problem, not an exception."""
    make(tmp_path / "chat.yaml")  # type: ignore[operator]
    assert [problem.text() for problem in read_preset(tmp_path / "chat.yaml")[1]] == problems


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_of_somebody_else(tmp_path: Path) -> None:
    """A file without permission to read is a problem, not an exception."""
    (tmp_path / "chat.yaml").write_text(GOOD)
    (tmp_path / "chat.yaml").chmod(0)
    assert [problem.text() for problem in read_preset(tmp_path / "chat.yaml")[1]] == [
        "  chat.yaml: Permission denied; expected a readable YAML file [KS107]"
    ]


def test_what_a_good_file_becomes(tmp_path: Path) -> None:
    """A good file becomes a frozen preset with every default filled in; problems show the name that the caller gives."""
    (tmp_path / "chat.yaml").write_text(f"{GOOD}vllm: {{max-num-seqs: 64}}\n")
    preset, problems = read_preset(tmp_path / "chat.yaml")
    assert problems == []
    assert preset == InferencePreset(
        kind="inference",
        name="chat",
        model="phi-4",
        vm_size="Standard_NC24ads_A100_v4",
        why="One A100 holds it with room to spare.",
        vllm={"max-num-seqs": 64},
    )
    assert (preset.vm_size, preset.context) == ("Standard_NC24ads_A100_v4", None)
    (tmp_path / "chat.yaml").write_text("- a\n")
    assert [problem.path for problem in read_preset(tmp_path / "chat.yaml", "team/chat.yaml")[1]] == ["team/chat.yaml:1"]


def test_a_file_is_read_again_when_it_changed(tmp_path: Path) -> None:
    """An unchanged file is read once and its preset shared; a changed, broken or deleted one is judged anew."""
    path = tmp_path / "chat.yaml"
    path.write_text(GOOD)
    first = read_preset(path)[0]
    assert read_preset(path)[0] is first
    path.write_text(f"{GOOD}context: 2048\n")
    assert read_preset(path)[0].context == 2048
    path.write_text("- a\n")
    read_preset(path)[1].clear()
    assert [problem.path for problem in read_preset(path)[1]] == ["chat.yaml:1"]
    path.unlink()
    assert [problem.found for problem in read_preset(path)[1]] == ["No such file or directory"]


def test_users_folders_win(tmp_path: Path) -> None:
    """A user's preset hides the shipped one of that name, an earlier folder a later one, a file in a folder one below it."""
    first, second = tmp_path / "first", tmp_path / "second"
    for path in (
        first / "a.yaml",
        first / "x" / "a.yaml",
        first / "x" / "y" / "deep.yaml",
        second / "a.yaml",
        second / "phi-4.yaml",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD)
    (second / "folder.yaml").mkdir()
    files = preset_files([first, second])
    own = {name: path for name, path in files.items() if tmp_path in path.parents}
    assert own == {"a": first / "a.yaml", "phi-4": second / "phi-4.yaml"}
    assert {name: find_file(name, [first, second]) for name in (*own, "deep", "folder")} == {**own, "deep": None, "folder": None}
    assert find_file("phi-4") == shipped_folder() / "phi" / "phi-4.yaml"
    assert len(files) == len(preset_files()) + 1


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../phi/phi-4", "phi/phi-4", "/etc/passwd", "*", "phi-?", "[p]hi-4", "phi-4\0", "phi-4.yaml", "a" * 300,
     "é" * 63, "phi-4 ", "~", "\ud800", "-"],
)  # fmt: skip
def test_names_that_are_no_file(name: str) -> None:
    """No name leads out of the folders, is taken for a pattern, or makes the look-up fail."""
    assert find_file(name) is None
    assert name_problem(name, "preset").code == "KS101"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param(
            "phi4-mini",
            "  preset: 'phi4-mini' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` "
            "[KS101]\n    fix: did you mean 'phi-4-mini-instruct' or 'phi-4' or 'phi-4-mini-instruct-lora'?",
            id="near",
        ),
        pytest.param(
            "zzzz",
            "  preset: 'zzzz' is not a preset; expected a name from `kaito-iac presets`, or an `organisation/model` [KS101]",
            id="nothing is near",
        ),
    ],
)
def test_what_is_said_of_an_unknown_name(name: str, said: str) -> None:
    """An unknown name is answered with what may have been meant."""
    assert name_problem(name, "preset").text() == said


def test_every_shipped_file_is_found() -> None:
    """Looking one up and listing all give the same file."""
    assert {name: find_file(name) for name in preset_files()} == preset_files()


@pytest.mark.parametrize("inside", [pytest.param(True, id="inside the package"), pytest.param(False, id="beside the package")])
def test_where_shipped_files_lie(tmp_path: Path, inside: bool) -> None:
    """Presets are read from inside an installed package, and from beside it in a checkout."""
    unwanted = shutil.ignore_patterns("__pycache__", "files")
    shutil.copytree(ROOT / "kaito_iac", tmp_path / "kaito_iac", ignore=unwanted)
    folder = tmp_path / "kaito_iac" / "presets" / "files" if inside else tmp_path / "presets"
    (folder / "phi").mkdir(parents=True)
    (folder / "phi" / "chat.yaml").write_text(GOOD)
    program = "from kaito_iac.presets.files import preset_files; print(*preset_files().values())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(folder / "phi" / "chat.yaml")]


lines = st.sampled_from(
    [*GOOD.splitlines(), *TUNING.splitlines(), *RAG.splitlines(), "vllm:", "  a: 1", "training: {}", "context: 0x1"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=100), st.binary(max_size=100), st.lists(st.one_of(lines, st.text(max_size=20))).map("\n".join)))
def test_no_file_raises(tmp_path: Path, content: str | bytes) -> None:
    """Whatever a file holds, there is a preset or a problem that names the file."""
    raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    (tmp_path / "chat.yaml").write_bytes(raw)
    preset, problems = read_preset(tmp_path / "chat.yaml")
    assert (preset is None) == bool(problems)
    assert all(problem.code == "KS107" and problem.path.startswith("chat.yaml") for problem in problems)


@given(st.text(max_size=100))
def test_any_text_is_a_name_to_look_up(name: str) -> None:
    """No name makes the look-up fail, and what is found is a file of that name."""
    found = find_file(name)
    assert found is None or found.stem == name

"""Presets of your own: listing a folder, checking files, and how each ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.cli.preset_check import check_file

WHY = "why: Long enough a reason for a reviewer to disagree with.\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\n{text}{WHY}")
    return path


INFERENCE = "kind: inference\nmodel: {model}\nvmSize: {size}\n"


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        pytest.param(INFERENCE.format(model="phi-4", size="Standard_NC24ads_A100_v4"), [], 0, id="good"),
        pytest.param(
            INFERENCE.format(model="phi4", size="Standard_NC24ads_A100_v4"),
            [
                "{file}:3: model: 'phi4' is not a model of KAITO 0.12; expected a name from `kaito-iac models` [KS101]",
            ],
            1,
            id="unknown model",
        ),
        pytest.param(
            INFERENCE.format(model="me/mine", size="Standard_NC24ads_A100_v4"),
            [
                "{file}:3: model: 'me/mine' is not in the catalogue: KAITO would look it up on Hugging Face, so it cannot be"
                " sized here; expected a name from `kaito-iac models` [KS217]",
            ],
            0,
            id="model that KAITO would look up: a warning",
        ),
        pytest.param(
            INFERENCE.format(model="phi-2", size="g6.xlarge"),
            [
                "{file}:3: model: 'phi-2' is retired: KAITO 0.12 answers 'Model phi-2 is deprecated and no longer supported';"
                " expected a name from `kaito-iac models` [KS101]",
            ],
            1,
            id="retired model",
        ),
        pytest.param(
            INFERENCE.format(model="gpt-oss-20b", size="g6.24xlargee"),
            ["{file}:4: vmSize: 'g6.24xlargee' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]"],
            1,
            id="unknown size",
        ),
        pytest.param(
            INFERENCE.format(model="phi-4", size="1g.10gb"),
            [
                "{file}:4: vmSize: phi-4 needs 31.9 GiB (weights 27.9), the MIG slice 1g.10gb has 10 GiB, 8.4 of them usable, and"
                " slices cannot be joined; expected a size that holds the model [KS202]",
            ],
            1,
            id="size that cannot hold it",
        ),
        pytest.param(
            "kind: tuning\nmodel: gpt-oss-20b\nmethod: lora\nvmSize: nope\n",
            [
                "{file}:3: model: gpt-oss-20b cannot be tuned with lora; expected a model of `kaito-iac models --tunable`"
                " [KS205]",
                "{file}:5: vmSize: 'nope' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]",
            ],
            1,
            id="model that cannot be tuned, on no size",
        ),
        pytest.param(
            "kind: rag\nembedding: x\nvmSize: g4ad.xlarge\n",
            [
                "{file}:4: vmSize: 'g4ad.xlarge' has AMD Radeon Pro V520: KAITO's pods request nvidia.com/gpu and would never be"
                " scheduled; expected a size with NVIDIA GPUs [KS211]",
            ],
            1,
            id="RAG engine on a size without NVIDIA GPUs",
        ),
    ],
)
def test_check(text, said, code, run, tmp_path):
    """A preset is sized as it is checked; each problem has file and line."""
    path = written(tmp_path, "mine", text)
    ended = run("presets", "check", str(path), "--json")
    (found,) = ended.json["files"]
    headlines = [f"{one['path']}: {one['found']}; expected {one['accepted']} [{one['code']}]" for one in found["problems"]]
    assert headlines == [line.format(file=path) for line in said]
    assert (ended.code, found["file"], found["name"]) == (code, str(path), "mine")


def test_check_tells_all_problems_of_all_files(run, tmp_path):
    """One bad file hides neither its other problems nor the other files; an unreadable one decides the exit code."""
    good = written(tmp_path, "good", INFERENCE.format(model="phi-4", size="Standard_NC24ads_A100_v4"))
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: [\n")
    ended = run("presets", "check", str(bad), str(good), str(tmp_path), str(tmp_path / "none.yaml"))
    assert ended.code == 3
    assert [line.split(": ")[0] for line in ended.out.splitlines() if not line.startswith(" ")] == [
        str(bad),
        str(good),
        str(tmp_path),
        str(tmp_path / "none.yaml"),
    ]
    assert ended.err == "4 files, 3 with errors\n"


def test_folder_wins_over_the_shipped_presets(run, tmp_path):
    """A preset of a user's folder replaces the shipped one of the same name, and says where it is."""
    path = written(tmp_path, "phi-4", INFERENCE.format(model="phi-4", size="Standard_NC40ads_H100_v5"))
    found = run("presets", "phi-4", "--folder", str(tmp_path), "--json").json
    assert (found["vmSize"], found["file"], found["shipped"]) == ("Standard_NC40ads_H100_v5", str(path), False)
    rows = run("presets", "--model", "phi-4", "--folder", str(tmp_path), "--json").json["presets"]
    assert [(row["name"], row["shipped"]) for row in rows] == [("phi-4", False), ("phi-4-lora", True), ("phi-4-qlora", True)]


def test_folder_with_a_bad_file(run, tmp_path):
    """A bad file in the folder is reported and ends in exit code 1; the others are listed all the same."""
    written(tmp_path, "mine", "kind: rag\nembedding: x\n")
    (tmp_path / "bad.yaml").write_text("- no mapping\n")
    (tmp_path / "old.yml").write_text("")
    ended = run("presets", "--kind", "rag", "--folder", str(tmp_path))
    assert ended.out == (
        "Preset       Kind  Size\n-----------------------\ndocs-faiss   rag   -\ndocs-memory  rag   -\ndocs-qdrant  rag   -\n"
        "mine         rag   -\n\n4 presets, 1 of them from your folder.\n"
    )
    assert ended.err == (
        f"presets: 1 problem\n  {tmp_path}/bad.yaml:1: no mapping at the top; expected keys such as kind, name and why [KS107]\n"
        f"not read, because presets end in .yaml: {tmp_path}/old.yml\n"
    )
    assert ended.code == 1


def test_control_characters_of_a_file_are_written_out(run, tmp_path):
    """What a preset file says never reaches the terminal raw."""
    path = tmp_path / "mine.yaml"
    path.write_text('kind: rag\nname: mine\nembedding: "a\\e[31mb\\u202e"\nwhy: "Clears \\e[2J the screen of a reviewer."\n')
    shown = run("presets", "mine", "--folder", str(tmp_path)).out
    assert "embedding    a\\x1b[31mb\\u202e\n" in shown
    assert "\x1b" not in shown
    assert "\x1b" not in run("presets", "mine", "--folder", str(tmp_path), "--json").out
    path.write_text('kind: rag\nname: mine\nembedding: x\nwhy: "\\e[2J"\n')
    assert "\x1b" not in run("presets", "check", str(path)).out


def test_schema_is_the_committed_one(run):
    """`presets schema` prints the schema, with and without --json."""
    committed = (Path(__file__).parents[2] / "docs" / "reference" / "preset.schema.json").read_text()
    assert run("presets", "schema").out == run("presets", "schema", "--json").out == committed


@pytest.mark.parametrize(
    "command", [["presets", "list", "check"], ["presets", "--json", "check"]], ids=["list", "an option first"]
)
def test_name_of_a_command_as_preset(command, run):
    """A preset may be called like a command: `presets list check` asks for it."""
    ended = run(*command)
    assert (ended.code, ended.err) == (
        1,
        "presets: 1 problem\n  name: 'check' is not a preset; expected a name from `kaito-iac presets`,"
        " or an `organisation/model` [KS101]\n",
    )


def test_settings_inside_a_preset_are_checked(tmp_path):
    """An argument that vLLM does not have and a field that TRL does not have are errors, each at its line."""
    (tmp_path / "x.yaml").write_text(
        "kind: inference\nname: x\nmodel: microsoft/phi-4-mini-instruct\nvmSize: Standard_NC24ads_A100_v4\n"
        "why: short answers on one GPU\nvllm:\n  max-num-sqs: 64\n"
    )
    (tmp_path / "y.yaml").write_text(
        "kind: tuning\nname: y\nmodel: phi-4\nmethod: lora\nvmSize: Standard_NC24ads_A100_v4\n"
        "why: a small adapter for one purpose\n"
        "training:\n  TrainingArguments:\n    learning_rte: 0.1\n"
    )
    found = [check_file(tmp_path / name).problems[0] for name in ("x.yaml", "y.yaml")]
    assert [f"{one.path.rpartition('/')[2]}: {one.found} [{one.code}]" for one in found] == [
        "x.yaml:7: vllm.max-num-sqs: no argument of vLLM 0.25.1, which ends with 'unrecognized arguments' [KS228]",
        "y.yaml:8: training.TrainingArguments.learning_rte: not a field of TrainingArguments: the job ends with an error [KS226]",
    ]

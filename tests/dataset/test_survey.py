"""`kaito-iac data`: what a job would make of data files, as the command prints it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kaito_iac.cli.main import main

GOOD = '{"messages": [{"role": "user", "content": "What is KAITO?"}, {"role": "assistant", "content": "An operator."}]}\n'
LONG = json.dumps({"prompt": "a", "completion": "b" * 5000}) + "\n"


@pytest.fixture
def data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Writes files and runs the command over them; gives exit code, answer and what is reported beside it."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, **files: str) -> tuple[int, str, str]:
        names = [name.replace("_", ".") for name in files]
        for name, content in zip(names, files.values(), strict=True):
            (tmp_path / name).write_text(content)
        code = main(["data", *[name for name in names if not name.endswith(".yaml")], *words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_good_data(data: Callable[..., tuple[int, str, str]]) -> None:
    """Good data is described, with what KAITO's template makes of it."""
    code, out, err = data(train_jsonl=GOOD * 3)
    assert (code, err) == (0, "")
    assert out == (
        "train.jsonl: json, 3 rows\n"
        "  columns  messages (read)\n"
        "  read as  conversations in the column messages\n"
        "  tokens   45 (est.), the longest row 15; rows are cut at 1,024\n"
        "  trained  3 rows\n"
        "  steps    9: 3 epochs x 3 steps of 1 row (batch 1)\n"
        "\n"
        "  no problem\n"
    )


def test_a_preset(data: Callable[..., tuple[int, str, str]]) -> None:
    """A preset says epochs, batch and split; GPUs can be given."""
    code, out, _ = data("--preset", "phi-4-qlora", "--gpus", "2", train_jsonl=GOOD * 20)
    assert code == 0
    assert "  trained  16 rows, 4 held back for evaluation\n" in out
    assert "  steps    8: 1 epoch x 8 steps of 2 rows (batch 1, 2 GPUs)\n" in out


CONFIG = """
training_config:
  TrainingArguments: {num_train_epochs: 2, gradient_accumulation_steps: 2, per_device_train_batch_size: 1, max_length: 2048}
  DatasetConfig: {train_test_split: 1, response_column: answer, shufle_dataset: true}
"""
MAP = "kind: ConfigMap\ndata:\n  training_config.yaml: |\n" + "".join(f"    {line}\n" for line in CONFIG.splitlines())


@pytest.mark.parametrize("written", [CONFIG, MAP], ids=["the file", "a ConfigMap"])
def test_a_training_configuration(data: Callable[..., tuple[int, str, str]], written: str) -> None:
    """A configuration of your own is read, and its mistakes are reported too."""
    code, out, _ = data("--training", "t.yaml", "--json", train_jsonl=GOOD * 3, t_yaml=written)
    found = json.loads(out)
    (file,) = found["files"]
    assert (code, file["steps"], file["maxLength"], file["epochs"]) == (1, 4, 2048, 2.0)
    assert [(one["severity"], one["path"]) for one in found["problems"]] == [
        ("warning", "t.yaml: DatasetConfig.response_column"),
        ("error", "t.yaml: DatasetConfig.shufle_dataset"),
    ]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"train_jsonl": GOOD + 'nope\n{"messages": 7}\n'},
            [
                "train.jsonl:2: no JSON (Expecting value); expected one object a line [KS341]",
                "train.jsonl:3: messages is a number, and a list in rows before it: one column has one type [KS341]",
            ],
            id="bad rows, by line",
        ),
        pytest.param(
            {"train_jsonl": '{"text": "a"}\n'},
            [
                "train.jsonl: column text: KAITO 0.12 gives TRL no name of a text column, so the job ends with KeyError: None; "
                "expected a column messages, or prompt and completion [KS342]"
            ],
            id="a text column",
        ),
        pytest.param(
            {"train_csv": "messages\nhello\n"},
            [
                "train.csv: column messages as text: a CSV file holds no lists; write JSON lines; expected a column messages, or "
                "prompt and completion [KS342]"
            ],
            id="conversations in CSV",
        ),
        pytest.param(
            {"train_csv": "prompt,answer\na,b\n"},
            [
                "train.csv: column prompt without completion (columns prompt, answer); expected a column messages, or prompt and "
                "completion [KS342]"
            ],
            id="half of the columns",
        ),
        pytest.param(
            {"train_csv": "question,answer\na,b\n"},
            [
                "train.csv: columns question, answer: the job ends with an error, or trains on nothing that it can train on; "
                "expected a column messages, or prompt and completion [KS342]"
            ],
            id="columns that nothing reads",
        ),
        pytest.param({"train_jsonl": ""}, ["train.jsonl: no row; expected rows to train on [KS340]"], id="an empty file"),
        pytest.param(
            {"train_txt": "a"},
            [
                "train.txt: its name holds none of csv, json, parquet, arrow, webdataset; expected a name by which the tuning "
                "program finds it [KS340]"
            ],
            id="a name that is not found",
        ),
        pytest.param(
            {"csv_json": LONG},
            [
                "warning: csv.json: its name holds csv and json: the tuning program takes it for either; expected one of "
                "them [KS340]",
                "csv.json: no row; expected rows to train on [KS340]",
            ],
            id="a name of two kinds",
        ),
        pytest.param(
            {"train_jsonl": LONG},
            [
                "warning: train.jsonl: 1 of 1 rows (100 %) have more tokens (est.): the rest of them is cut; expected at most "
                "1,024 (max_length) [KS343]"
            ],
            id="rows that are cut",
        ),
    ],
)
def test_what_is_wrong(data: Callable[..., tuple[int, str, str]], files: dict[str, str], told: list[str]) -> None:
    """Each problem is reported with file, line and what is expected; errors are an exit code."""
    code, out, _ = data(**files)
    lines = [line.strip() for line in out.splitlines() if line.endswith("]")]
    assert lines == told
    assert code == (1 if any(not line.startswith("warning") for line in told) else 0)


def test_nothing_is_left(data: Callable[..., tuple[int, str, str]]) -> None:
    """A preset holds a fifth back, rounded up: of one row nothing is left to train with."""
    code, out, _ = data("--preset", "phi-4-qlora", train_jsonl=GOOD)
    assert (code, out.splitlines()[-2:]) == (
        1,
        [
            "  train.jsonl: 1 rows, all of which train_test_split holds back: nothing is left to train with; expected rows to "
            "train on [KS340]",
            "    fix: set DatasetConfig.train_test_split to 1",
        ],
    )


def test_many_bad_rows(data: Callable[..., tuple[int, str, str]]) -> None:
    """Ten bad rows are listed, the rest is counted."""
    _, out, _ = data(train_jsonl=GOOD + "nope\n" * 50)
    assert out.count("expected one object a line [KS341]") == 10
    assert "  train.jsonl: 40 more rows are as bad [KS341]\n" in out


def test_several_files(data: Callable[..., tuple[int, str, str]]) -> None:
    """KAITO's program reads one file: several are warned of."""
    code, out, _ = data(a_jsonl=GOOD, b_jsonl=GOOD)
    assert code == 0
    assert out.splitlines()[-2:] == [
        "warning: files: 2 files: the tuning program of KAITO 0.12 reads one, the first it finds in the folder; expected one "
        "file [KS340]",
        "  fix: join them, or set DatasetConfig.dataset_path",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["none.jsonl"],
            "data: 1 problem\n  none.jsonl: cannot be read: No such file or directory; expected a file of tuning data: jsonl, "
            "json, csv or parquet [KS340]\n    fix: name the file\n",
        ),
        (
            ["x.arrow"],
            "data: 1 problem\n"
            "  x.arrow: files of kind arrow cannot be looked into here; csv, json, jsonl and parquet can [KS340]\n",
        ),
        (
            ["x.jsonl", "--preset", "phi-4"],
            "data: 1 problem\n  --preset: 'phi-4' is a preset, and none of tuning; expected a name of `kaito-iac presets --kind "
            "tuning` [KS101]\n    fix: did you mean 'phi-4-lora' or 'phi-4-qlora' or 'phi-4-mini-instruct-lora'?\n",
        ),
    ],
)
def test_refused(data: Callable[..., tuple[int, str, str]], words: list[str], said: str) -> None:
    """What cannot be read is refused with the next step."""
    assert data(*words) == (3, "", said)


def test_how_many_gpus(data: Callable[..., tuple[int, str, str]]) -> None:
    """A number of GPUs that no node has is wrong usage."""
    code, _, err = data("x.jsonl", "--gpus", "65")
    assert (code, err) == (2, "kaito-iac data: invalid value for --gpus: 65 is not from 1 to 64; see kaito-iac data --help\n")

"""The JSON of the commands: whole objects, and every example of the reference page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kaito_iac.catalog.load import models, sizes
from kaito_iac.catalog.price import usd_per_hour
from kaito_iac.cli.reply import json_text
from kaito_iac.presets.files import preset_files
from kaito_iac.problem import Unknown, errors
from kaito_iac.sizing.fit import Query, fit, fits

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "cli-json.md").read_text()
EXAMPLES = re.findall(r"```console\n\$ kaito-iac ([^\n]*)\n```\n\n```json\n(.*?)```\n", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "printed"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_example_of_the_reference(command, printed, run):
    """Each example of the reference page is what the command prints."""
    assert run(*command.split()).out == printed


def test_fit_of_a_size_is_the_answer_of_the_library(run):
    """`fit --size --json` prints exactly one object, the library's own answer."""
    ended = run("fit", "Phi-4", "--size", "standard_nc24ads_a100_v4", "--context", "8192", "--region", "westus", "--json")
    query = Query(model="Phi-4", size="standard_nc24ads_a100_v4", context=8192, region="westus")
    assert ended.json == json.loads(json.dumps(fit(query).as_json()))
    assert (ended.code, ended.err) == (1, "")


@pytest.mark.parametrize("everything", [False, True], ids=["those that hold it", "all"])
def test_fit_without_a_size_gives_every_answer_best_first(everything, run):
    """`fit --json` gives the library's answers in its order; those that do not hold the model only with --all."""
    ended = run("fit", "llama-3.3-70b-instruct", "--cloud", "aws", "--json", *(["--all"] if everything else []))
    answers = fits("llama-3.3-70b-instruct", cloud="aws")
    kept = [answer.as_json() for answer in answers if everything or not errors(answer.problems)]
    assert ended.json == {"model": "meta-llama/llama-3.3-70b-instruct", "fits": json.loads(json.dumps(kept))}
    assert ended.code == 0


def test_fit_of_an_own_model_uses_the_stated_facts(run):
    """The facts of a model outside the catalogue lead to the figures of a catalogue model with the same facts."""
    card = models()["microsoft/phi-4"]
    facts = ["--weights-gib", "27.31", "--bytes-per-token", str(card.bytes_per_token), "--max-context", "16384"]
    shape = ["--layers", "40", "--heads", "40", "--kv-heads", "10"]
    own = run("fit", "me/phi", "--size", "Standard_NC96ads_A100_v4", *facts, *shape, "--json").json
    known = run("fit", "phi-4", "--size", "Standard_NC96ads_A100_v4", "--json").json
    assert own == {**known, "model": "me/phi"}


def test_models_lists_the_whole_catalogue(run):
    """`models --json` has every model, sorted by family and name, with the facts of the catalogue."""
    found = run("models", "--json").json
    assert sorted(found) == ["date", "kaitoVersion", "models"]
    assert sorted(model["id"] for model in found["models"]) == sorted(models())
    order = [(model["family"], model["presetName"]) for model in found["models"]]
    assert order == sorted(order)


def test_gated_says_what_it_leaves_out(run):
    """`--gated` keeps models that certainly are, and says how many it does not know."""
    ended = run("models", "--gated", "--family", "gemma", "--json")
    assert [model["presetName"] for model in ended.json["models"]] == ["gemma-3-27b-instruct", "gemma-3-4b-instruct"]
    assert ended.err == ""
    ended = run("models", "--gated", "--family", "nemotron", "--json")
    assert ended.json["models"] == []
    assert ended.err == "7 models left out: no source states whether the weights are gated\n"


def test_sizes_never_say_a_price_nobody_stated(run):
    """`sizes --json` has every size; an unknown price is null with its reason, and never 0."""
    found = run("sizes", "--json").json["sizes"]
    assert sorted(size["name"] for size in found) == sorted(sizes())
    for row in found:
        price = row["price"]
        stated = usd_per_hour(sizes()[row["name"]], price["region"])
        if isinstance(stated, Unknown):
            assert (price["usdPerHour"], price["usdPerMonth"]) == (None, None)
            assert price["unknown"]["usdPerHour"] == price["unknown"]["usdPerMonth"] == stated.reason
        else:
            assert (price["usdPerHour"], price["usdPerMonth"]) == (stated, round(stated * 730, 2))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("A10", {"NVIDIA A10"}, id="not its longer neighbours"),
        pytest.param("nvidia a100", {"NVIDIA A100"}, id="with the maker, in any case"),
        pytest.param("trainium", {"AWS Trainium accelerators"}, id="without the maker"),
    ],
)
def test_gpu_filter_is_exact(asked, found, run):
    """`--gpu` keeps one product."""
    assert {size["gpuModel"] for size in run("sizes", "--gpu", asked, "--json").json["sizes"]} == found


def test_presets_lists_every_shipped_file(run):
    """`presets --json` has every shipped preset and no problem."""
    found = run("presets", "--json").json
    assert sorted(preset["name"] for preset in found["presets"]) == sorted(preset_files())
    assert found["problems"] == []
    assert {preset["shipped"] for preset in found["presets"]} == {True}


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        pytest.param(
            ["models", "phi4"],
            {
                "code": "KS101",
                "path": "name",
                "found": "'phi4' is not a model of KAITO 0.12",
                "accepted": "a name from `kaito-iac models`",
                "fix": "did you mean 'phi-4' or 'phi-4-mini-instruct'?",
                "severity": "error",
            },
            id="model",
        ),
        pytest.param(
            ["sizes", "Standard_NC24ads_A100"],
            {
                "code": "KS201",
                "path": "name",
                "found": "'Standard_NC24ads_A100' is not a size of KAITO 0.12: KAITO admits the name and then fails to size it",
                "accepted": "a size from `kaito-iac sizes`",
                "fix": "did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC96ads_A100_v4'?",
                "severity": "error",
            },
            id="VM size",
        ),
        pytest.param(
            ["presets", "phi-4-mini-instuct"],
            {
                "code": "KS101",
                "path": "name",
                "found": "'phi-4-mini-instuct' is not a preset",
                "accepted": "a name from `kaito-iac presets`, or an `organisation/model`",
                "fix": "did you mean 'phi-4-mini-instruct' or 'phi-3.5-mini-instruct' or 'phi-4-mini-instruct-lora'?",
                "severity": "error",
            },
            id="preset",
        ),
    ],
)
def test_wrong_name(command, problem, run):
    """An unknown name is a problem with the nearest names: as JSON on stdout, in words on stderr, exit code 1."""
    ended = run(*command, "--json")
    assert (ended.code, ended.json) == (1, {"problems": [problem]})
    said = run(*command)
    words = f"{command[0]}: 1 problem\n  name: {problem['found']}; expected {problem['accepted']} [{problem['code']}]\n"
    assert (said.code, said.out, said.err) == (1, "", f"{words}    fix: {problem['fix']}\n")


def test_numbers_that_json_does_not_have():
    """NaN and the infinities are texts: no JSON holds them as numbers."""
    values = [float("nan"), float("inf"), {"a": (float("-inf"), 1.5)}]
    assert json.loads(json_text(values)) == ["NaN", "Infinity", {"a": ["-Infinity", 1.5]}]

"""Names of models and sizes, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.catalog.find import find_model, find_size, model_problem, nearest, size_problems
from kaito_iac.catalog.load import models, sizes

NO_MODEL = "is not a model of KAITO 0.12; expected a name from `kaito-iac models` [KS101]"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("phi-4", "microsoft/phi-4", id="alias"),
        pytest.param("gemma-3-27b-instruct", "google/gemma-3-27b-it", id="alias unlike the id"),
        pytest.param("gemma-3-27b-it", "google/gemma-3-27b-it", id="last segment of the id"),
        pytest.param("microsoft/phi-4", "microsoft/phi-4", id="organisation and model"),
        pytest.param("meta-llama/Llama-3.3-70B-Instruct", "meta-llama/llama-3.3-70b-instruct", id="spelling of Hugging Face"),
        pytest.param("PHI-4-MINI-INSTRUCT", "microsoft/phi-4-mini-instruct", id="capitals"),
        pytest.param(" phi-4\n", "microsoft/phi-4", id="blanks around"),
        pytest.param("mistral-7b", "mistralai/mistral-7b-v0.3", id="the alias wins over what looks nearer"),
        pytest.param("phi4", None, id="near is not enough"),
        pytest.param("openai/phi-4", None, id="another organisation is another model"),
        pytest.param("phi-2", None, id="retired"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_model_is_found_by_any_of_its_names(written: str, meant: str | None) -> None:
    """An alias, a short name or an id finds the model in any case; nothing is guessed."""
    found = find_model(written)
    assert (found.id if found else None) == meant


@pytest.mark.parametrize("card", models().values(), ids=lambda card: card.id)
def test_every_name_of_every_model_finds_it(card: object) -> None:
    """Every model is found by its id, its spelling on Hugging Face, its short name, its aliases and its preset name."""
    names = {card.id, card.hf_id, card.name, *card.aliases, card.preset_name, card.id.upper()}  # type: ignore[attr-defined]
    assert {name: find_model(name) for name in names} == dict.fromkeys(names, card)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "phi4",
            f"  preset: 'phi4' {NO_MODEL}\n    fix: did you mean 'phi-4' or 'phi-4-mini-instruct'?",
            id="a missing dash",
        ),
        pytest.param(
            "gpt-oss",
            f"  preset: 'gpt-oss' {NO_MODEL}\n    fix: did you mean 'gpt-oss-20b' or 'gpt-oss-120b'?",
            id="part of two names",
        ),
        pytest.param(
            "llama-3.3-70b",
            f"  preset: 'llama-3.3-70b' {NO_MODEL}\n    fix: did you mean 'llama-3.3-70b-instruct'?",
            id="a missing end",
        ),
        pytest.param(
            "microsoft/phi-5",
            f"  preset: 'microsoft/phi-5' {NO_MODEL}\n    fix: did you mean 'microsoft/phi-4' or "
            "'microsoft/phi-3.5-mini-instruct' or 'microsoft/phi-4-mini-instruct'?",
            id="an id is answered by ids",
        ),
        pytest.param("zzzz", f"  preset: 'zzzz' {NO_MODEL}", id="nothing is near"),
        pytest.param("", f"  preset: '' {NO_MODEL}", id="nothing written"),
        pytest.param(
            "falcon-7b",
            "  preset: 'falcon-7b' is retired: KAITO 0.12 answers 'Unsupported inference preset name falcon-7b'; expected a name "
            "from `kaito-iac models` [KS101]\n"
            "    fix: name 'tiiuae/falcon-7b', its Hugging Face id, which KAITO takes as best effort",
            id="retired",
        ),
        pytest.param(
            "Phi-2",
            "  preset: 'Phi-2' is retired: KAITO 0.12 answers 'Model phi-2 is deprecated and no longer supported'; "
            "expected a name from `kaito-iac models` [KS101]\n"
            "    fix: name 'microsoft/phi-2', its Hugging Face id, which KAITO takes as best effort",
            id="retired with words of its own",
        ),
    ],
)
def test_what_is_said_of_an_unknown_model(written: str, said: str) -> None:
    """An unknown model name is answered with what may have been meant, a retired one with what KAITO answers."""
    assert model_problem(written, "preset").text() == said


@pytest.mark.parametrize(
    ("written", "cloud", "found"),
    [
        pytest.param("Standard_NC24ads_A100_v4", None, "Standard_NC24ads_A100_v4", id="canonical"),
        pytest.param("standard_nc24ADS_a100_V4", None, "Standard_NC24ads_A100_v4", id="any case"),
        pytest.param("g5.xlarge", "aws", "g5.xlarge", id="in its cloud"),
        pytest.param("g5.xlarge", "azure", None, id="in another cloud"),
        pytest.param("Standard_ND96asr_v4", None, None, id="a name of the cloud that KAITO does not know"),
        pytest.param("NC24ads", None, None, id="part of a name"),
    ],
)
def test_a_size_is_found_in_any_case(written: str, cloud: str | None, found: str | None) -> None:
    """A size is found by its whole name in any case, and only in its own cloud."""
    size = find_size(written, cloud)
    assert (size.name if size else None) == found


NVIDIA = "KAITO's pods request nvidia.com/gpu and would never be scheduled; expected a size with NVIDIA GPUs [KS211]"


@pytest.mark.parametrize(
    ("written", "cloud", "said"),
    [
        pytest.param("Standard_NC24ads_A100_v4", "azure", [], id="fine"),
        pytest.param("Standard_NC4_A2", None, [], id="fine on Arc"),
        pytest.param(
            "standard_nc24ads_a100_v4",
            None,
            [
                "  vmSize: 'standard_nc24ads_a100_v4' is not the canonical case: KAITO sizes it and never finds its nodes ready; "
                "expected 'Standard_NC24ads_A100_v4' [KS211]\n    fix: write Standard_NC24ads_A100_v4"
            ],
            id="lower case",
        ),
        pytest.param(
            "Standard_ND96asr_v4",
            None,
            [
                "  vmSize: 'Standard_ND96asr_v4' (8 x NVIDIA A100, 320 GiB) is a real size that KAITO 0.12 does not serve: "
                "KAITO's table calls it 'Standard_ND96asr_A100_v4', which azure does not sell; neither can work; "
                "expected a size from "
                "`kaito-iac sizes` [KS201]\n    fix: the cheapest with as much GPU memory: Standard_NC96ads_A100_v4 or "
                "Standard_ND96amsr_A100_v4"
            ],
            id="ND96asr as Azure sells it",
        ),
        pytest.param(
            "Standard_ND96asr_A100_v4",
            "azure",
            [
                "  vmSize: 'Standard_ND96asr_A100_v4' is in KAITO's table, but azure sells it as 'Standard_ND96asr_v4', which "
                "KAITO cannot size; neither can work; expected a size that both know [KS211]\n"
                "    fix: choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`"
            ],
            id="ND96asr as KAITO knows it",
        ),
        pytest.param(
            "standard_nd96asr_a100_v4",
            "azure",
            [
                "  vmSize: 'standard_nd96asr_a100_v4' is not the canonical case: KAITO sizes it and never finds its nodes ready; "
                "expected 'Standard_ND96asr_A100_v4' [KS211]\n    fix: write Standard_ND96asr_A100_v4",
                "  vmSize: 'Standard_ND96asr_A100_v4' is in KAITO's table, but azure sells it as 'Standard_ND96asr_v4', which "
                "KAITO cannot size; neither can work; expected a size that both know [KS211]\n"
                "    fix: choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`",
            ],
            id="two problems at once",
        ),
        pytest.param(
            "Standard_NG32ads_V620_v1",
            None,
            [f"  vmSize: 'Standard_NG32ads_V620_v1' has AMD Radeon PRO V620: {NVIDIA}\n    fix: choose one of `kaito-iac sizes`"],
            id="AMD on Azure",
        ),
        pytest.param(
            "trn1.2xlarge",
            "aws",
            [f"  vmSize: 'trn1.2xlarge' has AWS Trainium accelerators: {NVIDIA}\n    fix: choose one of `kaito-iac sizes`"],
            id="Trainium on AWS",
        ),
        pytest.param(
            "g5.xlarge",
            "azure",
            [
                "  vmSize: 'g5.xlarge' is not a size of KAITO 0.12 on azure: it is a size of aws; expected a size from "
                "`kaito-iac sizes` [KS201]"
            ],
            id="an AWS size on Azure",
        ),
        pytest.param(
            "Standard_NC6s_v3",
            "azure",
            [
                "  vmSize: 'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a real size that "
                "KAITO 0.12 does not serve on azure: KAITO admits the name and then fails to size it; expected a size "
                "from `kaito-iac "
                "sizes` [KS201]\n    fix: the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or "
                "Standard_NC24ads_A100_v4"
            ],
            id="a size that KAITO dropped and admits by its beginning",
        ),
        pytest.param(
            "p3.2xlarge",
            "aws",
            [
                "  vmSize: 'p3.2xlarge' (1 x Tesla V100, 16 GiB) is a real size that KAITO 0.12 does not serve on aws; expected "
                "a size from `kaito-iac sizes` [KS201]\n    fix: the cheapest with as much GPU memory: g6.xlarge or g6.2xlarge"
            ],
            id="an AWS size that KAITO never knew",
        ),
        pytest.param(
            "NC24ads",
            "azure",
            [
                "  vmSize: 'NC24ads' is not a size of KAITO 0.12 on azure; expected a size from `kaito-iac sizes` [KS201]\n"
                "    fix: did you mean 'Standard_NC24ads_A100_v4'?"
            ],
            id="part of a name",
        ),
        pytest.param(
            "toaster",
            None,
            ["  vmSize: 'toaster' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]"],
            id="nothing is near",
        ),
    ],
)
def test_what_is_said_of_a_size(written: str, cloud: str | None, said: list[str]) -> None:
    """A size that cannot work is refused with the reason and what to write instead; one that can gets no word."""
    assert [problem.text() for problem in size_problems(written, cloud, "vmSize")] == said


def test_suggestions_are_sizes_one_can_buy() -> None:
    """No suggestion leads to a size that is refused in turn."""
    usable = {name for name, size in sizes().items() if size.schedulable and size.provisionable}
    for name, size in sizes().items():
        for problem in size_problems(f"{name}x", size.cloud, "vmSize"):
            assert set(problem.fix.split("'")[1::2]) <= usable


@given(st.text(max_size=80))
def test_any_text_is_a_name_to_look_up(written: str) -> None:
    """No name makes the look-ups fail; at most three names are suggested, all of them known."""
    assert model_problem(written, "model").code == "KS101"
    assert find_model(written) in (None, *models().values())
    assert size_problems(written, "azure", "size") or find_size(written, "azure")
    near = nearest(written, tuple(models()))
    assert len(near) <= 3
    assert set(near) <= set(models())

"""`fit --quota`: sizes that a subscription of the quota file cannot order hold nothing."""

from __future__ import annotations

import pytest

A100 = "Standard_NC24ads_A100_v4"
TWO = "Standard_NC48ads_A100_v4"
H100 = "Standard_NC40ads_H100_v5"
FILE = f"""\
date: 2026-11-20
subscriptions:
  00000000-0000-0000-0000-000000000001:
    name: research
    regions:
      East US:
        families: {{StandardNCADSA100v4Family: {{limit: 96}}}}
        sizes: {{{H100}: ['1'], {TWO}: ['1', '2']}}
        refused: {{{A100}: NotAvailableForSubscription}}
      westus3:
        families: {{}}
        sizes: {{{A100}: ['2', '3']}}
  123456789012:
    regions:
      us-east-1:
        families: {{}}
        sizes: {{g6.xlarge: [us-east-1a]}}
prices:
  date: 2026-11-20
  rates: {{eastus: {{{H100}: {{onDemand: 2}}}}}}
"""


@pytest.fixture
def quota(tmp_path):
    path = tmp_path / "quota.yaml"
    path.write_text(FILE)
    return str(path)


@pytest.mark.parametrize(
    ("options", "sizes", "left_out"),
    [
        pytest.param(["--cloud", "azure"], [H100, TWO], 9, id="Azure, eastus"),
        pytest.param(["--cloud", "azure", "--region", "westus3"], [A100], 10, id="Azure, another region"),
        pytest.param(["--cloud", "aws"], ["g6.xlarge"], 15, id="AWS, by the other account"),
        pytest.param(["--cloud", "azure", "--subscription", "research"], [H100, TWO], 9, id="a subscription by name"),
        pytest.param(["--cloud", "aws", "--subscription", "research"], None, 0, id="an account that is not asked for"),
    ],
)
def test_sizes_that_hold_a_model(run, quota, options, sizes, left_out):
    """Sizes that are not sold in the region are no answer, and their number is reported."""
    ended = run("fit", "phi-4", "--json", "--quota", quota, *options)
    found = [answer["size"] for answer in ended.json["fits"]]
    assert (found if sizes is not None else None) == sizes
    assert ended.err.strip() == (
        f"left out: {left_out} sizes that the quota file does not list as available; --all shows them" if left_out else ""
    )


def test_one_size(run, quota):
    """The answer for a size that cannot be ordered keeps its figures, and names what is nearest; exit code 1."""
    ended = run("fit", "phi-4", "--size", A100, "--quota", quota, "--json")
    assert (ended.code, ended.json["nodes"], [problem["code"] for problem in ended.json["problems"]]) == (1, 1, ["KS281"])
    assert ended.json["problems"][0]["fix"] == f"nearest: {A100} in westus3, {H100} or {TWO} in eastus"


def test_prices_of_the_quota_file(run, quota):
    """Rates of the quota file price the sizes, as they price a plan."""
    assert run("fit", "phi-4", "--size", H100, "--quota", quota, "--json").json["usdPerHour"] == 2


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param(["--subscription", "sales"], 3, "'sales' names none of the subscriptions", id="an unknown subscription"),
        pytest.param(["--models", "questions.jsonl"], 2, "--quota has no meaning", id="with a file of questions"),
    ],
)
def test_what_cannot_be_asked(run, quota, options, code, said):
    """A subscription that is not in the file, and a file of questions, are refused."""
    model = [] if "--models" in options else ["phi-4"]
    ended = run("fit", *model, "--quota", quota, *options)
    assert (ended.code, said in ended.err) == (code, True)

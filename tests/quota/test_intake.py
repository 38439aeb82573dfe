"""What the command lines of Azure and AWS print, as limits, use and sizes that are sold."""

from __future__ import annotations

import pytest

from kaito_iac.quota.fetch import Usage
from kaito_iac.quota.intake import ACCEPTED, take

FAMILY = "StandardNCADSA100v4Family"
A100 = "Standard_NC24ads_A100_v4"


def usage(family, limit, used="0"):
    return {"currentValue": used, "limit": limit, "localName": family, "name": {"localizedValue": family, "value": family}}


def quota(code, value, region="us-east-1"):
    arn = f"arn:aws:servicequotas:{region}:000000000000:ec2/{code}"
    return {"ServiceCode": "ec2", "QuotaCode": code, "QuotaArn": arn, "Value": value, "Unit": "None", "Adjustable": True}


def sku(name, *restrictions, zones=("1", "2"), kind="virtualMachines"):
    return {
        "resourceType": kind,
        "name": name,
        "locations": ["eastus"],
        "locationInfo": [{"location": "eastus", "zones": list(zones)}],
        "restrictions": list(restrictions),
    }


def refused(kind, zones=()):
    info = {"locations": ["eastus"], **({"zones": list(zones)} if zones else {})}
    return {"type": kind, "values": ["eastus"], "reasonCode": "NotAvailableForSubscription", "restrictionInfo": info}


def test_usage_of_azure():
    """`az vm list-usage` prints numbers as texts; families without GPUs are left out, totals are kept."""
    rows = [
        usage(FAMILY, "96", "24"),
        usage("standardDSv5Family", "100"),
        usage("cores", "350", "30"),
        usage("lowPriorityCores", 100),
    ]
    taken, problems = take(rows, "usage.json", "East US")
    assert problems == []
    assert taken.usages == [
        Usage(region="eastus", family=FAMILY, limit=96, used=24),
        Usage(region="eastus", family="cores", limit=350, used=30),
        Usage(region="eastus", family="lowPriorityCores", limit=100, used=0),
    ]


def test_quotas_of_aws():
    """`aws service-quotas list-service-quotas` names region and account in every ARN, on demand and spot apart."""
    taken, problems = take({"Quotas": [quota("L-417A185B", 192.0), quota("L-C4BD4855", 384.0), quota("L-0", 5.0)]}, "q.json")
    assert problems == []
    assert taken.account == "000000000000"
    assert taken.usages == [
        Usage(region="us-east-1", family="Running On-Demand P instances", limit=192, used=0),
        Usage(region="us-east-1", family="All P5 Spot Instance Requests", limit=384, used=0),
    ]
    assert taken.unused == ["q.json has no usage: it counts as 0; record what runs there with `quota running`"]


@pytest.mark.parametrize(
    ("restrictions", "sold", "why"),
    [
        pytest.param([], {A100: ("1", "2")}, {}, id="sold in two zones"),
        pytest.param([refused("Location")], {}, {A100: "NotAvailableForSubscription"}, id="refused in the region"),
        pytest.param([refused("Zone", ["1"])], {A100: ("2",)}, {}, id="refused in one zone"),
        pytest.param([refused("Zone", ["1", "2"])], {}, {A100: "NotAvailableForSubscription"}, id="refused in all zones"),
    ],
)
def test_skus_of_azure(restrictions, sold, why):
    """`az vm list-skus` states by location and zone what the subscription may order."""
    rows = [sku(A100, *restrictions), sku("Standard_D4s_v5"), sku("Premium_LRS", kind="disks")]
    taken, problems = take(rows, "skus.json")
    assert (problems, taken.sold, taken.refused) == ([], {"eastus": sold}, {"eastus": why} if why else {})


@pytest.mark.parametrize(
    ("where", "zones"),
    [
        pytest.param(["us-east-1"], (), id="by region"),
        pytest.param(["us-east-1b", "us-east-1a"], ("us-east-1a", "us-east-1b"), id="by zone"),
        pytest.param(["us-east-1a", "us-east-1-bos-1a"], ("us-east-1-bos-1a", "us-east-1a"), id="with a Local Zone"),
        pytest.param(["us-east-1-wl1-bos-wlz-1"], ("us-east-1-wl1-bos-wlz-1",), id="a Wavelength Zone"),
    ],
)
def test_offerings_of_aws(where, zones):
    """`aws ec2 describe-instance-type-offerings` lists what a region or a zone offers."""
    offers = [{"InstanceType": "p5.48xlarge", "LocationType": "x", "Location": one} for one in where]
    taken, problems = take({"InstanceTypeOfferings": [*offers, {"InstanceType": "m5.large", "Location": where[0]}]}, "o.json")
    assert (problems, taken.sold) == ([], {"us-east-1": {"p5.48xlarge": zones}})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            [usage(FAMILY, "96")], "a list of usage, which names no region; expected the region it was read in", id="no region"
        ),
        pytest.param([usage(FAMILY, "many")], None, id="no number"),
        pytest.param({"a": 1}, f"a shape of no known command; expected {ACCEPTED}", id="another shape"),
        pytest.param([], f"a shape of no known command; expected {ACCEPTED}", id="an empty list"),
        pytest.param(
            {"Quotas": [{"QuotaCode": "L-417A185B", "Value": 1}]},
            "quotas without an ARN, which name no region; expected the region",
            id="quotas without an ARN",
        ),
        pytest.param(
            {"InstanceTypeOfferings": [{"InstanceType": "p5.48xlarge", "Location": "use1-az1"}]},
            "an offering at 'use1-az1'; expected a region or an availability zone",
            id="ids of zones",
        ),
    ],
)
def test_what_cannot_be_read(data, expected):
    """A list that leaves something open says what, and is not taken."""
    place = "" if expected else "eastus"
    found = [problem.headline for problem in take(data, "list.json", place)[1]]
    assert found == (
        [f"list.json: {expected} [KQ121]"]
        if expected
        else [f"list.json: {FAMILY}: limit is no number; expected whole numbers [KQ121]"]
    )


OFFER = {"InstanceType": "p5.48xlarge", "LocationType": "region", "Location": "us-east-1"}


@pytest.mark.parametrize(
    ("alone", "whole"),
    [
        pytest.param([quota("L-417A185B", 192.0)], {"Quotas": [quota("L-417A185B", 192.0)]}, id="quotas"),
        pytest.param([OFFER], {"InstanceTypeOfferings": [OFFER]}, id="offerings"),
        pytest.param([sku(A100)], {"value": [sku(A100)]}, id="sizes"),
        pytest.param([usage(FAMILY, "96")], {"value": [usage(FAMILY, "96")]}, id="use"),
    ],
)
def test_a_list_alone(alone, whole):
    """`--query` prints the list without what is around it, and the APIs what is around it."""
    assert take(alone, "list.json", "eastus") == take(whole, "list.json", "eastus")
    assert take(alone, "list.json", "eastus")[1] == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            {"Quotas": [quota("L-1", 1)], "NextToken": "x"}, "one page of several; expected the whole list", id="a page"
        ),
        pytest.param(
            {"value": [sku(A100)], "nextLink": "x"}, "one page of several; expected the whole list", id="a page of Azure"
        ),
        pytest.param({"Quotas": "x"}, f"a shape of no known command; expected {ACCEPTED}", id="a text for a list"),
        pytest.param({"Quotas": [5]}, f"a shape of no known command; expected {ACCEPTED}", id="a number for a quota"),
        pytest.param(
            [{**usage(FAMILY, "96"), "currentValue": None}],
            f"{FAMILY}: currentValue is no number; expected whole numbers",
            id="use that is not stated is not 0",
        ),
        *(
            pytest.param(
                [{**sku(A100), **wrong}], f"{A100}: {where} is not as the command prints it; expected {ACCEPTED}", id=where
            )
            for where, wrong in {
                "locationInfo.0": {"locationInfo": ["eastus"]},
                "locationInfo.0.zones": {"locationInfo": [{"location": "eastus", "zones": 1}]},
                "locations": {"locations": "eastus"},
                "restrictions": {"restrictions": 5},
                "restrictions.0": {"restrictions": ["x"]},
                "restrictions.0.restrictionInfo": {"restrictions": [{"restrictionInfo": "x"}]},
            }.items()
        ),
    ],
)
def test_lists_that_are_not_taken(data, told):
    """A page, a part that is not as the command prints it, and use that no one states are refused: none of it is guessed."""
    assert [problem.headline for problem in take(data, "list.json", "eastus")[1]] == [f"list.json: {told} [KQ121]"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"Quotas": []}, id="no quota"),
        pytest.param({"Quotas": [{"QuotaCode": ["x"]}, {"QuotaCode": "L-0"}]}, id="quotas of something else"),
        pytest.param({"InstanceTypeOfferings": []}, id="no offering"),
        pytest.param([usage("standardDSv5Family", "100")], id="no family with GPUs"),
    ],
)
def test_a_list_about_nothing(data):
    """A list without GPUs is taken, and reported to have none."""
    taken, problems = take(data, "list.json", "eastus")
    assert (problems, taken.unused) == ([], ["list.json has nothing about vCPUs or sizes with GPUs"])


def test_quotas_at_their_default():
    """A quota that was never raised has no account in its ARN, and a region all the same."""
    row = {**quota("L-417A185B", 0.0), "QuotaArn": "arn:aws:servicequotas:eu-west-1::ec2/L-417A185B"}
    taken, problems = take({"Quotas": [row]}, "q.json")
    assert (problems, taken.account, [usage.region for usage in taken.usages]) == ([], "", ["eu-west-1"])

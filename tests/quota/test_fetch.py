"""Limits and use as Azure states them, and every way in which it does not."""

import builtins

import pytest

from kaito_iac.quota import fetch as azure_usage
from kaito_iac.quota.fetch import Usage, read_usage

from .conftest import SUBSCRIPTION, TOKEN, refusal, usages

pytest.importorskip("azure.mgmt.compute")
A100 = ("standardNCADSA100v4Family", 96, 48)
LOCATIONS = "`az account list-locations --query [].name` lists them"


def said(problems):
    texts = [problem.text(indent="") for problem in problems]
    assert TOKEN not in "".join(texts)
    return texts


def test_what_is_kept(cloud):
    """GPU families, spot and all families are kept, over all pages and regions; other families are not."""
    cloud.at(
        "eastus",
        usages(("cores", 350, 88), ("standardDSv5Family", 100, 10), A100, more=f"{cloud.address}/next"),
    )
    cloud.answers["/next"] = [
        usages(("lowPriorityCores", 100, 0), ("Standard NVADSA10v5 Family", 72, 0), ("virtualMachines", 9, 1))
    ]
    cloud.at("westus", usages(("cores", -1, 0)))
    found, problems = read_usage(SUBSCRIPTION, ["East US", "eastus", "westus"])
    assert problems == []
    assert found == [
        Usage(region="eastus", family="cores", limit=350, used=88),
        Usage(region="eastus", family="standardNCADSA100v4Family", limit=96, used=48),
        Usage(region="eastus", family="lowPriorityCores", limit=100, used=0),
        Usage(region="eastus", family="Standard NVADSA10v5 Family", limit=72, used=0),
        Usage(region="westus", family="cores", limit=0, used=0),
    ]
    assert len(cloud.asked) == 3
    assert {authorization for _, authorization in cloud.asked} == {f"Bearer {TOKEN}"}


def test_throttling(cloud):
    """Azure says to wait, and is asked again."""
    wait = {"Retry-After": "0"}
    cloud.at("eastus", refusal(429, "TooManyRequests", **wait), refusal(429, "TooManyRequests", **wait), usages(A100))
    found, problems = read_usage(SUBSCRIPTION, ["eastus"])
    assert ([usage.used for usage in found], problems, len(cloud.asked)) == ([48], [], 3)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        pytest.param(
            refusal(429, "TooManyRequests", **{"Retry-After": "0"}),
            "Azure: too many requests, after 4 more tries; expected an answer [KQ120]\n  fix: try again in some minutes",
            id="throttled for good",
        ),
        pytest.param(
            refusal(403, "AuthorizationFailed"),
            f"Azure: no right to read the usage of {SUBSCRIPTION}; expected Microsoft.Compute/locations/usages/read [KQ120]"
            "\n  fix: ask for the role Reader on the subscription",
            id="no right",
        ),
        pytest.param(
            refusal(401, "InvalidAuthenticationToken"),
            "Azure: no login that Azure accepts; expected a login [KQ120]\n  fix: log in with `az login`, or set the "
            "variables of a service principal (AZURE_CLIENT_ID and so on)",
            id="a login that is over",
        ),
        pytest.param(
            refusal(404, "NoRegisteredProviderFound"),
            f"--region eastus: not a region Azure has; expected a region of the subscription [KQ120]\n  fix: {LOCATIONS}",
            id="no region",
        ),
        pytest.param(
            refusal(400, "InvalidLocation"),
            f"--region eastus: not a region Azure has; expected a region of the subscription [KQ120]\n  fix: {LOCATIONS}",
            id="no region, in other words",
        ),
        pytest.param(
            refusal(404, "SubscriptionNotFound"),
            f"--subscription: {SUBSCRIPTION} is not known to Azure; expected one of `az account list` [KQ120]",
            id="no subscription",
        ),
        pytest.param(
            refusal(409, "Conflict"),
            "Azure: answered 409 Conflict; expected limits and use [KQ120]\n  fix: try again later",
            id="anything else",
        ),
        pytest.param(
            (409, {"error": {"code": f"Bad {TOKEN}"}}, {}),
            "Azure: answered 409; expected limits and use [KQ120]\n  fix: try again later",
            id="a code that is none",
        ),
    ],
)
def test_refusals(cloud, answer, text):
    """What Azure refuses is reported in our words, without its message."""
    cloud.at("eastus", answer)
    found, problems = read_usage(SUBSCRIPTION, ["eastus"])
    assert found == []
    assert said(problems) == [text]


def test_every_region_is_tried(cloud):
    """Two wrong regions are reported at once; nothing is given of the one that was read."""
    cloud.at("eastus", usages(A100))
    found, problems = read_usage(SUBSCRIPTION, ["nowhere", "eastus", "noplace"])
    assert found == []
    assert [problem.path for problem in problems] == ["--region nowhere", "--region noplace"]


def test_no_network(cloud):
    """An address that no one answers at is reported as such."""
    cloud.answers["/redirect"] = []
    cloud.at("eastus", (200, {"value": [], "nextLink": "http://127.0.0.1:9/closed"}, {}))
    _, problems = read_usage(SUBSCRIPTION, ["eastus"])
    assert said(problems) == [
        "Azure: no answer (ServiceRequestError); expected an answer [KQ120]\n  fix: look at the network, proxy and firewall"
    ]


def test_no_login(monkeypatch):
    """Without any login the real credential says so, in our words."""
    from azure.core.exceptions import ClientAuthenticationError

    class Client:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        @property
        def usage(self):
            raise ClientAuthenticationError(f"DefaultAzureCredential failed with {TOKEN}")

    monkeypatch.setattr(azure_usage, "compute_client", lambda _: Client())
    _, problems = read_usage(SUBSCRIPTION, ["eastus"])
    assert [problem.headline for problem in problems] == ["Azure: no login that Azure accepts; expected a login [KQ120]"]


def test_an_error_of_ours_is_not_hidden(monkeypatch, cloud):
    """What is no error of the SDK is a defect, and not reported as Azure's."""
    cloud.at("eastus", usages(A100))
    monkeypatch.setattr(azure_usage, "_kept", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read_usage(SUBSCRIPTION, ["eastus"])


def test_without_the_extra(monkeypatch):
    """Without the SDK the extra is named."""
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("azure"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    _, problems = read_usage(SUBSCRIPTION, ["eastus"])
    assert said(problems) == [
        "quota fetch: azure-identity and azure-mgmt-compute are not installed; expected the extra quota [KS224]"
        "\n  fix: pip install 'kaito-iac[quota] @ git+https://example.com/kaito-iac'"
    ]


def test_no_id():
    """A subscription is named by its id, which is looked at before anybody is asked."""
    _, problems = read_usage("../research", ["eastus"])
    assert said(problems) == [
        "--subscription: '../research'; expected an id such as 00000000-0000-0000-0000-000000000000 [KQ120]"
        "\n  fix: `az account list` lists the IDs"
    ]

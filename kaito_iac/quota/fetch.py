"""Asks Azure what limits and use of vCPUs a subscription has; the only module that does."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.demand.demand import region_key
from kaito_iac.problem import Problem
from kaito_iac.project_url import pip_install
from kaito_iac.quota.model import ALL_FAMILIES, SPOT, family_key

SOURCE: Final = "Azure Resource Manager, Microsoft.Compute usages"
"""Source of the figures, as a file names it."""
RETRIES: Final = 4
"""How often a request is repeated when Azure asks to wait."""
_GPU_FAMILY: Final = re.compile(r"standard\s*n", re.IGNORECASE)
"""How names of families of GPU sizes begin."""
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CODE: Final = re.compile(r"[A-Za-z]{1,60}")
_REGION_CODES: Final = ("NoRegisteredProviderFound", "InvalidLocation", "LocationNotFound", "LocationNotAvailable")
_SUBSCRIPTION_CODES: Final = ("SubscriptionNotFound", "InvalidSubscriptionId", "SubscriptionNotRegistered")
_LOGIN: Final = "log in with `az login`, or set the variables of a service principal (AZURE_CLIENT_ID and so on)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """vCPUs of one family in one region, as Azure reports them."""

    region: str
    family: str
    limit: int
    used: int


def compute_client(subscription: str) -> Any:
    """Make the client that asks, with whatever login is found; raises ImportError without the extra `quota`."""
    from azure.identity import DefaultAzureCredential
    from azure.mgmt.compute import ComputeManagementClient

    logging.getLogger("azure").addHandler(logging.NullHandler())  # failures are reported here, once
    return ComputeManagementClient(DefaultAzureCredential(), subscription, retry_total=RETRIES)


def read_usage(subscription: str, regions: Sequence[str]) -> tuple[list[Usage], list[Problem]]:
    """Return limits and use of GPU families, spot and all families in the regions; or every problem."""
    if not _ID.fullmatch(subscription):
        accepted = "an id such as 00000000-0000-0000-0000-000000000000"
        return [], [Problem("KQ120", "--subscription", f"{subscription!r}", accepted, "`az account list` lists the IDs")]
    try:
        client = compute_client(subscription)
    except ImportError:
        message, fix = "azure-identity and azure-mgmt-compute are not installed", pip_install(("quota",))
        return [], [Problem("KS224", "quota fetch", message, "the extra quota", fix)]
    found: list[Usage] = []
    problems: list[Problem] = []
    with client:
        for region in dict.fromkeys(map(region_key, regions)):
            try:
                found += _kept(region, client.usage.list(region))
            except Exception as error:
                problem = refused(error, subscription, region)
                if problem is None:
                    raise
                problems.append(problem)
                if problem.path != f"--region {region}":
                    break
    return ([], problems) if problems else (found, [])


def kept_family(family: str) -> bool:
    """Return whether nodes with GPUs count against a family of Azure, or it is a total."""
    return bool(_GPU_FAMILY.match(family)) or family_key(family) in (family_key(SPOT), family_key(ALL_FAMILIES))


def _kept(region: str, entries: Iterable[Any]) -> Iterator[Usage]:
    """Keep the families that nodes with GPUs count against, and the totals."""
    for entry in entries:
        family = entry.name.value if entry.name else None
        if family and kept_family(family):
            yield Usage(region=region, family=family, limit=max(entry.limit, 0), used=max(entry.current_value, 0))


def refused(error: Exception, subscription: str, region: str) -> Problem | None:
    """Return what an error of the SDK means to the user, in our words alone: theirs may hold tokens; None: not theirs."""
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

    if not isinstance(error, AzureError):
        return None
    status = getattr(error, "status_code", None)
    code = _code(error) if isinstance(error, HttpResponseError) else ""
    if code.startswith(_SUBSCRIPTION_CODES):
        return unanswered("--subscription", f"{subscription} is not known to Azure", "one of `az account list`", "")
    if code.startswith(_REGION_CODES) or status == 404:
        fix = "`az account list-locations --query [].name` lists them"
        return unanswered(f"--region {region}", "not a region Azure has", "a region of the subscription", fix)
    if status == 403:
        fix = "ask for the role Reader on the subscription"
        return unanswered(
            "Azure", f"no right to read the usage of {subscription}", "Microsoft.Compute/locations/usages/read", fix
        )
    if isinstance(error, ClientAuthenticationError) or status == 401:
        return unanswered("Azure", "no login that Azure accepts", "a login", _LOGIN)
    if status == 429:
        return unanswered("Azure", f"too many requests, after {RETRIES} more tries", "an answer", "try again in some minutes")
    if status is None:
        return unanswered("Azure", f"no answer ({type(error).__name__})", "an answer", "look at the network, proxy and firewall")
    return unanswered("Azure", f"answered {status}{f' {code}' if code else ''}", "limits and use", "try again later")


def _code(error: Any) -> str:
    """Return the code of an error of Azure Resource Manager: letters alone."""
    named = getattr(getattr(error, "error", None), "code", None)
    return named if isinstance(named, str) and _CODE.fullmatch(named) else ""


def unanswered(path: str, found: str, accepted: str, fix: str) -> Problem:
    """Return what a cloud did not answer, and what to do about it."""
    return Problem("KQ120", path, found, accepted, fix)

"""Asks AWS what limits and use of vCPUs an account has, and which GPU sizes its regions sell; the only module that does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.catalog.quota_family import ec2_family
from kaito_iac.problem import Problem
from kaito_iac.quota.fetch import Usage, unanswered
from kaito_iac.quota.intake import Taken, take

SOURCE: Final = "AWS Service Quotas and EC2"
"""Source of the figures, as a file names it."""
ACCOUNT: Final = re.compile(r"\d{12}")
RETRIES: Final = 4
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_LOGIN: Final = "log in with `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_NO_LOGIN: Final = ("UnrecognizedClient", "InvalidClientTokenId", "ExpiredToken", "AuthFailure", "InvalidSignature", "Signature")
_DENIED: Final = ("AccessDenied", "UnauthorizedOperation", "OptInRequired")
_RIGHTS: Final = "servicequotas:ListServiceQuotas, ec2:DescribeInstances and ec2:DescribeInstanceTypeOfferings"


def clients(region: str) -> tuple[Any, ...]:
    """Make the clients of Service Quotas and EC2, with whatever login is found; raises ImportError without the extra `aws`."""
    import botocore.session
    from botocore.config import Config

    session = botocore.session.get_session()
    config = Config(retries={"max_attempts": RETRIES, "mode": "standard"})
    return tuple(session.create_client(name, region_name=region, config=config) for name in ("service-quotas", "ec2"))


def read_account(account: str, regions: Sequence[str]) -> tuple[list[Usage], Taken, list[Problem]]:
    """Return limits, use and sold sizes of the GPU families of an account in the regions; or every problem."""
    if not ACCOUNT.fullmatch(account):
        return (
            [],
            Taken(),
            [unanswered("--subscription", f"'{account}'", "the 12 digits of an AWS account", "aws sts get-caller-identity")],
        )
    usages: list[Usage] = []
    taken = Taken()
    problems: list[Problem] = []
    for region in dict.fromkeys(regions):
        if not _REGION.fullmatch(region):
            problems.append(unanswered(f"--region {region}", "not a region of AWS", "a region such as us-east-1", ""))
            continue
        try:
            quotas, ec2 = clients(region)
            usages += _usages(account, region, quotas, ec2, problems)
            offers = {"InstanceTypeOfferings": _pages(ec2, "describe_instance_type_offerings", "InstanceTypeOfferings", _ZONES)}
            taken.sold |= take(offers, region)[0].sold
        except ImportError:
            message, fix = "botocore is not installed", "pip install 'kaito-iac[aws]'"
            return [], Taken(), [Problem("KS224", "quota fetch", message, "the extra aws", fix)]
        except Exception as error:
            problem = refused(error, region)
            if problem is None:
                raise
            problems.append(problem)
            if problem.path != f"--region {region}":
                break
    return ([], Taken(), problems) if problems else (usages, taken, [])


_ZONES: Final = {"LocationType": "availability-zone"}
_RUNNING: Final = {"Filters": [{"Name": "instance-state-name", "Values": ["pending", "running"]}]}


def _usages(account: str, region: str, quotas: Any, ec2: Any, problems: list[Problem]) -> Iterator[Usage]:
    rows = _pages(quotas, "list_service_quotas", "Quotas", {"ServiceCode": "ec2"})
    read, _ = take({"Quotas": rows}, region, region)
    if read.account not in ("", account):
        message = f"the login is of account {read.account}"
        problems.append(unanswered("--subscription", message, f"a login of {account}", "choose the profile with AWS_PROFILE"))
        return
    used = used_vcpus(_pages(ec2, "describe_instances", "Reservations", _RUNNING))
    for usage in read.usages:
        yield Usage(region=region, family=usage.family, limit=usage.limit, used=used.get(usage.family, 0))


def used_vcpus(reservations: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the vCPUs of running instances by quota, on demand and spot apart."""
    found: dict[str, int] = {}
    for reservation in reservations:
        for instance in reservation.get("Instances", ()):
            family = ec2_family(str(instance.get("InstanceType", "")), spot=instance.get("InstanceLifecycle") == "spot")
            cores = instance.get("CpuOptions") or {}
            vcpus = int(cores.get("CoreCount", 0)) * int(cores.get("ThreadsPerCore", 1))
            if family:
                found[family] = found.get(family, 0) + vcpus
    return found


def _pages(client: Any, operation: str, key: str, asked: Mapping[str, Any]) -> list[Any]:
    """Return the entries of all pages of an answer."""
    return [row for page in client.get_paginator(operation).paginate(**asked) for row in page.get(key, ())]


def refused(error: Exception, region: str) -> Problem | None:
    """Return what an error of the SDK means to the user, in our words alone: theirs may hold keys; None: not theirs."""
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, NoCredentialsError, PartialCredentialsError

    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return unanswered("AWS", "no login", "a login", _LOGIN)
    if isinstance(error, ConnectionError):
        fix = "look at the name of the region, the network, proxy and firewall"
        return unanswered(f"--region {region}", f"no answer ({type(error).__name__})", "an answer", fix)
    if isinstance(error, BotoCoreError):
        return unanswered(
            "AWS", f"cannot be asked ({type(error).__name__})", "a profile and a region that botocore reads", _LOGIN
        )
    if not isinstance(error, ClientError):
        return None
    code = re.sub(r"[^A-Za-z.]", "", str(error.response.get("Error", {}).get("Code", "")))[:60]
    if code.startswith(_NO_LOGIN):
        return unanswered("AWS", "no login that AWS accepts", "a login", _LOGIN)
    if code.startswith(_DENIED):
        return unanswered("AWS", f"no right to read quotas and use in {region}", _RIGHTS, "ask for a policy with these actions")
    if code.startswith(("Throttling", "TooManyRequests", "RequestLimitExceeded")):
        return unanswered("AWS", f"too many requests, after {RETRIES} tries", "an answer", "try again in some minutes")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return unanswered("AWS", f"answered {status} {code}".rstrip(), "limits and use", "try again later")

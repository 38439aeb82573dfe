"""The options that several commands share, and the checks of values that the catalogue knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.cli.command import BadParameter, Option
from kaito_iac.cli.gate_files import plans, price_file, quota_file
from kaito_iac.cli.reply import Refused
from kaito_iac.project_url import page_url


def region_names() -> Sequence[str]:
    """Return the regions that prices are on record for."""
    from kaito_iac.catalog.price import regions

    return sorted({region for cloud in CLOUDS for region in regions(cloud)})


def release_names() -> Sequence[str]:
    """Return the releases of KAITO that can be judged by."""
    from kaito_iac.catalog.judged_release import judged_releases

    return judged_releases()


def choice(known: Callable[[], Sequence[str]]) -> Callable[[str | None], str | None]:
    """Return a check that takes one of the known names in any case and return it as it is written."""

    def check(value: str | None) -> str | None:
        if value is None:
            return None
        for name in known():
            if name.lower() == value.strip().lower():
                return name
        raise BadParameter(f"{value!r} is none of {', '.join(known())}")

    check.known = known  # type: ignore[attr-defined]  # what a shell completes
    return check


def _codes(values: Sequence[str]) -> list[str]:
    """Take problem codes in any case; one that there is not is a usage error."""
    from kaito_iac.code import CODES

    for value in values:
        if value.upper() not in CODES:
            raise BadParameter(f"{value!r} is no problem code, such as KS238; `kaito-iac explain CODE` explains one")
    return [value.upper() for value in values]


def _code_names() -> Sequence[str]:
    from kaito_iac.code import CODES

    return tuple(CODES)


Ignore = Annotated[
    list[str] | None,
    Option(
        "--ignore",
        metavar="CODE",
        help="Leave out problems of this code; may be repeated.",
        check=_codes,
        complete=_code_names,
        key="ignore",
        unless=("models",),
    ),
]
Strict = Annotated[bool, Option("--strict", help="Count warnings as errors: exit code 1.", key="strict", unless=("models",))]
Json = Annotated[bool, Option("--json", help=f"Print JSON; its shape: {page_url('reference/cli-json.md')}")]
References = Annotated[
    Path | None,
    Option("--references", metavar="FILE", help="Outputs of other stacks, JSON: organization/project/stack to outputs."),
]
Invokes = Annotated[
    Path | None,
    Option(
        "--invokes",
        metavar="FILE",
        help="Results of provider functions: JSON list of {token, args, result}, or a log of PULUMI_DEBUG_GRPC.",
    ),
]


def _stack(value: str | None) -> str | None:
    """Take a name that Pulumi takes for a stack, with its organization and project or without."""
    if value is None or re.fullmatch(r"((?!\.+/)[\w.-]{1,100}/){0,2}[\w.-]{1,100}", value, re.ASCII):
        return value
    raise BadParameter(f"{value[:40]!r} is no name of a stack: letters, digits, '-', '_' and '.', at most 100")


Stack = Annotated[str | None, Option("--stack", "-s", metavar="NAME", help="Stack whose configuration is used.", check=_stack)]
Config = Annotated[list[str] | None, Option("--config", "-c", metavar="KEY=VALUE", help="Configuration value; may be repeated.")]


def _packs() -> Sequence[str]:
    from kaito_iac.rules.shipped import NAMES

    return NAMES


PolicyPacks = Annotated[
    list[Path] | None,
    Option("--policy-pack", "-p", metavar="DIR", help="Policy pack to apply; may be repeated.", complete=_packs, key="packs"),
]


def _starters() -> Sequence[str]:
    from kaito_iac.rules.shipped import STARTERS

    return STARTERS


PolicyConfig = Annotated[
    Path | None,
    Option(
        "--policy-config",
        metavar="FILE",
        help="Configuration of the policy packs: JSON file, or production, sandbox or team of the shipped ones; "
        "with --quota its waivers and declared demand.",
        complete=_starters,
        key="policy-config",
    ),
]


def _provisioners() -> Sequence[str]:
    from kaito_iac.admission.verdict import PROVISIONERS

    return PROVISIONERS


Provisioner = Annotated[
    str | None,
    Option(
        "--provisioner",
        metavar="NAME",
        help="nodeProvisioner of KAITO's chart: azure-gpu-provisioner (default), karpenter or byo.",
        check=choice(_provisioners),
        key="provisioner",
    ),
]


def _gates(pairs: Sequence[str]) -> list[str]:
    """Refuse a feature gate that KAITO does not have, and one without a value."""
    from kaito_iac.admission.stated_installation import gates_of

    try:
        gates_of(pairs)
    except ValueError as error:
        raise BadParameter(str(error)) from error
    return list(pairs)


FeatureGates = Annotated[
    list[str] | None,
    Option("--feature-gate", metavar="NAME=BOOL", help="Feature gate of KAITO; may be repeated.", check=_gates, key="gates"),
]
Region = Annotated[
    str | None,
    Option("--region", metavar="NAME", help="Region for prices and quota.", complete=region_names, key="region"),
]
Quota = Annotated[
    Path | None,
    Option(
        "--quota",
        metavar="FILE",
        help="Quota file: limits, usage and budgets, YAML.",
        check=quota_file,
        key="quota",
        unless=("models",),
    ),
]
Prices = Annotated[
    Path | None,
    Option(
        "--prices",
        metavar="FILE",
        help="Your own prices, discounts and currency, YAML. Default: list prices.",
        check=price_file,
        key="prices",
        unless=("models",),
    ),
]
Ledger = Annotated[
    list[Path] | None,
    Option(
        "--ledger",
        metavar="PATH",
        help="Plans of other stacks, JSON: a file or a folder; may be repeated.",
        check=plans,
        key="ledger",
    ),
]
Subscription = Annotated[
    str,
    Option(
        "--subscription",
        metavar="NAME",
        help="Subscription (id or name) to check quota against. Default: azure-native:subscriptionId.",
        key="subscription",
        unless=("models",),
    ),
]
Timeout = Annotated[
    float | None,
    Option("--timeout", metavar="MINUTES", min=0.01, max=10_080, help="Maximum run time of the program. Default: 10."),
]
CLOUD_NAMES: Final = "|".join(CLOUDS)


Cloud = Annotated[
    str | None,
    Option(
        "--cloud",
        metavar=CLOUD_NAMES,
        help="Only sizes of this cloud.",
        check=choice(lambda: CLOUDS),
        key="cloud",
        unless=("name", "size", "models"),
    ),
]


def _release(value: str | None) -> str | None:
    """Take a release with or without `v`, or the beginning of one alone."""
    from kaito_iac.catalog.judged_release import judged_releases

    if value is None:
        return None
    known, named = judged_releases(), value.strip().removeprefix("v")
    found = [one for one in known if one == named] or [one for one in known if one.startswith(f"{named}.")]
    if len(found) == 1:
        return found[0]
    raise BadParameter(f"{value!r} is none of {', '.join(known)}")


KaitoRelease = Annotated[
    str | None,
    Option(
        "--kaito-version",
        metavar="VERSION",
        help="KAITO release whose rules apply. Default: 0.12.0.",
        check=_release,
        complete=release_names,
        key="kaito-version",
    ),
]


def key_values(pairs: Sequence[str] | None) -> dict[str, str]:
    """Read `key=value` pairs; a key twice, or a pair without `=`, is a usage error."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise BadParameter(f"{pair!r} is no KEY=VALUE", param_hint="--config")
        if key.strip() in found:
            raise BadParameter(f"{key.strip()!r} is given twice", param_hint="--config")
        found[key.strip()] = value
    return found


def together(packs: Sequence[Path] | None, policy_config: Path | None, ledger: object, quota: object) -> Path | None:
    """Refuse options that have no effect without another one; return the file of the configuration of the packs."""
    if policy_config is not None and not packs and quota is None:
        raise BadParameter("needs --policy-pack, the pack that it configures, or --quota", param_hint="--policy-config")
    if ledger and quota is None:
        raise BadParameter("needs --quota, the limits with which the plans are compared", param_hint="--ledger")
    if policy_config is None:
        return None
    from kaito_iac.rules.policy_config import read_file
    from kaito_iac.rules.shipped import configuration

    found = configuration(policy_config, tuple(packs or ()))
    problems = read_file(found)[1]
    if problems:
        raise Refused("--policy-config", problems)
    return found

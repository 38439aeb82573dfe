"""The options that several commands share, and the checks of values that the catalogue knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from kaito_iac.catalog.record import CLOUDS

Json = Annotated[bool, typer.Option("--json", help="Print JSON; its shape is in docs/reference/cli-json.md.")]
References = Annotated[
    Path | None,
    typer.Option("--references", metavar="FILE", help="Outputs of other stacks, JSON: organization/project/stack to outputs."),
]
Stack = Annotated[str | None, typer.Option("--stack", "-s", metavar="NAME", help="Stack whose configuration is used.")]
Config = Annotated[
    list[str] | None, typer.Option("--config", "-c", metavar="KEY=VALUE", help="Configuration value; may be repeated.")
]
PolicyPacks = Annotated[
    list[Path] | None, typer.Option("--policy-pack", "-p", metavar="DIR", help="Policy pack to judge by; may be repeated.")
]
PolicyConfig = Annotated[
    Path | None, typer.Option("--policy-config", metavar="FILE", help="Configuration of the policy packs, JSON.")
]
Region = Annotated[str | None, typer.Option("--region", metavar="NAME", help="Region for prices and quota.")]
Quota = Annotated[Path | None, typer.Option("--quota", metavar="FILE", help="Dated limits, use and budgets, YAML.")]
Prices = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help="Rates of your own, discounts and currency, YAML; default: list prices."),
]
Ledger = Annotated[
    list[Path] | None,
    typer.Option("--ledger", metavar="PATH", help="Plans of other stacks, JSON: a file or a folder; may be repeated."),
]
Subscription = Annotated[
    str,
    typer.Option("--subscription", metavar="NAME", help="Id or name of the one that pays. Default: azure-native:subscriptionId."),
]
CLOUD_NAMES: Final = "|".join(CLOUDS)


def choice(known: Callable[[], Sequence[str]]) -> Callable[[str | None], str | None]:
    """Return a check that takes one of the known names in any case and return it as it is written."""

    def check(value: str | None) -> str | None:
        if value is None:
            return None
        for name in known():
            if name.lower() == value.strip().lower():
                return name
        raise typer.BadParameter(f"{value!r} is none of {', '.join(known())}")

    return check


Cloud = Annotated[
    str | None,
    typer.Option("--cloud", metavar=CLOUD_NAMES, help="Only sizes of this cloud.", callback=choice(lambda: CLOUDS)),
]


def key_values(pairs: Sequence[str] | None) -> dict[str, str]:
    """Read `key=value` pairs; a key twice, or a pair without `=`, is a usage error."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise typer.BadParameter(f"{pair!r} is no KEY=VALUE", param_hint="--config")
        if key.strip() in found:
            raise typer.BadParameter(f"{key.strip()!r} is given twice", param_hint="--config")
        found[key.strip()] = value
    return found

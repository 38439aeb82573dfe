"""The commands of the quota file: fetch it from a cloud, record what runs, show what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from kaito_iac.cli.command import Argument, Group, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Config, Json, Ledger, Prices, References, Stack, Subscription, key_values
from kaito_iac.cli.printing import emit


def fetch(
    subscription: Annotated[str, Option("--subscription", metavar="ID", help="Azure subscription, or AWS account (12 digits).")],
    region: Annotated[list[str], Option("--region", metavar="NAME", help="Region to read; may be repeated.")],
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="FILE", help="File to write; its budgets and comments are kept. Default: print it."),
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """Write the quota file from Azure or AWS: limits, usage, sizes. Needs a login, and the extra `quota` or `aws`."""
    from kaito_iac.cli.quota_fetching import fetch as fetched

    return emit(fetched(subscription, region, output), as_json=as_json)


def take_in(
    files: Annotated[
        list[Path],
        Argument(
            metavar="FILE...",
            help="JSON of az vm list-usage or list-skus, aws service-quotas list-service-quotas or "
            "ec2 describe-instance-type-offerings; - reads stdin.",
        ),
    ],
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="FILE", help="Quota file to update; other parts are kept. Default: print it."),
    ] = None,
    subscription: Annotated[str, Option("--subscription", metavar="ID", help="Subscription or account of the files.")] = "",
    region: Annotated[str | None, Option("--region", metavar="NAME", help="Region of a list without a region.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """Write the quota file with limits, usage and available sizes from saved output of the Azure or AWS CLI. No network."""
    from kaito_iac.cli.quota_importing import take_in as taken

    return emit(taken(files, output, region=region, subscription=subscription), as_json=as_json)


def show(
    program: Annotated[
        Path | None,
        Argument(metavar="[PROGRAM]", help="Folder of a stack program. Default: only the usage in the file."),
    ] = None,
    stack: Stack = None,
    config: Config = None,
    quota: Annotated[
        Path, Option("--quota", metavar="FILE", help="Quota file: limits, usage and budgets, YAML. Default: quota.yaml.")
    ] = Path("quota.yaml"),
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Annotated[str | None, Option("--region", metavar="NAME", help="Region of resources without a region.")] = None,
    references: References = None,
    prices: Prices = None,
    as_json: Json = False,
) -> ExitCode:
    """Show limit, usage, other stacks, this stack and the remainder by region and family, and budgets. Exit code 1 when over."""
    from kaito_iac.cli.quota_showing import show as shown
    from kaito_iac.planning.request import Limits, Program

    limits = Limits(ledger=tuple(ledger or ()), subscription=subscription, region=region, prices=prices)
    ran = Program(program, stack, key_values(config), references) if program else None
    return emit(shown(ran, quota, limits), as_json=as_json)


def running(
    files: Annotated[
        list[Path],
        Argument(metavar="FILE...", help="Output of `pulumi stack export`; - reads stdin."),
    ],
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="FILE", help="Quota file to update; other parts are kept. Default: print it."),
    ] = None,
    subscription: Subscription = "",
    region: Annotated[str | None, Option("--region", metavar="NAME", help="Region of resources without a region.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """Report from saved states what stacks run already: vCPUs by region and family, autoscaled pools at their minimum."""
    from kaito_iac.cli.quota_running import running as found

    return emit(found(files, output, subscription=subscription, region=region), as_json=as_json)


quota = Group("quota", help="Fetch or import limits and usage, record what stacks run, show what is left.")
quota.add("", {"fetch": fetch, "import": take_in, "show": show, "running": running})

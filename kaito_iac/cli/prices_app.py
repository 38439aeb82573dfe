"""The command `prices refresh` and its options: parsing only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from kaito_iac.cli.command import BadParameter, Group, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Json, choice
from kaito_iac.cli.printing import emit


def refresh(
    output: Annotated[Path, Option("--output", "-o", metavar="FILE", help="Price file that is written.")] = Path("prices.yaml"),
    cloud: Annotated[
        str, Option("--cloud", metavar="azure|aws", help="Cloud of the prices.", check=choice(lambda: ("azure", "aws")))
    ] = "azure",
    region: Annotated[
        list[str] | None,
        Option("--region", metavar="NAME", help="Region; may be repeated. Default: those of the file, else eastus or us-east-1."),
    ] = None,
    saved: Annotated[
        list[Path] | None,
        Option("--from", metavar="FILE", help="Saved answer instead of the network: Azure's JSON, AWS's CSV; may be repeated."),
    ] = None,
    url: Annotated[str, Option("--url", metavar="URL", help="Address of a mirror of the price list.")] = "",
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would change; write nothing.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """Read published prices of nodes (Azure's retail price API, AWS's price list) into a dated file for `--prices`."""
    from kaito_iac.cli.price_refreshing import refresh as work

    wrong = next((name for name in region or () if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", name)), None)
    if wrong is not None:
        raise BadParameter(f"{wrong!r} is no name of a region", param_hint="--region")
    if saved and (region or url):
        raise BadParameter("reads saved answers, so --region and --url have no meaning", param_hint="--from")
    reply = work(output, cloud=cloud, regions=tuple(region or ()), files=tuple(saved or ()), address=url, dry_run=dry_run)
    return emit(reply, as_json=as_json)


prices = Group("prices", help="Update a price file with the published prices of the clouds.")
prices.add("", {"refresh": refresh})

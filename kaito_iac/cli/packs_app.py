"""The commands of policy packs: where the shipped ones lie, for the Pulumi CLI and for copies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from kaito_iac.cli.command import Argument, Group, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Json, choice
from kaito_iac.cli.printing import emit
from kaito_iac.cli.reply import Reply


def _names() -> Sequence[str]:
    from kaito_iac.rules.shipped import NAMES

    return NAMES


def _configurations() -> Sequence[str]:
    """Return the names of the starting configurations, which every pack has."""
    from kaito_iac.rules.shipped import STARTERS

    return STARTERS


def list_(as_json: Json = False) -> ExitCode:
    """List the shipped policy packs with their folders."""
    from kaito_iac.rules.shipped import NAMES, packs_folder

    folders = {name: str(packs_folder() / name) for name in NAMES}
    return emit(
        Reply(data=folders, text=lambda page: "".join(f"{name}\t{path}\n" for name, path in folders.items())), as_json=as_json
    )


def path(
    name: Annotated[str, Argument(help="A shipped pack.", complete=_names)],
    config: Annotated[
        str | None,
        Option(
            "--config",
            metavar="NAME",
            help="Print the path of this configuration: config, production, sandbox or team.",
            check=choice(_configurations),
        ),
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """Print the folder of a shipped pack, as `pulumi preview --policy-pack` takes it, or the file of a configuration."""
    from kaito_iac.rules.shipped import packs_folder

    folder = packs_folder() / str(choice(_names)(name))
    found: Path = folder if config is None else folder / f"{config}.json"
    return emit(Reply(data={"path": str(found)}, text=lambda page: f"{found}\n"), as_json=as_json)


packs = Group("packs", help="Find the shipped policy packs, for the Pulumi CLI and for copies.")
packs.add("", {"list": list_, "path": path})

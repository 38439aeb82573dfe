"""The command `data` and its options: parsing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

from kaito_iac.cli.command import Argument, BadParameter, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Ignore, Json, Strict
from kaito_iac.cli.printing import emit
from kaito_iac.cli.strictness import Strictness


def data(
    files: Annotated[list[Path], Argument(metavar="FILE...", help="Data of a tuning job: jsonl, json, csv or parquet.")],
    preset: Annotated[
        str | None, Option("--preset", metavar="NAME", help="Tuning preset whose training and GPUs are used.")
    ] = None,
    training: Annotated[
        Path | None,
        Option("--training", metavar="FILE", help="training_config.yaml, or a ConfigMap with it. Default: KAITO's template."),
    ] = None,
    gpus: Annotated[
        int | None, Option("--gpus", metavar="NUMBER", help="GPUs of the node. Default: the preset's, else 1.")
    ] = None,
    strict: Strict = False,
    ignore: Ignore = None,
    as_json: Json = False,
) -> ExitCode:
    """Check tuning data before a GPU node exists: format, columns, rows, tokens, steps. Exit code 1 when a job would fail."""
    from kaito_iac.cli.data_checking import check

    if gpus is not None and not 0 < gpus <= 64:
        raise BadParameter(f"{gpus} is not from 1 to 64", param_hint="--gpus")
    return emit(
        check(files, preset=preset, training=training, gpus=gpus, strictness=Strictness(frozenset(ignore or ()), strict)),
        as_json=as_json,
    )


COMMANDS: Final[Mapping[str, Callable[..., ExitCode]]] = {"data": data}
"""By name."""

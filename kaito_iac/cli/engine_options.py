"""The options by which a plan asks the engine, and which of the others go with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from kaito_iac.cli.command import BadParameter, Option

if TYPE_CHECKING:
    from kaito_iac.cli.planning import Engine

Preview = Annotated[bool, Option("--preview", help="Run `pulumi preview` and check its result: any language, real outputs.")]
Events = Annotated[
    Path | None,
    Option("--events", metavar="FILE", help="Check events that the engine wrote, plain or gzipped; - reads stdin."),
]
Digest = Annotated[
    Path | None,
    Option("--digest", metavar="FILE", help="With --events: the document of `pulumi preview --json` of the same run."),
]


def engine_asked(
    preview: bool, events: Path | None, digest: Path | None, *, offline: tuple[object, ...], run: tuple[object, ...]
) -> Engine | None:
    """Return what the engine is asked for; None: nothing, the program runs offline.

    `offline` holds options of offline runs alone, `run` those of whatever runs a program.
    """
    if digest is not None and events is None:
        raise BadParameter("goes with --events, of the same run", param_hint="--digest")
    if not preview and events is None:
        return None
    if preview and events is not None:
        raise BadParameter("excludes --preview: events are those of a run that was", param_hint="--events")
    if any(offline):
        raise BadParameter("say what an offline run cannot see; the engine sees it", param_hint="--references, --invokes")
    if events is not None and any(run):
        raise BadParameter("go with a run of the program, and --events runs none", param_hint="--config, --timeout")
    from kaito_iac.cli.planning import Engine

    return Engine(events, digest)

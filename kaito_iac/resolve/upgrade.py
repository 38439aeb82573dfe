"""Resolves upgrades of the base image of a set: the window is read as KAITO's webhook reads it."""

from __future__ import annotations

from typing import Any

from kaito_iac.admission.vocabulary import UPGRADES
from kaito_iac.kinds.nested import AutoUpgradeArgs, MaintenanceWindowArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.kubernetes.cron import cron_problem, duration_seconds, opens
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown


def resolve_upgrade(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `auto_upgrade`; empty when it is left out. Schedule and duration may be Outputs."""
    upgrade = reader.inner("auto_upgrade", keys_of(AutoUpgradeArgs))
    if not upgrade.args:
        return {}
    enabled = upgrade.flag("enabled", True)
    strategy = upgrade.text("strategy", choices=UPGRADES)
    window = upgrade.inner("maintenance_window", keys_of(MaintenanceWindowArgs))
    times = {"schedule": window.late("schedule", schedule), "duration": window.late("duration", duration)}
    if window.args and times["schedule"] is None:
        window.add(Problem("KS225", window.path("schedule"), "missing", "five cron fields in UTC, such as '0 2 * * 6'"))
    window.add(_never(window.path("schedule"), times["schedule"]))
    upgrade.take(window)
    reader.take(upgrade)
    given = {key: value for key, value in times.items() if value is not None}
    return {
        "enabled": enabled,
        **({"strategy": strategy} if strategy else {}),
        **({"maintenanceWindow": given} if given else {}),
    }


def schedule(path: str, value: Any) -> Problem | None:
    """Check for a cron schedule of five fields, or a word such as @daily."""
    told = cron_problem(value) if isinstance(value, str) else shown(value)
    return Problem("KS225", path, told, "five cron fields, such as '0 2 * * 6'") if told else None


def duration(path: str, value: Any) -> Problem | None:
    """Check for a duration above nothing as Go writes it, such as 4h or 1h30m."""
    seconds = duration_seconds(value) if isinstance(value, str) else None
    good = seconds is not None and seconds > 0
    return None if good else Problem("KS225", path, shown(value), "a duration above 0, such as 4h or 1h30m")


def _never(path: str, value: Any) -> Problem | None:
    if not isinstance(value, str) or cron_problem(value) or opens(value):
        return None
    return Problem("KS240", path, f"{shown(value)} names no day that exists", "a day that exists", severity="warning")

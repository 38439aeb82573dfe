"""Reads upgrades of the base image of a set, as KAITO takes them."""

from __future__ import annotations

from typing import Any

from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import AutoUpgradeArgs, MaintenanceWindowArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import some_text


def resolve_upgrade(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `auto_upgrade`; empty when it is left out. Schedule and duration may be Outputs."""
    upgrade = reader.inner("auto_upgrade", AutoUpgradeArgs)
    if not upgrade.args:
        return {}
    enabled = upgrade.flag("enabled", True)
    strategy = upgrade.text("strategy")
    window = upgrade.inner("maintenance_window", MaintenanceWindowArgs)
    times = {"schedule": window.late("schedule", some_text), "duration": window.late("duration", some_text)}
    if window.args and times["schedule"] is None:
        window.add(Problem("KS102", window.path("schedule"), "missing", "five cron fields in UTC, such as '0 2 * * 6'"))
    upgrade.take(window)
    reader.take(upgrade)
    given = write(MaintenanceWindowArgs, times)
    return write(AutoUpgradeArgs, {"enabled": enabled, "strategy": strategy, "maintenance_window": given or None})

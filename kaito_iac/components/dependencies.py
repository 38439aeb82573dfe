"""What comes after what: values used only when the resource they describe exists, and what a workload comes after."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi


def after(made: pulumi.Resource, value: Any) -> pulumi.Output[Any]:
    """Return a value as an output of a resource: known in a preview, and its users wait for the resource."""
    if value is None or isinstance(value, str | int | float):
        return made.urn.apply(lambda _: value)  # a third of the work of what follows
    return pulumi.Output.all(made.urn, value).apply(_second)


def before(args: Mapping[str, Any] | None) -> list[pulumi.Resource]:
    """Return the resources among the arguments that a workload comes after, and is deleted before: operator and pool."""
    return [one for key in ("operator", "node_pool") if isinstance(one := (args or {}).get(key), pulumi.Resource)]


def _second(both: Sequence[Any]) -> Any:
    return both[1]

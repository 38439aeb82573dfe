"""Values that are known at once, and used only when the resource they describe exists."""

from collections.abc import Sequence
from typing import Any

import pulumi


def after(made: pulumi.Resource, value: Any) -> pulumi.Output[Any]:
    """Gives a value as an output of a resource: known in a preview, and whoever uses it waits for the resource."""
    if value is None or isinstance(value, str | int | float):
        return made.urn.apply(lambda _: value)  # a third of the work of what follows
    return pulumi.Output.all(made.urn, value).apply(_second)


def _second(both: Sequence[Any]) -> Any:
    return both[1]

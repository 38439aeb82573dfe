"""What stands in the place of a refused component in a plan that goes on to find the problems of all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pulumi
from pulumi.output import UNKNOWN

from kaito_iac import errors
from kaito_iac.errors import SpecError

C = TypeVar("C", bound=type[pulumi.ComponentResource])


def collectable(component: C) -> C:
    """Let a plan collect the refusals of a component class; everywhere else a refusal ends the program."""
    original: Callable[..., None] = component.__init__

    @wraps(original)
    def init(self: Any, name: str, args: Any, opts: pulumi.ResourceOptions | None = None) -> None:
        try:
            original(self, name, args, opts)
        except SpecError as refusal:
            refused = errors.refusals.get()
            if refused is None:
                raise
            refused.append(refusal)
            _stand_in(self, component, name, opts)

    component.__init__ = init  # type: ignore[assignment]  # the class keeps its own signature for readers
    return component


def _stand_in(self: Any, component: type[pulumi.ComponentResource], name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Register the component without children; whatever uses its outputs finds them unknown."""
    pulumi.ComponentResource.__init__(self, f"kaito-iac:index:{component.__name__}", name, {}, opts)
    self.spec = errors.REFUSED
    for output in component.__annotations__:
        setattr(self, output, pulumi.Output.from_input(UNKNOWN))
    self.register_outputs({})

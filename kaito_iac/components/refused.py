"""How a component takes its arguments and finds its cluster, and what replaces it when a plan continues after a refusal."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

import pulumi
from pulumi.output import UNKNOWN

from kaito_iac import errors
from kaito_iac.components.home_cluster import settle
from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.resolve.value_checks import shown

C = TypeVar("C", bound=type[pulumi.ComponentResource])


def collectable(component: C) -> C:
    """Let a component take keywords or one dictionary, and a plan collect its refusals; elsewhere a refusal ends the program."""
    original: Callable[..., None] = component.__init__

    @wraps(original)
    def init(self: Any, resource_name: str, args: Any = None, opts: pulumi.ResourceOptions | None = None, **kwargs: Any) -> None:
        try:
            given = _one_form(component.__name__, resource_name, args, kwargs)
            original(self, resource_name, given, settle(self, resource_name, given, opts))
        except SpecError as refusal:
            if not errors.collect(refusal):
                raise
            _stand_in(self, component, resource_name, opts)

    component.__init__ = init  # type: ignore[assignment]  # the class keeps its own signature for readers
    return component


def _one_form(kind: str, name: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
    """Return the arguments as one mapping; raises SpecError when both forms are used at once, or another object is passed."""
    if args is not None and kwargs:
        message = f"together with {', '.join(kwargs)}"
        fix = f"move {', '.join(kwargs)} into args, or give every argument by keyword"
        raise SpecError(f"{kind} {shown(name)}", [Problem("KS105", "args", message, "either args or keywords", fix)])
    if isinstance(args, pulumi.ResourceOptions):
        message, fix = "ResourceOptions", "pass them by keyword: opts=pulumi.ResourceOptions(…)"
        raise SpecError(f"{kind} {shown(name)}", [Problem("KS102", "args", message, "a mapping of arguments", fix)])
    return dict(kwargs) if args is None else args


def _stand_in(self: Any, component: type[pulumi.ComponentResource], name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Register the component without children; whatever uses its outputs finds them unknown."""
    pulumi.ComponentResource.__init__(self, f"kaito-iac:index:{component.__name__}", name, {}, opts)
    self.spec = errors.REFUSED
    for output in component.__annotations__:
        setattr(self, output, pulumi.Output.from_input(UNKNOWN))
    self.register_outputs({})

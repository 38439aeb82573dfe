"""Outputs of a component: attributes in snake_case, registered outputs in camelCase."""

from collections.abc import Mapping
from typing import Any

import pulumi

from kaito_iac.spelling import snake


def publish(component: pulumi.ComponentResource, outputs: Mapping[str, Any]) -> None:
    """Set every output as an attribute, and register all of them; keys are camelCase, as state has them."""
    for key, output in outputs.items():
        setattr(component, snake(key), output)
    component.register_outputs(dict(outputs))

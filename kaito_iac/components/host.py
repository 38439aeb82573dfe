"""The components as a plugin of the engine: clean messages, no argument lost, unknown values as Outputs."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.provider import ConstructResult
from pulumi.provider.server import ComponentInitError

from kaito_iac.components.argument_analyzer import ArgumentAnalyzer
from kaito_iac.errors import SpecError, spelling
from kaito_iac.kinds.rows import args_of, from_camel, in_camel


class ComponentHost(ComponentProvider):
    """Constructs components for programs in other languages as the SDK's provider does, and says what is wrong as we do."""

    def __init__(self, components: list[type[pulumi.ComponentResource]], name: str, version: str) -> None:
        """Infer the schema; the SDK's own constructor does the same with an analyzer of its own."""
        self._name = name
        self.analyzer = ArgumentAnalyzer(name)
        found = self.analyzer.analyze(components)
        self._components = {component.__name__: component for component in components}
        self._component_defs = found["component_definitions"]
        self._type_defs = found["type_definitions"]
        self._external_enum_types = found["external_enum_types"]
        self._dependencies = sorted(found["dependencies"], key=lambda one: f"{one.name}{one.version}")
        parts = (self._component_defs, self._type_defs, self._dependencies)
        made = generate_schema(name, version, None, *parts)
        super(ComponentProvider, self).__init__(version, json.dumps(made.to_json()))

    def map_inputs(self, inputs: Any, component_def: ComponentDefinition) -> dict[str, Any]:
        """Return the arguments in snake_case, and all of them: the resolver checks every key and value.

        The SDK's own mapping drops unknown keys and fails on an unknown number.
        """
        found: dict[str, Any] = from_camel(args_of(component_def.name), as_output(inputs))
        return found

    def get_state(self, instance: pulumi.ComponentResource, component_def: ComponentDefinition) -> dict[str, Any]:
        """Return the outputs under the names of the schema; what they hold has those names already."""
        outputs = {name: getattr(instance, own, None) for name, own in component_def.outputs_mapping.items()}
        return {name: output for name, output in outputs.items() if output is not None}

    def construct(
        self, name: str, resource_type: str, inputs: Any, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """Make one component; a SpecError reaches the user as it is, without a traceback."""
        token = spelling.set(in_camel)
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if not isinstance(error.inner, SpecError):
                raise
            raise pulumi.InputPropertiesError(str(error.inner), []) from error
        finally:
            spelling.reset(token)


def as_output(value: Any) -> Any:
    """Return the value with an Output in the place of everything that is not known yet."""
    if isinstance(value, Unknown):
        return pulumi.Output.from_input(value)
    if isinstance(value, Mapping):
        return {key: as_output(item) for key, item in value.items()}
    return [as_output(item) for item in value] if isinstance(value, list) else value

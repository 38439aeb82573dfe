"""The components as a plugin of the engine: clean messages, no argument lost, unknown values as Outputs."""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import pulumi
from pulumi.output import Unknown
from pulumi.provider.experimental.analyzer import ComponentDefinition, PropertyDefinition, TypeDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.provider import ConstructResult
from pulumi.provider.server import ComponentInitError

from kaito_iac.components.argument_analyzer import ArgumentAnalyzer
from kaito_iac.components.published_schema import REFERENCE, REFERENCES, Publisher
from kaito_iac.errors import SpecError, spelling
from kaito_iac.kinds.other_languages import for_other_languages
from kaito_iac.kinds.rows import args_of, from_camel

latest: ContextVar[pulumi.ComponentResource | None] = ContextVar("latest", default=None)
"""The component that the running call has made."""


class ComponentHost(ComponentProvider):
    """Constructs components for programs in other languages as the SDK's provider does, and says what is wrong as we do."""

    def __init__(self, components: list[type[pulumi.ComponentResource]], name: str, version: str) -> None:
        """Read the components; the SDK's own constructor does the same with an analyzer of its own."""
        self._name = self.package = name
        self.analyzer = self._own = ArgumentAnalyzer(name)
        found = self.analyzer.analyze(components)
        self._components = {component.__name__: component for component in components}
        self._component_defs = found["component_definitions"]
        self._type_defs = found["type_definitions"]
        self._external_enum_types = found["external_enum_types"]
        self._dependencies = sorted(found["dependencies"], key=lambda one: f"{one.name}{one.version}")
        super(ComponentProvider, self).__init__(version)

    def published(self) -> dict[str, Any]:
        """Return the schema of the package."""
        publisher = Publisher(self._component_defs, self._own)
        return publisher.schema(str(self.version))

    def definitions(self, resource_type: str) -> tuple[Mapping[str, PropertyDefinition], Mapping[str, TypeDefinition]]:
        """Return the arguments of a component, and the types that they have; nothing for a type that is none of ours."""
        found = self._component_defs.get(resource_type.rpartition(":")[2])
        inputs = {} if found is None else found.inputs
        handed_on = {f"{key}{REFERENCE}": inputs[key] for key in REFERENCES if key in inputs}
        return {**inputs, **handed_on}, self._type_defs

    def map_inputs(self, inputs: Any, component_def: ComponentDefinition) -> dict[str, Any]:
        """Return the arguments in snake_case, and all of them: the resolver checks every key and value.

        The SDK's own mapping drops unknown keys and fails on an unknown number.
        """
        found: dict[str, Any] = from_camel(args_of(component_def.name), as_output(inputs))
        return found

    def get_state(self, instance: pulumi.ComponentResource, component_def: ComponentDefinition) -> dict[str, Any]:
        """Return the outputs under the names of the schema; what they hold has those names already."""
        outputs = {name: getattr(instance, own, None) for name, own in component_def.outputs_mapping.items()}
        outputs["reference"] = getattr(instance, "reference", None)
        return {name: output for name, output in outputs.items() if output is not None}

    def construct(
        self, name: str, resource_type: str, inputs: Any, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """Make one component; a SpecError reaches the user as it is, without a traceback."""
        self.validate_resource_type(self._name, resource_type)
        kind = resource_type.rpartition(":")[2]
        given, spelled = without_references(inputs)
        token = spelling.set(spelled)
        try:
            made: Any = self._components[kind]
            instance = made(name, self.map_inputs(given, self._component_defs[kind]), options)
        except SpecError as error:
            raise pulumi.InputPropertiesError(str(error), []) from error
        except Exception as error:
            raise ComponentInitError(error) from error
        finally:
            spelling.reset(token)
        latest.set(instance)
        return ConstructResult(instance.urn, self.get_state(instance, self._component_defs[kind]))


def as_output(value: Any) -> Any:
    """Return the value with an Output in the place of everything that is not known yet."""
    if isinstance(value, Unknown):
        return pulumi.Output.from_input(value)
    if isinstance(value, Mapping):
        return {key: as_output(item) for key, item in value.items()}
    return [as_output(item) for item in value] if isinstance(value, list) else value


def without_references(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], Callable[[str], str]]:
    """Return arguments with what another stack handed on in the place of the component, and how messages spell them."""
    found = dict(inputs)
    taken = {key: f"{key}{REFERENCE}" for key in REFERENCES if f"{key}{REFERENCE}" in found and key not in found}
    for key, stated in taken.items():
        found[key] = found.pop(stated)
    names = re.compile(rf"\b({'|'.join(taken)})\b") if taken else None

    def spelled(text: str) -> str:
        text = for_other_languages(text)
        return text if names is None else names.sub(lambda one: taken[one[0]], text)

    return found, spelled

"""The schema as other languages see it: what the lines of the arguments say, under the names that languages show."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Any, Final

from pulumi.provider.experimental.analyzer import ComponentDefinition, PropertyDefinition, TypeDefinition

from kaito_iac.components.argument_analyzer import ArgumentAnalyzer
from kaito_iac.components.choices import open_choices, shared_choices
from kaito_iac.components.incoming import ANY
from kaito_iac.components.package_facts import FACTS, NAME
from kaito_iac.components.property_text import property_text
from kaito_iac.kinds.inference_gateway import GatewayEndpointArgs
from kaito_iac.kinds.kaito_monitoring import AlertsArgs
from kaito_iac.kinds.nested import AdapterArgs
from kaito_iac.kinds.references import ClusterReferenceArgs, NodePoolReferenceArgs, OperatorReferenceArgs

REFERENCES: Final[Mapping[str, tuple[str, type]]] = {
    "nodePool": ("GpuNodePool", NodePoolReferenceArgs),
    "operator": ("KaitoOperator", OperatorReferenceArgs),
    "cluster": ("KaitoCluster", ClusterReferenceArgs),
}
"""Arguments that take a component, to the component and to what another stack hands on of one."""
TEXTS: Final = {
    "nodePool": "A GpuNodePool of this program: the workload runs on its nodes, and is created after it.",
    "operator": "A KaitoOperator of this program: the workload is created after it; what it does not support is refused.",
    "cluster": "A KaitoCluster of this program.",
    "workload": "A component of this program that makes a workload of KAITO, with wait false.",
}
"""Text about an argument that takes a component."""
OWN_ALONE: Final = frozenset({("GpuNodePool", "cluster"), ("KaitoTuning", "nodePool")})
"""Arguments that take nothing of another stack."""
WORKLOADS: Final = (
    "KaitoInferenceSet",
    "KaitoModelMirror",
    "KaitoMultiRoleInference",
    "KaitoRagEngine",
    "KaitoTuning",
    "KaitoWorkspace",
)
"""Components that a ReadinessGate waits for."""
SECRETS: Final = frozenset({"kubeconfig", "bootstrapToken", "huggingFaceToken"})
"""Arguments and outputs that are secrets."""
REFERENCE: Final = "Reference"
"""How the argument ends that takes what another stack hands on."""


def type_name(name: str) -> str:
    """Return how a type is called in the schema: languages add their own endings for arguments."""
    return name.removesuffix("Args")


def _text(docstring: str | None) -> str | None:
    """Return a docstring without the indentation of its class, which Python itself strips from 3.13 on."""
    return docstring and cleandoc(docstring)


def own(kind: str, name: str) -> dict[str, Any]:
    """Return a reference to a type or a component of the package."""
    return {"$ref": f"#/{kind}/{NAME}:index:{name}"}


class Publisher:
    """Writes the schema of analysed components."""

    def __init__(self, components: Mapping[str, ComponentDefinition], analyzer: ArgumentAnalyzer) -> None:
        self._components = components
        for found in (*(reference for _, reference in REFERENCES.values()), AdapterArgs, AlertsArgs, GatewayEndpointArgs):
            analyzer.analyze_dictionary(found)
        self._types = analyzer.type_definitions
        self._enums = shared_choices(self._types)

    def schema(self, version: str) -> dict[str, Any]:
        """Return the schema of a version of the package."""
        tokens = {f"{NAME}:index:{name}": self._component(one) for name, one in self._components.items()}
        return {**FACTS, "version": version, "resources": tokens, "types": self._all_types(), "dependencies": []}

    def _all_types(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, one in self._types.items():
            title = self._enums.get(name, type_name(name))
            made = _enum(one) if one.enum else self._object(one)
            kept = found.get(title)
            if kept is not None and "properties" in kept:  # taken as an argument and given as an output
                made["properties"] = {**kept["properties"], **made["properties"]}
                made["required"] = sorted({*kept["required"]} & {*made["required"]})
            found[title] = made
        found |= open_choices()
        return {f"{NAME}:index:{name}": found[name] for name in sorted(found)}

    def _component(self, component: ComponentDefinition) -> dict[str, Any]:
        inputs = dict(self._properties(component.name, component.inputs, inputs=True))
        outputs = dict(self._properties(component.name, component.outputs, inputs=False))
        return {
            "isComponent": True,
            "type": "object",
            "description": _text(component.description),
            "inputProperties": inputs,
            "requiredInputs": sorted(key for key, one in component.inputs.items() if not one.optional),
            "properties": outputs,
            "required": sorted(key for key, one in component.outputs.items() if not one.optional),
        }

    def _object(self, found: TypeDefinition) -> dict[str, Any]:
        properties = dict(self._properties(found.name, found.properties, inputs=True))
        required = sorted(key for key, one in found.properties.items() if not one.optional)
        return {"type": "object", "description": _text(found.description), "properties": properties, "required": required}

    def _properties(
        self, owner: str, found: Mapping[str, PropertyDefinition], *, inputs: bool
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, one in found.items():
            shape = self._shape(owner, key, one, inputs=inputs)
            secret = {"secret": True} if key in SECRETS else {}
            text = property_text(key, one, inputs=inputs)
            takes = inputs and key in REFERENCES and one.ref == ANY and (owner, key) not in OWN_ALONE
            yield key, {"description": TEXTS[key] if takes or key == "workload" else text, **shape, **secret}
            if takes:
                component, held = REFERENCES[key]
                text = f"In place of {key}: the output `reference` of a {component} in another stack. Default: none."
                kept = {"secret": True} if key == "cluster" else {}
                yield f"{key}{REFERENCE}", {"description": text, **own("types", type_name(held.__name__)), **kept}
        reference = dict(REFERENCES.values()).get(owner)
        if reference is not None and not inputs:
            kept = {"secret": True} if owner == "KaitoCluster" else {}
            text = "What another stack takes of it, as one value to export."
            yield "reference", {"description": text, **own("types", type_name(reference.__name__)), **kept}

    def _shape(self, owner: str, key: str, one: PropertyDefinition, *, inputs: bool) -> dict[str, Any]:
        if inputs and one.ref == ANY and key in REFERENCES:
            return own("resources", REFERENCES[key][0])
        if inputs and one.ref == ANY and key == "llm":
            return {"oneOf": [own("types", "Endpoint"), {"type": "string"}]}
        if inputs and one.ref == ANY and key == "workload":
            return {"oneOf": [own("resources", name) for name in WORKLOADS]}
        if owner == "GatewayEndpointArgs" and key == "endpoint":
            return {"oneOf": [own("types", "Endpoint"), own("types", "PoolEndpoint")]}
        if key == "endpoints":
            values = [own("types", name) for name in ("Endpoint", "PoolEndpoint", "GatewayEndpoint")]
            return {"type": "object", "additionalProperties": {"oneOf": values}}
        if key == "adapters":
            return {"type": "array", "items": own("types", "Adapter")}
        if key == "alerts":
            return {"oneOf": [own("types", "Alerts"), {"type": "boolean"}]}
        if owner == "ReadinessGate" and key == "endpoint":
            return own("types", "Endpoint")
        title = self._open_name(owner, key) if inputs and one.type is not None else ""
        if title:
            return {"oneOf": [{"type": "string"}, own("types", title)]}
        return self._type(one)

    def _open_name(self, owner: str, key: str) -> str:
        if key == "instanceType":
            return "VmSize"
        kinds = {"KaitoTuning": "TuningPreset", "KaitoRagEngine": "RagPreset"}
        return kinds.get(owner, "InferencePreset") if key == "preset" else ""

    def _type(self, one: PropertyDefinition) -> dict[str, Any]:
        if one.items is not None:
            return {"type": "array", "items": self._type(one.items)}
        if one.additional_properties is not None:
            return {"type": "object", "additionalProperties": self._type(one.additional_properties)}
        if one.ref and one.ref.startswith("#/types/"):
            name = one.ref.rpartition(":")[2]
            return own("types", self._enums.get(name, type_name(name)))
        return {"$ref": one.ref} if one.ref else {"type": one.type.value if one.type else "string"}


def _enum(found: TypeDefinition) -> dict[str, Any]:
    values = [{"name": one.name, "value": one.value} for one in found.enum or []]
    return {"type": "string", "description": _text(found.description), "enum": values}

"""What the engine sends for one component: a known output stands for its value wherever the component needs a value."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import ListValue, Struct
from pulumi.provider.experimental.analyzer import PropertyDefinition, TypeDefinition

from kaito_iac.stack.pulumi_markers import OUTPUT, REFERENCE, SIGNATURE

ANY: Final = "pulumi.json#/Any"


class Incoming:
    """The inputs of one component as plain data with Pulumi's marks, and the resources that its values came from."""

    def __init__(
        self,
        wanted: Mapping[str, PropertyDefinition],
        types: Mapping[str, TypeDefinition],
        behind: Callable[[Iterable[str]], list[str]],
    ) -> None:
        self._wanted = wanted
        self._types = types
        self._behind = behind
        self.sources: set[str] = set()
        """URNs of the resources whose outputs the values came from."""

    def read(self, inputs: Struct) -> Struct:
        """Return the inputs without outputs where a plain value is wanted; secrets and unknown values stay as they are."""
        found = Struct()
        found.update({key: self._value(value, self._wanted.get(key)) for key, value in data(inputs).items()})
        return found

    def depends(self, key: str, urns: Iterable[str]) -> list[str]:
        """Return what an argument depends on as a whole: nothing where it is a plain value, or holds some."""
        wanted = self._wanted.get(key)
        return [] if wanted is not None and wanted.plain else self._behind(urns)

    def _value(self, given: Any, wanted: PropertyDefinition | None) -> Any:
        if is_marked(given, OUTPUT):
            sources = given.get("dependencies") or []
            if wanted is not None and wanted.plain and "value" in given and not given.get("secret"):
                if not is_marked(given["value"], REFERENCE):  # the component takes from the object what it comes after
                    self.sources.update(sources)
                return self._value(given["value"], wanted)
            return {**given, "dependencies": self._behind(sources)}
        if isinstance(given, list):
            inner = wanted if wanted is None or wanted.ref == ANY else wanted.items
            return [self._value(one, inner) for one in given]
        if isinstance(given, dict) and SIGNATURE not in given:
            return {key: self._value(one, self._inner(wanted, key)) for key, one in given.items()}
        return given

    def _inner(self, wanted: PropertyDefinition | None, key: str) -> PropertyDefinition | None:
        if wanted is None or wanted.ref == ANY:
            return wanted
        if wanted.additional_properties is not None:
            return wanted.additional_properties
        found = self._types.get((wanted.ref or "").rpartition(":")[2])
        return found.properties.get(key) if found is not None else None


def is_marked(given: Any, mark: str) -> bool:
    """Return whether a value is an output, a reference or another thing that Pulumi marks."""
    return isinstance(given, dict) and given.get(SIGNATURE) == mark


def data(value: Any) -> Any:
    """Return a value of the wire as dictionaries and lists."""
    if isinstance(value, Struct):
        return {key: data(one) for key, one in value.items()}
    return [data(one) for one in value] if isinstance(value, ListValue) else value

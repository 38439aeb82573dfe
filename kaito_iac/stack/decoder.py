"""Values as Pulumi writes them become plain data: the only place that decides what each of its marks means.

Sources differ in how a mapping is opened (JSON, protobuf, the proxies of the policy SDK) and in what becomes of a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import ARCHIVE, ASSET, OUTPUT, REFERENCE, SECRET, SIGNATURE, UNKNOWNS

LATER: Final = Unknown("known only after the update")
"""Why a value is unknown when no better reason is known."""
HIDDEN: Final = Unknown("a secret")
_OTHERS: Final[Mapping[Any, Unknown]] = {
    ASSET: Unknown("an asset"),
    ARCHIVE: Unknown("an archive"),
    REFERENCE: Unknown("a reference to a resource"),
}
_ODD: Final = Unknown("a value of an unknown kind")
_EXACT: Final = 2.0**63  # beyond it a whole number says nothing more than the float it came as
Why = Callable[[], Unknown]


def set_by(names: Sequence[str]) -> Unknown:
    """Return why a value is not known that comes from outputs of the named resources."""
    if len(names) == 1:
        return Unknown(f"set by an output of {names[0]}")
    return Unknown(f"set by outputs of {', '.join(names[:-1])} and {names[-1]}")


class Decoder:
    """Decodes JSON as states hold it: secrets, assets and what is not known are `Unknown`."""

    def read(self, node: Any, why: Why = lambda: LATER) -> Any:
        """Return a value as dictionaries, lists and scalars; `why` says why an unknown is unknown."""
        if isinstance(node, str):
            return self.string(node, why)
        if isinstance(node, Mapping):
            return self.mapping(node, why)
        if isinstance(node, float):
            return self.number(node)
        if node is None or isinstance(node, bool | int | Unknown):
            return node
        if isinstance(node, Sequence) and not isinstance(node, bytes):
            return [self.item(node, index, why) for index in range(len(node))]
        return Unknown(f"a value of the kind {type(node).__name__}")

    def string(self, text: str, why: Why) -> Any:
        """Return a text, unless it stands for something that is not known."""
        return why() if text in UNKNOWNS else text

    def number(self, value: float) -> int | float:
        """Return a whole number as one: the wire has floats alone."""
        return int(value) if value.is_integer() and abs(value) < _EXACT else value

    def mapping(self, fields: Any, why: Why) -> Any:
        """Return a mapping, or what its mark says that it is."""
        mark = self.mark(fields)
        if mark is None:
            return self.plain_mapping(fields, why)
        if mark == SECRET:
            return self.secret(lambda: self.item(fields, "value", why))
        if mark == OUTPUT:

            def known() -> Any:
                return self.item(fields, "value", why) if "value" in fields else why()

            return self.secret(known) if self.flagged(fields, "secret") else known()
        return self.other(mark, fields, why)

    def mark(self, fields: Any) -> Any:
        """Return what a mapping is marked as; None for a plain one."""
        return fields.get(SIGNATURE)

    def flagged(self, fields: Any, key: str) -> bool:
        """Return whether a truth value of a marked mapping is set."""
        return fields.get(key) is True

    def item(self, container: Any, key: Any, why: Why) -> Any:
        """Return what a mapping or a list holds."""
        return self.read(container[key], why)

    def plain_mapping(self, fields: Any, why: Why) -> dict[str, Any]:
        """Return a mapping without a mark."""
        return {str(key): self.item(fields, key, why) for key in fields}

    def secret(self, value: Callable[[], Any]) -> Any:
        """Return what stands for a secret."""
        return HIDDEN

    def other(self, mark: Any, fields: Any, why: Why) -> Any:
        """Return what stands for an asset, an archive, a reference, or a mark that is not known."""
        return _OTHERS.get(mark, _ODD) if isinstance(mark, str) else _ODD


class WireDecoder(Decoder):
    """Decodes values as gRPC hands them over: `Value` of protobuf, read without loading protobuf."""

    def read(self, node: Any, why: Why = lambda: LATER) -> Any:
        """Return one value of the wire."""
        kind = node.WhichOneof("kind")
        if kind == "string_value":
            return self.string(node.string_value, why)
        if kind == "number_value":
            return self.number(node.number_value)
        if kind == "bool_value":
            return node.bool_value
        if kind == "struct_value":
            return self.mapping(node.struct_value.fields, why)
        if kind == "list_value":
            return [self.read(item, why) for item in node.list_value.values]
        return None

    def mark(self, fields: Any) -> Any:
        """Return what a mapping is marked as; None for a plain one."""
        return fields[SIGNATURE].string_value if SIGNATURE in fields else None

    def flagged(self, fields: Any, key: str) -> bool:
        """Return whether a truth value of a marked mapping is set."""
        return key in fields and bool(fields[key].bool_value)

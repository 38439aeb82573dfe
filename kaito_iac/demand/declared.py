"""Declared demand: what a person states of a resource that no reader knows, in the program or in a pack's configuration."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kaito_iac.demand.demand import Demand, sized
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import DECLARATION_TYPE, Resource

_NO_SIZE: Final = Unknown("declared without a size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The stated demand of one resource."""

    resource: str
    """Name of the resource."""
    type: str = ""
    """Its Pulumi type; empty: any."""
    gpus: int | None = None
    """GPUs it holds at most; None: those of its nodes."""
    size: str = ""
    """VM size of its nodes; empty: not stated."""
    nodes: int | None = None
    """Nodes of that size it holds at most."""
    reason: str = ""
    urn: str = ""
    """The declaration of a program; empty for one of a pack's configuration."""
    source: str = ""
    """File and line of the program; empty where they are not known."""
    counts: bool = False
    """Whether the configuration of a pack accepts it, so that limits are held against it."""

    @property
    def most(self) -> int | None:
        """Return the GPUs it states, by number or by nodes; None where the size is not in the catalogue."""
        if self.gpus is not None:
            return self.gpus
        size = sized(self.size)[1]
        each = 0 if size is None else None if isinstance(size, Unknown) else size.gpus
        return None if each is None or self.nodes is None else each * self.nodes

    @property
    def amount(self) -> str:
        """Return what it states, in words."""
        message = f"{self.nodes} x {self.size}" if self.size and self.nodes is not None else ""
        gpus = "" if self.gpus is None else f"{self.gpus} GPU{'' if self.gpus == 1 else 's'}"
        return ", ".join(part for part in (gpus, message) if part) or "nothing"


def program_declarations(resources: Iterable[Resource]) -> tuple[Declaration, ...]:
    """Return what a program declares, in its order; what of it cannot be read is left out, so it declares nothing."""
    return tuple(made for one in resources if one.type == DECLARATION_TYPE and (made := _read(one)) is not None)


def _read(one: Resource) -> Declaration | None:
    texts = {key: field(one.inputs, key) or "" for key in ("resource", "resourceType", "size", "reason")}
    counts = {key: _count(field(one.inputs, key)) for key in ("gpus", "nodes")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["resource"]:
        return None
    if any(isinstance(count, Unknown) for count in counts.values()) or all(count is None for count in counts.values()):
        return None
    return Declaration(
        resource=texts["resource"],
        type=texts["resourceType"],
        size=texts["size"],
        reason=texts["reason"],
        urn=one.urn,
        source=one.source,
        **counts,
    )


def _count(value: Any) -> Any:
    if value is None:
        return None
    whole = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**31 and value == int(value)
    return int(value) if whole else Unknown("no number")


def wrong_amount(gpus: int | None, size: str, nodes: int | None) -> str:
    """Return what a declaration has to state, where it states nothing or two things that differ; else an empty text."""
    if gpus is None and (not size or nodes is None):
        return "gpus, or size with nodes"
    if nodes is not None and not size:
        return "a size with nodes"
    found = sized(size)[1] if size else None
    if size and isinstance(found, Unknown):
        return f"a VM size of the catalogue ({found.reason})"
    each = found.gpus if found is not None and not isinstance(found, Unknown) else 0
    if gpus is not None and nodes is not None and gpus != each * nodes:
        return f"gpus that {nodes} x {size} have: {each * nodes}"
    return ""


def type_of(urn: str) -> str:
    """Return the type that a URN ends in."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""


def concerns(declaration: Declaration, name: str, type: str) -> bool:
    """Return whether a declaration is about a resource of a name and a type."""
    return declaration.resource == name and declaration.type in ("", type)


def with_declared(found: Sequence[Demand], declarations: Sequence[Declaration]) -> tuple[Demand, ...]:
    """Return demands with what is declared in the place of what no reader knows; of two of one name, neither is meant."""
    if not declarations:
        return tuple(found)
    names = Counter((demand.resource, type_of(demand.urn)) for demand in found if demand.unread)
    return tuple(declared for demand in found for declared in _declared_demand(demand, declarations, names))


def _declared_demand(demand: Demand, declarations: Sequence[Declaration], names: Counter[tuple[str, str]]) -> Iterator[Demand]:
    own = (demand.resource, type_of(demand.urn))
    meant = [one for one in declarations if demand.unread and concerns(one, *own)]
    meant = [one for one in meant if names[own] == 1 and (one.type or sum(name == own[0] for name, _ in names) == 1)]
    if not meant:
        yield demand
        return
    stated = max(meant, key=lambda one: one.most or 0)  # two that differ are an error; the greater one counts
    if stated.most == 0 and not stated.nodes:
        return
    yield _stated(demand, stated)


def _stated(demand: Demand, stated: Declaration) -> Demand:
    why = f"declared: {stated.reason}"
    if not stated.size:
        gpus = Range.exactly(stated.gpus or 0)
        return replace(demand, unread=False, size=_NO_SIZE, nodes=_NO_SIZE, stated_gpus=gpus, why=why)
    name, size = sized(stated.size)
    nodes = _NO_SIZE if stated.nodes is None else Range.exactly(stated.nodes)
    known = None if stated.gpus is None or stated.nodes is not None else Range.exactly(stated.gpus)
    return replace(demand, unread=False, size_name=name, size=size, nodes=nodes, stated_gpus=known, why=why)


def line_to_paste(name: str) -> str:
    """Return the line that declares a resource in its program; N is for the author to fill in."""
    return f'kaito_iac.declare({json.dumps(name, ensure_ascii=False)}, gpus=N, reason="…")'


def fix_for(found: Iterable[Demand], name: str) -> str:
    """Return what to do about the unknown demand of a component; empty where a declaration cannot state it."""
    unread = next((demand for demand in found if demand.unread and demand.component == name), None)
    return f"state it where declarations are accepted: {line_to_paste(unread.resource)}" if unread else ""


def entry_to_paste(name: str) -> str:
    """Return the entry that declares a resource in the configuration of a pack."""
    named = json.dumps(name, ensure_ascii=False)
    return f'"declared-demand": {{"declared": [{{"resource": {named}, "gpus": N, "reason": "…"}}]}}'

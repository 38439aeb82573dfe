"""The ConfigMaps of a stack as KAITO's rules look them up, and which of them an object names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.admission.verdict import Cluster
from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field as read
from kaito_iac.stack.resource import Resource

_PLACES: Final = (
    ("inference", "config"),
    ("tuning", "config"),
    ("spec", "template", "inference", "config"),
    ("spec", "guardrails", "configMapRef", "name"),
)
Key = tuple[str, str, str]
"""Provider, namespace and name."""


@dataclass(slots=True)
class ConfigMaps:
    """The ConfigMaps of a stack, and why others are not known."""

    seen: dict[Key, Mapping[str, Any]] = field(default_factory=dict)
    """Their data."""
    hidden: dict[Key | None, Unknown] = field(default_factory=dict)
    """Those whose content is not known; None stands for one without a known name."""

    def cluster(self, fact: Resource) -> Cluster:
        """Return what an object sees of the ConfigMaps that it names: those of its own provider.

        A namespace that is not known is judged as the default one.
        """
        namespace = namespace_of(fact) or "default"
        keys = [(namespace if isinstance(namespace, str) else "default", str(name)) for _, name in named_maps(fact)]
        found = {key: self.seen[fact.provider, *key] for key in keys if (fact.provider, *key) in self.seen}
        return Cluster(config_maps=found)

    def unknown(self, fact: Resource, name: str) -> Unknown | None:
        """Return why the ConfigMap of a name is not known; None: it is, or the stack does not have it."""
        namespace = namespace_of(fact) or "default"
        if isinstance(namespace, Unknown):
            same = [held for held in (*self.seen, *self.hidden) if held is None or held[2] == name]
            return namespace if same else None
        key = (fact.provider, namespace, name)
        return None if key in self.seen else self.hidden.get(key) or self.hidden.get(None)


def config_maps(resources: Iterable[Resource]) -> ConfigMaps:
    """Return the ConfigMaps among the resources of a stack."""
    maps = ConfigMaps()
    for fact in resources:
        if fact.type != "kubernetes:core/v1:ConfigMap":
            continue
        name, namespace, data = read(fact.inputs, "metadata", "name"), namespace_of(fact), read(fact.inputs, "data")
        if not isinstance(name, str) or not isinstance(namespace, str):
            why = next((part for part in (name, namespace) if isinstance(part, Unknown)), Unknown("it has no name"))
            maps.hidden[None] = why
            continue
        parts = [data, *(data.values() if isinstance(data, Mapping) else ())]
        lost = next((part for part in parts if isinstance(part, Unknown)), None)
        if lost is not None:
            maps.hidden[fact.provider, namespace, name] = lost
        else:
            maps.seen[fact.provider, namespace, name] = data if isinstance(data, Mapping) else {}
    return maps


def named_maps(fact: Resource) -> Iterator[tuple[str, Any]]:
    """Return the places of an object that name a ConfigMap, and what they name."""
    for keys in _PLACES:
        found = read(fact.inputs, *keys)
        if found is not None and not (isinstance(found, Unknown) and read(fact.inputs, keys[0]) is None):
            yield ".".join(keys), found
    roles = read(fact.inputs, "spec", "roles")
    for index, role in enumerate(roles if isinstance(roles, list) else []):
        found = read(role, "runtimeConfig")
        if found is not None:
            yield f"spec.roles[{index}].runtimeConfig", found

"""Which objects of Kubernetes let Secrets be read across namespaces: roles, bindings, grants and Gateways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.demand.objects import namespace_of
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field
from kaito_iac.stack.resource import Resource

_READS: Final = frozenset({"get", "list", "watch", "*"})
_BROAD: Final = frozenset({"admin", "edit", "cluster-admin"})
"""ClusterRoles of Kubernetes that may read Secrets."""

Told = Iterator[tuple[str, str | Unknown, str]]
"""Path, what was found there, and what is accepted."""


def reached(fact: Resource) -> Told:
    """Return what of a role, a binding, a grant or a Gateway reaches Secrets of other namespaces."""
    readers = {
        "ClusterRole": _role,
        "ClusterRoleBinding": _binding,
        "RoleBinding": _binding,
        "ReferenceGrant": _grant,
        "Gateway": _gateway,
    }
    yield from readers[fact.type.rpartition(":")[2]](fact)


def _role(fact: Resource) -> Told:
    accepted = "resourceNames, or a Role in one namespace"
    rules = entries(fact.inputs.get("rules"), "rules")
    if isinstance(rules, Unknown):
        yield "rules", rules, accepted
        return
    for index, rule in enumerate(rules):
        parts = [entries(field(rule, key), key) for key in ("resources", "verbs", "apiGroups", "resourceNames")]
        hidden = next((part for part in parts if isinstance(part, Unknown)), None) or _hidden(parts)
        resources, verbs, groups, names = (() if isinstance(part, Unknown) else part for part in parts)
        if hidden is not None:
            yield f"rules[{index}]", hidden, accepted
        elif {"secrets", "*"} & set(resources) and _READS & set(verbs) and {"", "*"} & set(groups or ("",)) and not names:
            yield f"rules[{index}]", "reads the Secrets of every namespace", accepted


def _hidden(parts: list[Any]) -> Unknown | None:
    """Return why an entry cannot be read, if there is one."""
    found = (entry for part in parts for entry in part if not isinstance(entry, str))
    return next((entry if isinstance(entry, Unknown) else Unknown("it is no text") for entry in found), None)


def _binding(fact: Resource) -> Told:
    """Find a binding to a role that reads Secrets, for an account of another namespace or for all namespaces."""
    role = field(fact.inputs, "roleRef", "name")
    kind = field(fact.inputs, "roleRef", "kind")
    accepted = "a role of your own without Secrets"
    if not isinstance(role, Unknown) and str(role) not in _BROAD:
        return
    hidden = next((part for part in (role, kind) if isinstance(part, Unknown)), None)
    if fact.type.endswith(":ClusterRoleBinding"):
        yield "roleRef.name", hidden or f"'{role}' reads the Secrets of every namespace", accepted
        return
    if kind not in ("ClusterRole",) and hidden is None:
        return
    own = namespace_of(fact)
    subjects = entries(fact.inputs.get("subjects"), "subjects")
    for index, subject in enumerate(() if isinstance(subjects, Unknown) else subjects):
        place = field(subject, "namespace")
        unknown = next((part for part in (place, own, hidden) if isinstance(part, Unknown)), None)
        if unknown is not None:
            yield f"subjects[{index}]", unknown, accepted
        elif place is not None and place != own:
            yield f"subjects[{index}]", f"of namespace {place} reads the Secrets of namespace {own} by '{role}'", accepted
    if isinstance(subjects, Unknown):
        yield "subjects", subjects, accepted


def _grant(fact: Resource) -> Told:
    accepted = "grants only for Services"
    for value in (field(fact.inputs, "spec"), field(fact.inputs, "spec", "to")):
        if isinstance(value, Unknown):
            yield "spec.to", value, accepted
            return
    targets = entries(field(fact.inputs, "spec", "to"), "spec.to")
    if isinstance(targets, Unknown):
        yield "spec.to", targets, accepted
        return
    for index, target in enumerate(targets):
        kind = field(target, "kind")
        if kind == "Secret" or isinstance(kind, Unknown):
            message = kind if isinstance(kind, Unknown) else "lets other namespaces use Secrets of this one"
            yield f"spec.to[{index}]", message, accepted


def _gateway(fact: Resource) -> Told:
    accepted = "a certificate of the Gateway's own namespace"
    own = namespace_of(fact)
    listeners = entries(field(fact.inputs, "spec", "listeners"), "spec.listeners")
    if isinstance(listeners, Unknown):
        yield "spec.listeners", listeners, accepted
        return
    for index, listener in enumerate(listeners):
        path = f"spec.listeners[{index}].tls.certificateRefs"
        references = entries(field(listener, "tls", "certificateRefs"), path)
        if isinstance(references, Unknown):
            yield path, references, accepted
            continue
        for number, reference in enumerate(references):
            place = field(reference, "namespace")
            hidden = next((part for part in (place, own if place else None) if isinstance(part, Unknown)), None)
            if hidden is not None or (place is not None and place != own):
                yield f"{path}[{number}]", hidden or f"the Secret of another namespace, {place}", accepted

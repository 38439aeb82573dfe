"""Judges one manifest as KAITO 0.12 does: API server first, then the webhook, then what is admitted and cannot work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from kaito_iac.admission.case import Case, roles
from kaito_iac.admission.fields import WRAPPED, lifted, undeclared
from kaito_iac.admission.release_gap import release_gaps
from kaito_iac.admission.rule import Found, Rule
from kaito_iac.admission.rulebook import rules_for
from kaito_iac.admission.verdict import Cluster, Environment, Verdict
from kaito_iac.admission.vocabulary import KIND_GATES
from kaito_iac.catalog.find import nearest
from kaito_iac.catalog.judged_release import named_release
from kaito_iac.kubernetes.metadata import metadata_found
from kaito_iac.kubernetes.schema import Path, Reading, dotted, kinds, parsed, schema_of
from kaito_iac.kubernetes.types import decode
from kaito_iac.problem import Problem, Severity

SERVER: Final[Mapping[str, tuple[str, Severity, str]]] = {
    "kind_is_served": ("KS301", "error", "Kind and apiVersion are ones that KAITO serves."),
    "kind_is_of_the_charts": (
        "KS279",
        "info",
        "Kinds of KAITO's production stack are not checked: its own operators handle them.",
    ),
    "fields_fit_schema": ("KS303", "error", "Every field has the type, the bounds and the other fields that its CRD requires."),
    "cel_holds": ("KS304", "error", "A MultiRoleInference has a selector, and one role of each type."),
    "metadata_is_kubernetes": (
        "KS305",
        "error",
        "Name, labels, annotations, finalizers and owners are ones that Kubernetes accepts.",
    ),
    "decoded_strictly": ("KS306", "error", "Parts without a schema contain only fields of Kubernetes, each of its type."),
    "old_is_good": ("KS238", "info", "The replaced object is a valid manifest of the same kind."),
    "unknown_field": ("KS242", "error", "Every field is one that the CRD of this KAITO declares."),
    "one_level_up": ("KS242", "error", "A Workspace has no spec: resource, inference and tuning are beside metadata."),
}
"""Rules that need no function of their own: name to code, severity and what they say."""

OF_PODS: Final = ("containers", "initContainers", "volumes", "nodeSelector", "tolerations", "serviceAccountName", "affinity")
"""Fields of a pod's spec that are often written beside it."""

ENGINE_ENDS: Final = ("KS228", "KS291")
"""Codes of what ends vLLM: warnings, and errors where the release is named."""

STACK_KINDS: Final = frozenset({("kaito.sh/v1alpha1", "APIKey")})
"""Kinds of KAITO's group that its production stack brings, with operators of their own."""


class Located(NamedTuple):
    """One finding: where it is in the manifest, what it is, and the rule that found it."""

    path: Path
    problem: Problem
    rule: str
    inside: Path = ()
    """Where it is inside the settings that a ConfigMap or an annotation at the path holds."""


def judge(
    manifest: Mapping[str, Any],
    env: Environment | None = None,
    *,
    old: Mapping[str, Any] | None = None,
    cluster: Cluster | None = None,
) -> Verdict:
    """Judges a manifest; `old` is what it replaces, `cluster` the objects seen; no YAML or JSON raises."""
    env = env or Environment()
    if cluster is not None:
        env = replace(env, cluster=cluster)
    found = tuple(located(manifest, env, old))
    problems = tuple(one.problem for one in found)
    return Verdict(not any(problem.severity == "error" for problem in problems), problems, tuple(one.rule for one in found))


def located(manifest: Mapping[str, Any], env: Environment, old: Mapping[str, Any] | None = None) -> Iterator[Located]:
    """Return every finding with its path in the manifest and the rule that found it."""
    group, _, version = str(manifest.get("apiVersion", "")).rpartition("/")
    kind = str(manifest.get("kind", ""))
    schema = schema_of(kind, version) if group == "kaito.sh" else None
    if schema is None:
        yield from _unserved(manifest)
        return
    if kind == "Workspace" and (wrapped := lifted(manifest)):
        yield _at(("spec",), "KS242", WRAPPED, "it beside metadata", "error", "one_level_up", "move it one level up")
        for one in located(wrapped, env, old):
            placed = ("spec", *one.path) if one.path[:1] and one.path[0] in manifest["spec"] else one.path
            yield one._replace(path=placed, problem=replace(one.problem, path=dotted(placed)))
        return
    reading = Reading(schema, manifest)
    refused = [*_refused_by_server(kind, manifest, reading)]
    refused += [_at(path, "KS295", found, accepted, "error", "unknown_field") for path, found, accepted in release_gaps(manifest)]
    yield from refused
    for path, message, fix in undeclared(reading, env):
        yield _at(path, "KS242", message, "a field of this kind", "warning" if env.newer else "error", "unknown_field", fix)
    if refused:
        return
    before = _case(kind, version, old, env) if old is not None else None
    if old is not None and before is None:
        yield _at(
            (),
            "KS238",
            "the object that it replaces is not a valid manifest of this kind: checked as a new object",
            "",
            "info",
            "old_is_good",
        )
    metadata = manifest.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    case = Case(kind=kind, version=version, metadata=given, body=reading.value, env=env, raw=manifest, old=before)
    active = env.gate(KIND_GATES[kind]) if kind in KIND_GATES else True
    yield from _webhook(case, reading, active)


def _webhook(case: Case, reading: Reading, active: bool) -> Iterator[Located]:
    """Decodes what has no schema, and then applies the rules."""
    undecoded = [
        _at(path, "KS306", found, accepted, "error", "decoded_strictly", _moved(name, part, path))
        for part, name, value in reading.parts
        for path, found, accepted in decode(name, value, part)
    ]
    why = "the feature gate of this kind is off, so it is not checked"
    yield from _softened(undecoded, active, why)
    if not undecoded:
        own = list(_softened(_judged(case), active, why))
        yield from own
        seen = {(one.path, one.problem.code) for one in own}
        yield from (one for one in _children(case, active) if (one.path, one.problem.code) not in seen)


def _moved(name: str, part: Path, path: Path) -> str:
    """Return where a field of a pod belongs, when it is beside the pod's `spec`."""
    inner = path[len(part) :]
    beside = name == "PodTemplateSpec" and len(inner) == 1 and inner[0] in OF_PODS
    return f"move it to {dotted((*part, 'spec', *inner))}" if beside else ""


def _unserved(manifest: Mapping[str, Any]) -> Iterator[Located]:
    kind, version = str(manifest.get("kind", "")), str(manifest.get("apiVersion", ""))
    if (version, kind) in STACK_KINDS:
        message = f"{kind} belongs to KAITO's production stack, not to its charts: whether the cluster accepts it is not checked"
        yield _at(("kind",), "KS279", message, "", "info", "kind_is_of_the_charts")
        return
    near = next((name for name in kinds() if name.lower() == kind.lower()), None) or next(
        iter(nearest(kind, tuple(kinds()))), None
    )
    served = [f"kaito.sh/{name}" for name in kinds()[near]["versions"]] if near else []
    accepted = f"{near} at {' or '.join(served)}" if near else ", ".join(kinds())
    path: Path = ("kind",) if near is None or near != kind else ("apiVersion",)
    message = f"'{kind[:60]}' at '{version[:60]}' is no kind that KAITO 0.12 serves"
    if not version or not kind:
        path = ("kind",) if version else ("apiVersion",)
        message = "missing: kubectl refuses the object"
    fix = f"apiVersion: {served[-1]}" if served and path == ("apiVersion",) else f"kind: {near}" if near else ""
    yield _at(path, "KS301", message, accepted, "error", "kind_is_served", fix)


def _refused_by_server(kind: str, manifest: Mapping[str, Any], reading: Reading) -> Iterator[Located]:
    for path, found, accepted in metadata_found(manifest, kinds()[kind]["scope"] == "Namespaced"):
        yield _at(path, "KS305", found, accepted, "error", "metadata_is_kubernetes")
    for path, found, accepted in reading.refused:
        yield _at(path, "KS303", found, accepted, "error", "fields_fit_schema")
    if not reading.refused:
        for path, found, accepted in reading.cel_refused():
            yield _at(path, "KS304", found, accepted, "error", "cel_holds")


def _at(path: Path, code: str, found: str, accepted: str, severity: Severity, name: str, fix: str = "") -> Located:
    return Located(path, Problem(code, dotted(path), found, accepted, fix, severity), name)


def _case(kind: str, version: str, manifest: Mapping[str, Any], env: Environment) -> Case | None:
    """Return what is replaced, read as the API server keeps it; None: the API server cannot have it."""
    metadata = manifest.get("metadata")
    own = str(manifest.get("apiVersion", "")).rpartition("/")[2]
    schema = schema_of(kind, own) if manifest.get("kind") == kind else None
    reading = Reading(schema, manifest) if schema else None
    if reading is None or reading.refused:
        return None
    if own != version:
        reading = Reading(schema_of(kind, version) or {}, {**manifest, **reading.value})
    return Case(
        kind=kind,
        version=version,
        metadata=metadata if isinstance(metadata, Mapping) else {},
        body=reading.value,
        env=env,
        raw=manifest,
    )


def _located(case: Case, rule: Rule, found: Found, severity: Severity) -> Located:
    path = case.placed(parsed(found.path) if isinstance(found.path, str) else found.path)
    problem = Problem(rule.code, dotted(path), found.found, found.accepted, found.fix, severity, found.cause)
    return Located(path, problem, rule.name, found.inside)


def _judged(case: Case) -> Iterator[Located]:
    """Applies every rule for the kind, version and operation."""
    unasked = case.env.unasked
    for rule in rules_for(case.kind, case.version, "create" if case.creates else "update", bool(case.owner)):
        for found in rule.check(case) if rule.name not in unasked else ():
            yield _located(case, rule, found, "error" if named_release() and rule.code in ENGINE_ENDS else rule.severity)


def _softened(found: Iterable[Located], active: bool, why: str) -> Iterator[Located]:
    """Return findings as they are, or as warnings where nothing checks them at admission."""
    for one in found:
        if active or one.problem.severity != "error":
            yield one
        else:
            softer = replace(one.problem, found=f"{one.problem.found} ({why})", severity="warning")
            yield one._replace(problem=softer)


def _children(case: Case, active: bool) -> Iterator[Located]:
    """Judges the Workspaces that an object would make; what only fails later is a warning."""
    if case.kind == "InferenceSet":
        template = case.mapping("spec.template")
        resource = dict(template.get("resource") or {})
        resource["labelSelector"] = case.get("spec.labelSelector")
        child = _child(case, resource, template.get("inference"), template.get("metadata"))
        checked = active and case.version == "v1beta1"
        yield from _softened(_judged(child), checked, "only checked when the Workspace is made")
    elif case.kind == "MultiRoleInference":
        for index, role in enumerate(roles(case)):
            yield from _role(case, index, role)


def _child(case: Case, resource: Mapping[str, Any], inference: Any, metadata: Any) -> Case:
    given = dict(metadata) if isinstance(metadata, Mapping) else {}
    given |= {"name": "", "namespace": case.namespace}
    return Case(
        kind="Workspace",
        version="v1beta1",
        metadata=given,
        body={"resource": resource, "inference": inference},
        env=case.env,
        raw=case.raw,
        owner=case.kind,
    )


def _role(case: Case, index: int, role: Mapping[str, Any]) -> Iterator[Located]:
    """Judges the Workspace of a role, with the paths of the role."""
    options = {"modelAccessSecret": case.text("spec.model.modelAccessSecret")}
    inference = {"preset": {"name": case.text("spec.model.name"), "presetOptions": options}}
    resource = {"instanceType": role.get("instanceType"), "labelSelector": case.get("spec.labelSelector")}
    if role.get("runtimeConfig"):
        inference["config"] = role["runtimeConfig"]
    child = _child(case, {key: value for key, value in resource.items() if value}, inference, None)
    for one in _softened(_judged(child), False, "only checked when the Workspace is made"):
        placed = _role_path(one.path, index)
        if one.rule != "size_follows_provisioner" and (index == 0 or placed[:2] == ("spec", "roles")):
            yield one._replace(path=placed, problem=replace(one.problem, path=dotted(placed)))


def _role_path(path: Path, index: int) -> Path:
    if path[:2] == ("resource", "instanceType"):
        return ("spec", "roles", index, "instanceType")
    if path[:2] == ("resource", "labelSelector"):
        return ("spec", "labelSelector", *path[2:])
    if path[:2] == ("inference", "config"):
        return ("spec", "roles", index, "runtimeConfig")
    return ("spec", "model", "modelAccessSecret") if path[-1:] == ("modelAccessSecret",) else ("spec", "model", "name")

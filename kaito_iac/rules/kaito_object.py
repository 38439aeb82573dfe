"""A KAITO object of a stack as a manifest, and the findings of KAITO's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from hashlib import blake2b
from threading import Lock
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, StrictBool, field_validator

from kaito_iac.admission.fields import lifted
from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import GATES, Cluster, Environment
from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.judged_release import judged_release, named_release
from kaito_iac.catalog.label import NODE_CLASS
from kaito_iac.kubernetes.schema import Path, dotted, kinds, parsed
from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.rule import Watchful
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

KAITO: Final = "kubernetes:kaito[.]sh/[^:]+:(Workspace|InferenceSet|RAGEngine|MultiRoleInference|ModelMirror)"
"""Pulumi types of the kinds that KAITO's rules are about."""
_METADATA: Final = ("name", "generateName", "namespace", "labels", "annotations", "finalizers", "ownerReferences")
"""What a program writes of metadata; the rest is the API server's."""


class KaitoConfig(Watchful):
    """How the KAITO runs that the objects are for."""

    cloud: Literal["any", "azure", "aws", "arc"] = Field(
        "any", description="cloudProviderName of KAITO's chart. any: the cloud that has the VM size."
    )
    provisioner: Literal["any", "azure-gpu-provisioner", "karpenter", "byo"] = Field(
        "any",
        description="nodeProvisioner of KAITO's chart. any: byo for an object without instanceType, else the one of the cloud.",
    )
    feature_gates: Mapping[str, StrictBool] = Field({}, description="Feature gates of KAITO that differ from their default.")

    @field_validator("feature_gates")
    @classmethod
    def _gates_exist(cls, gates: Mapping[str, bool]) -> Mapping[str, bool]:
        unknown = sorted(gates.keys() - GATES.keys())
        if unknown:
            raise ValueError(f"gates of KAITO 0.12, not {', '.join(unknown)}: one of {', '.join(sorted(GATES))}")
        return gates


class Judged(NamedTuple):
    """Findings of KAITO's rules about an object, and what of it is not known."""

    problems: tuple[tuple[Path, Problem], ...]
    unknown: tuple[tuple[str, Unknown], ...]
    """Dotted path to each value that is not known."""
    blocked: bool
    """Whether a value that is not known keeps KAITO's rules from looking any further."""


def judged(fact: Resource, config: KaitoConfig, cluster: Cluster | None = None) -> Judged:
    """Return KAITO's findings; findings about a value that is not known are left out, as it may be any.

    A verdict depends on the object, the configuration, the release and the ConfigMaps alone: it is kept, and every rule that asks
    about the same object, one by one or in a whole stack, filters the same one.
    """
    if isinstance(fact.inputs, Unknown):
        return Judged((), (("its inputs", fact.inputs),), blocked=True)
    gates, releases = tuple(sorted(config.feature_gates.items())), (judged_release(), named_release())
    environment = (config.cloud, config.provisioner, gates, releases)
    maps = {} if cluster is None else cluster.config_maps
    key = blake2b(
        repr((fact.type, fact.space, fact.inputs, maps, environment)).encode("utf-8", "replace"), digest_size=16
    ).digest()
    held = _verdicts.get(key)
    if held is None:
        held = _judged(fact, config, cluster)
        with _writing:
            if len(_verdicts) >= _KEPT:
                _verdicts.clear()
            _verdicts[key] = held
    return held


_KEPT: Final = 20_000
_verdicts: dict[bytes, Judged] = {}
"""Verdicts of this process, by a digest of everything they depend on."""
_writing: Final = Lock()


_SERVER: Final = frozenset({"KS303", "KS304", "KS305", "KS306"})
"""Codes after which nothing else is judged: the API server refuses the object."""
_STAND_IN: Final = "unknown"


def _judged(fact: Resource, config: KaitoConfig, cluster: Cluster | None) -> Judged:
    """Judge an object without what is not known; what may not be missing is then a text of its own."""
    found: list[tuple[Path, Unknown]] = []
    given = manifest(fact, found)
    unknown = [path for path, _ in found]
    problems, doubtful = _certain(given, unknown, config, cluster)
    missing = [path for path in unknown if any(problem == path for problem in doubtful)]
    if missing:
        problems, doubtful = _certain(_stood_in(given, missing), unknown, config, cluster)
    return Judged(tuple(problems), tuple((dotted(path), value) for path, value in found), bool(doubtful))


def _certain(
    given: Mapping[str, Any], unknown: Sequence[Path], config: KaitoConfig, cluster: Cluster | None
) -> tuple[list[tuple[Path, Problem]], list[Path]]:
    """Return what is certain, and where the API server would refuse something for a value that is not known."""
    problems, doubtful = [], []
    for problem in judge(given, environment(given, config), cluster=cluster).problems:
        path = parsed(problem.path)
        if not any(_about(path, other) for other in unknown):
            problems.append((path, problem))
        elif problem.code in _SERVER:
            doubtful.append(path)
    return problems, doubtful


def _stood_in(given: Mapping[str, Any], paths: Sequence[Path]) -> dict[str, Any]:
    """Return an object with a text at some paths."""
    made = deepcopy(dict(given))
    for *keys, last in paths:
        place: Any = made
        for key in keys:
            place = place[key]
        place[last] = _STAND_IN
    return made


def _about(path: Path, unknown: Path) -> bool:
    """Return whether one is inside the other."""
    shared = min(len(path), len(unknown))
    return path[:shared] == unknown[:shared]


def manifest(fact: Resource, unknown: list[tuple[Path, Unknown]]) -> dict[str, Any]:
    """Return the object as the API server would get it, without the values that are not known, which it collects."""
    version, _, kind = fact.type.removeprefix("kubernetes:").rpartition(":")
    given = {
        key: value
        for key, value in fact.inputs.items()
        if value is not None and key not in ("apiVersion", "kind", "status", "id", "urn") and not key.startswith("__")
    }
    metadata = given.get("metadata")
    if isinstance(metadata, Mapping):
        given["metadata"] = {key: metadata[key] for key in _METADATA if metadata.get(key) is not None}
        if isinstance(fact.space, str) and not metadata.get("namespace") and kinds().get(kind, {}).get("scope") == "Namespaced":
            given["metadata"]["namespace"] = fact.space
    known = {key: _known(value, (key,), unknown) for key, value in given.items() if not _collected(value, (key,), unknown)}
    return {"apiVersion": version, "kind": kind, **known}


def _collected(value: Any, path: Path, unknown: list[tuple[Path, Unknown]]) -> bool:
    if isinstance(value, Unknown):
        unknown.append((path, value))
    return isinstance(value, Unknown)


def _known(value: Any, path: Path, unknown: list[tuple[Path, Unknown]]) -> Any:
    """Return a value without what is not known inside it; a list with such an entry is not known as a whole."""
    if isinstance(value, Mapping):
        return {
            key: _known(inner, (*path, key), unknown)
            for key, inner in value.items()
            if not _collected(inner, (*path, key), unknown)
        }
    if isinstance(value, list):
        return [
            _known(inner, (*path, index), unknown) for index, inner in enumerate(value) if not _collected(inner, path, unknown)
        ]
    return value


def environment(given: Mapping[str, Any], config: KaitoConfig) -> Environment:
    """Return the surroundings an object is judged in: those of the configuration, the rest by what the object says."""
    names = [name for name in _sizes(lifted(given) or given) if isinstance(name, str) and name]
    cloud: str = config.cloud
    if cloud == "any":
        cloud = next((size.cloud for name in names if (size := find_size(name)) is not None), "azure")
    provisioner: str = config.provisioner
    if provisioner == "any":
        by_class = NODE_CLASS in mapping(field(given, "metadata", "annotations"))
        provisioner = "karpenter" if by_class or cloud == "aws" else "azure-gpu-provisioner"
        provisioner = provisioner if names else "byo"
    return Environment(cloud=cloud, provisioner=provisioner, feature_gates=config.feature_gates)


def _sizes(given: Mapping[str, Any]) -> Iterator[Any]:
    """Return every place where an object may name a VM size."""
    for keys in (("resource",), ("spec", "template", "resource"), ("spec", "compute")):
        yield field(given, *keys, "instanceType")
    roles = field(given, "spec", "roles")
    for role in roles if isinstance(roles, list) else []:
        yield field(role, "instanceType")

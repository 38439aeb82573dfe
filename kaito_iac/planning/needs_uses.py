"""What Kubernetes objects refer to by name: Secrets, ConfigMaps, claims, classes, accounts, roles and namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.admission.stated_installation import stated_gates
from kaito_iac.admission.verdict import GATES
from kaito_iac.admission.vocabulary import KIND_GATES, PARTITION_GATES
from kaito_iac.catalog.label import INFERENCE_KEY, SCALER, TRAINING_KEY
from kaito_iac.stack.reading import field, mapping
from kaito_iac.stack.resource import Resource

CLUSTER_WIDE: Final = frozenset(
    {
        "ClusterRole",
        "CustomResourceDefinition",
        "FeatureGate",
        "GatewayClass",
        "IamRole",
        "IngressClass",
        "Namespace",
        "PriorityClass",
        "RuntimeClass",
        "Software",
        "StorageClass",
    }
)
"""Kinds of needs that lie in no namespace."""
_DEEPEST: Final = 40
MIXED: Final = "NVIDIA device plugin with MIG strategy mixed"
"""What makes a slice something that a pod can ask for by name."""
_STREAMING: Final = {
    "kaito.sh/model-mirror-storage-class": "StorageClass",
    "kaito.sh/streaming-service-account": "ServiceAccount",
}
"""Annotations of model streaming, to the kind that each names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One reference of an object."""

    kind: str
    name: str
    namespace: str = ""
    """Empty for what is in no namespace."""
    keys: tuple[str, ...] = ()
    """Keys of a Secret or ConfigMap that are read."""
    source: str = ""
    """What brings it, where that is on record."""


Names = Iterator[tuple[str, str, tuple[str, ...]]]
"""Kind, name and keys."""


def uses(resource: Resource, namespace: str) -> Iterator[Use]:
    """Return what an object refers to, optional references apart; `namespace` is its own."""
    found = [*_named(resource.inputs, "", _DEEPEST), *_of_kind(*group_and_kind(resource), resource.inputs)]
    for need, name, keys in found:
        place, _, plain = name.rpartition("/")
        yield Use(kind=need, name=plain, namespace="" if need in CLUSTER_WIDE else place or namespace, keys=keys)


def group_and_kind(resource: Resource) -> tuple[str, str]:
    """Return the API group of an object, empty for Kubernetes' core, and its kind."""
    version, _, kind = resource.type.removeprefix("kubernetes:").rpartition(":")
    group, slash, _ = version.partition("/")
    return ("" if not slash and re.fullmatch(r"v\d\w*", version) else group), kind


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _named(value: Any, key: str, depth: int) -> Names:
    """Walk through an object; what a key means is the same wherever a pod or a KAITO object may stand."""
    if not depth:
        return
    read = _READERS.get(key)
    if read is not None and value is not None:
        yield from ((kind, name, keys) for kind, name, keys in read(value) if name)
    if isinstance(value, Mapping):
        for inner, item in value.items():
            if inner not in ("metadata", "status", "data", "stringData"):
                yield from _named(item, str(inner), depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _named(item, "", depth - 1)


def _reference(kind: str) -> Callable[[Any], Names]:
    """Read `{name, key, optional}`."""

    def read(value: Any) -> Names:
        given = mapping(value)
        if given.get("optional") is not True:
            key = _text(given.get("key"))
            yield kind, _text(given.get("name")), (key,) if key else ()

    return read


def _secret(*keys: str) -> Callable[[Any], Names]:
    """Read the name of a Secret of which KAITO takes these keys."""
    return lambda value: iter([("Secret", _text(value), keys)])


def _each(kind: str) -> Callable[[Any], Names]:
    """Read a list of names, or of mappings with a name."""

    def read(value: Any) -> Names:
        for one in value if isinstance(value, list | tuple) else ():
            yield kind, _text(one) or _text(mapping(one).get("name")), ()

    return read


def _class(kind: str, *always: str) -> Callable[[Any], Names]:
    return lambda value: iter([] if _text(value).startswith("system-") or value in always else [(kind, _text(value), ())])


def _volumes(value: Any) -> Names:
    for volume in value if isinstance(value, list | tuple) else ():
        sources = field(volume, "projected", "sources")
        for one in (volume, *(sources if isinstance(sources, list | tuple) else ())):
            yield from _volume(mapping(one))


def _volume(given: Mapping[str, Any]) -> Names:
    for key, kind, name in (("secret", "Secret", "secretName"), ("configMap", "ConfigMap", "name")):
        source = mapping(given.get(key))
        if source and source.get("optional") is not True:
            items = source.get("items")
            keys = [_text(mapping(item).get("key")) for item in (items if isinstance(items, list | tuple) else ())]
            yield kind, _text(source.get(name)) or _text(source.get("name")), tuple(filter(None, keys))
    yield "PersistentVolumeClaim", _text(field(given, "persistentVolumeClaim", "claimName")), ()
    yield "SecretProviderClass", _text(field(given, "csi", "volumeAttributes", "secretProviderClass")), ()


def _claim(value: Any) -> Names:
    yield "PersistentVolumeClaim", _text(value), ()


def _one_volume(value: Any) -> Names:
    return _volume(mapping(value))


def _access(value: Any) -> Names:
    """Read the token of a ModelMirror, a reference with a namespace; RAG engines give a text, of which the kind says the key."""
    given = mapping(value)
    place = _text(given.get("namespace"))
    name = _text(given.get("name"))
    yield "Secret", f"{place}/{name}" if place and name else name, ("HF_TOKEN",)


def _service(value: Any) -> Names:
    """Read a cluster of Envoy, `outbound|PORT||NAME.NAMESPACE.svc…`."""
    name, _, rest = _text(value).rpartition("|")[2].partition(".")
    yield "Service", f"{rest.partition('.')[0]}/{name}" if name and ".svc" in rest else "", ()


def _certificates(value: Any) -> Names:
    for one in value if isinstance(value, list | tuple) else ():
        given = mapping(one)
        if given.get("kind") in (None, "Secret"):
            place = _text(given.get("namespace"))
            yield "Secret", f"{place}/{_text(given.get('name'))}" if place else _text(given.get("name")), ("tls.crt", "tls.key")


def _tls(value: Any) -> Names:
    for one in value if isinstance(value, list | tuple) else ():
        yield "Secret", _text(mapping(one).get("secretName")), ("tls.crt", "tls.key")


_READERS: Final[Mapping[str, Callable[[Any], Names]]] = {
    "secretKeyRef": _reference("Secret"),
    "secretRef": _reference("Secret"),
    "configMapKeyRef": _reference("ConfigMap"),
    "configMapRef": _reference("ConfigMap"),
    "secretTargetRef": _each("Secret"),
    "imagePullSecrets": _each("Secret"),
    "imagePullSecret": _secret(),
    "imagePushSecret": _secret(),
    "modelAccessSecret": _secret("HF_TOKEN"),
    "accessSecret": _access,
    "cluster_name": _service,
    "volumes": _volumes,
    "volumeSource": _one_volume,
    "persistentVolumeClaim": _claim,
    "certificateRefs": _certificates,
    "tls": _tls,
    "storageClassName": _class("StorageClass"),
    "gatewayClassName": _class("GatewayClass"),
    "ingressClassName": _class("IngressClass"),
    "priorityClassName": _class("PriorityClass"),
    "runtimeClassName": _class("RuntimeClass"),
    "serviceAccountName": _class("ServiceAccount", "default"),
}
"""Key of a field to what its value refers to."""


def _of_kind(group: str, kind: str, inputs: Any) -> Names:
    """Return what fields of single kinds refer to, and what KAITO's controllers look for."""
    if group == "kaito.sh":
        yield from _of_kaito(kind, inputs)
    if kind in ("RoleBinding", "ClusterRoleBinding"):
        role, name = _text(field(inputs, "roleRef", "kind")), _text(field(inputs, "roleRef", "name"))
        if name and name not in ("admin", "edit", "view", "cluster-admin") and not name.startswith("system:"):
            yield role or "ClusterRole", name, ()
    if kind == "EC2NodeClass":
        yield from (("IamRole", name, ()) for name in [_text(field(inputs, "spec", "role"))] if name)
    if kind == "ServiceAccount":
        role = _text(field(inputs, "metadata", "annotations", "eks.amazonaws.com/role-arn"))
        yield from (("IamRole", name, ()) for name in [role.rpartition(":role/")[2]] if name)
    if group == "keda.sh" and any("kaito" in _text(field(one, "metadata", "scalerAddress")) for one in _triggers(inputs)):
        yield "Software", "keda-kaito-scaler", ()


def _triggers(inputs: Any) -> tuple[Any, ...]:
    found = field(inputs, "spec", "triggers")
    return tuple(found) if isinstance(found, list | tuple) else ()


def _of_kaito(kind: str, inputs: Any) -> Names:
    served = (mapping(field(inputs, "inference")), mapping(field(inputs, "spec", "template", "inference")))
    for inference in served:
        yield from (("ConfigMap", name, (INFERENCE_KEY,)) for name in [_text(inference.get("config"))] if name)
    config = _text(field(inputs, "tuning", "config"))
    yield from (("ConfigMap", name, (TRAINING_KEY,)) for name in [config] if name)
    roles = field(inputs, "spec", "roles")
    for role in roles if isinstance(roles, list | tuple) else ():
        yield from (("ConfigMap", name, (INFERENCE_KEY,)) for name in [_text(mapping(role).get("runtimeConfig"))] if name)
    if kind == "RAGEngine":
        secrets = (("storage.vectorDB", "VECTOR_DB_ACCESS_SECRET"), ("inferenceService", "LLM_ACCESS_SECRET"))
        for path, key in secrets:
            name = _text(field(inputs, "spec", *path.split("."), "accessSecret"))
            yield from (("Secret", one, (key,)) for one in [name] if one)
    gates = list(dict.fromkeys(_gates(kind, inputs)))
    yield from (("FeatureGate", gate, ()) for gate in gates if not {**GATES, **stated_gates()}.get(gate))
    if PARTITION_GATES["mig"] in gates:
        yield "Software", MIXED, ()
    yield from ((need, name, ()) for need, name in _streamed(inputs) if name)
    annotations = mapping(field(inputs, "metadata", "annotations"))
    if any(str(key).startswith(SCALER) for key in annotations):
        yield "Software", "KEDA", ()
        yield "Software", "keda-kaito-scaler", ()


def _gates(kind: str, inputs: Any) -> Iterator[str]:
    """Return the gates of KAITO that an object asks for."""
    if kind in KIND_GATES:
        yield KIND_GATES[kind]
    for keys in (("resource",), ("spec", "template", "resource")):
        gate = PARTITION_GATES.get(_text(field(inputs, *keys, "partition", "mode")), "")
        yield from filter(None, [gate])
    if any(True for _ in _streamed(inputs)):
        yield "ModelStreaming"


def _streamed(inputs: Any) -> Iterator[tuple[str, str]]:
    """Return what the annotations of model streaming name."""
    for keys in (("metadata",), ("spec", "template", "metadata")):
        annotations = mapping(field(inputs, *keys, "annotations"))
        yield from ((kind, _text(annotations[key])) for key, kind in _STREAMING.items() if annotations.get(key) is not None)

"""Names of other objects that a KAITO object needs: whether such an object can exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, warning
from kaito_iac.kubernetes.names import is_subdomain
from kaito_iac.kubernetes.schema import Path

SECRETS: Final = ("modelAccessSecret", "accessSecret", "imagePushSecret", "imagePullSecret", "imagePullSecrets")
INSIDE: Final[Mapping[str, tuple[str, str]]] = {
    "accessSecret": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "configMap": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}
"""Field that holds a reference to the kind, and the key of its name."""
PLAIN: Final[Mapping[str, str]] = {
    **dict.fromkeys(SECRETS, "Secret"),
    "persistentVolumeClaim": "PersistentVolumeClaim",
    "storageClassName": "StorageClass",
    "serviceAccountName": "ServiceAccount",
    "jobNamespace": "Namespace",
}
"""Field whose text is the name of an object of the kind."""
CLUSTER_WIDE: Final = ("StorageClass", "Namespace")


def references(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Return the names of other objects inside a KAITO object: where, of which kind, and the name; not those of own pods."""
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        here = (*path, key)
        if isinstance(inner, str):
            if key in PLAIN:
                yield here, PLAIN[key], inner
        elif isinstance(inner, Mapping) and key in INSIDE:
            kind, name = INSIDE[key]
            if isinstance(inner.get(name), str):
                yield (*here, name), kind, inner[name]
        elif isinstance(inner, list) and key in PLAIN:
            yield from ((here, PLAIN[key], one) for one in inner if isinstance(one, str))
        elif isinstance(inner, list):
            for index, one in enumerate(inner):
                yield from references(one, (*here, index))
        elif key != "template":
            yield from references(inner, here)


@warning("KS104", "Workspace", "RAGEngine", "ModelMirror")
def references_can_exist(case: Case) -> Iterator[Found]:
    """Names of Secrets, ConfigMaps, claims and classes are valid names: the pod waits indefinitely for any other."""
    for path, kind, name in references(case.body):
        if name and not is_subdomain(name):
            where = "" if kind in CLUSTER_WIDE else " in its namespace"
            yield Found(path, f"'{name[:60]}' is no name that a {kind} can have", f"the name of a {kind}{where}")


@warning("KS104", "MultiRoleInference")
def plugins_can_exist(case: Case) -> Iterator[Found]:
    """The ConfigMap with the plugins of scheduling has a valid name: KAITO never finds another."""
    name = case.text("spec.eppPluginsConfig")
    if name and not is_subdomain(name):
        message = f"'{name[:60]}' is no name that a ConfigMap can have"
        yield Found("spec.eppPluginsConfig", message, "the name of a ConfigMap in its namespace")

"""Writes the Helm values of KAITO's charts, and puts a user's own values over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kaito_iac.kinds.kaito_operator import ControllerImageArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.merge import merged
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import is_number, manifest, shown, some_text
from kaito_iac.spelling import camel

DECIDED: Final[Mapping[str, str]] = {
    "featureGates": "feature_gates",
    "nodeProvisioner": "provisioner",
    "karpenterProvider": "cloud",
    "cloudProviderName": "cloud",
    "imagePullSecrets": "image_pull_secrets",
    "replicaCount": "",
}
"""Value to the argument that decides it; values that only arguments may set."""
SUB_CHARTS: Final = ("flux2", "gpu-feature-discovery", "local-csi-driver", "productionstack")
"""Charts inside the workspace chart, whose values are their own."""
FREE: Final = ("karpenterProviders", "nodeSelector")
"""Values whose keys are the user's."""


def read_pull_secrets(reader: Reader) -> list[dict[str, Any]]:
    """Read the names of pull secrets as Kubernetes refers to them."""
    return [{"name": name} for name in reader.words("image_pull_secrets")]


def read_replicas(reader: Reader) -> None:
    """Refuse more than one controller: KAITO's chart never turns leader election on."""
    for reading in (reader, reader.inner("values", (), args={}), reader.inner("rag_values", (), args={})):
        key = "replica_count" if reading is reader else "replicaCount"
        path = reading.path(key)
        where = reader.args if reading is reader else reader.args.get(reading.prefix.rstrip("."))
        value = where.get(key, 1) if isinstance(where, Mapping) else 1
        if not is_number(value) or value != 1:
            message = f"{shown(value)}: the chart never passes --leader-elect, so two controllers would both act"
            reader.add(Problem("KO438", path, message, "1", f"leave {path} out"))


def workspace_values(
    reader: Reader,
    *,
    gates: Mapping[str, bool],
    node_provisioner: str,
    cloud: str,
    cluster_name: Any,
    providers: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the values of the workspace chart that the arguments mean."""
    own = reader.flag("gpu_operator", False)
    values: dict[str, Any] = {
        "nodeProvisioner": node_provisioner,
        "cloudProviderName": cloud,
        "clusterName": cluster_name,
        "featureGates": dict(gates),
        "imagePullSecrets": read_pull_secrets(reader),
        **_images(reader, "workspace", "presetRegistryName"),
        **providers,
    }
    if own or cloud == "arc":
        values["nvidiaDevicePlugin"] = {"enabled": False}
    if own:
        values["gpu-feature-discovery"] = {"nfd": {"enabled": False}, "gfd": {"enabled": False}}
    if reader.flag("spot", False):
        values["spotInstance"] = {"enabled": True}
    streaming = reader.inner("model_streaming", (), args=reader.mapping("model_streaming"))
    if streaming.args:
        values["defaultStreamingServiceAccount"] = streaming.args.get("service_account", "kaito-model-streamer")
        values["defaultModelMirrorStorageClass"] = streaming.args.get("storage_class")
    return {key: value for key, value in values.items() if value not in ([], {}, None)}


def ragengine_values(reader: Reader, cloud: str) -> dict[str, Any]:
    """Return the values of the ragengine chart that the arguments mean."""
    values = {"cloudProviderName": cloud, "imagePullSecrets": read_pull_secrets(reader)}
    values |= _images(reader, "ragengine", "presetRagRegistryName")
    return {key: value for key, value in values.items() if value != []}


def _images(reader: Reader, chart: str, registry_key: str) -> dict[str, Any]:
    """Return controller image and preset registry; `registry` stands for the place KAITO publishes to."""
    registry = reader.late("registry", some_text)
    image = reader.inner("image", ControllerImageArgs) if chart == "workspace" else None
    own = {camel(key): image.late(key, some_text) for key in image.args if key in image.known} if image else {}
    if image:
        reader.take(image)
    found: dict[str, Any] = {}
    if registry is not None:
        from kaito_iac.resolve.operator_cluster import joined

        found[registry_key] = registry
        own.setdefault("repository", joined(registry, "/", chart))
    return {**found, "image": own} if own else found


def with_own(reader: Reader, key: str, values: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """Put the user's values of an argument over ours: what an argument decides is refused, what the chart lacks is reported.

    Lists and values replace, maps merge.
    """
    given = reader.mapping(key)
    reader.add(manifest(reader.path(key), given))
    for path, value in _leaves(given):
        head = path.partition(".")[0]
        argument = DECIDED.get(head)
        if argument:
            message = f"{head} is decided by the argument {argument}"
            reader.add(Problem("KS272", f"{reader.path(key)}.{path}", message, "a value no argument decides", f"use {argument}"))
        elif _clashes(values, path, value):
            message = f"{shown(value)}, where the arguments mean {shown(_at(values, path))}"
            reader.add(Problem("KS272", f"{reader.path(key)}.{path}", message, "one of the two", f"leave {key}.{path} out"))
        elif known and head not in (*SUB_CHARTS, *FREE) and not _known(path, known):
            message = "no value of the chart: nothing reads it"
            reader.add(Problem("KO442", f"{reader.path(key)}.{path}", message, "a key of its values.yaml", "", "warning"))
    return merged(values, given)


def _leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _at(values: Mapping[str, Any], path: str) -> Any:
    """Return what is at a path, or above it where that is no mapping; None: nothing."""
    here: Any = values
    for part in path.split("."):
        if not isinstance(here, Mapping):
            return here
        here = here.get(part)
    return here


def _clashes(values: Mapping[str, Any], path: str, value: Any) -> bool:
    below = _at(values, path)
    return below is not None and (isinstance(below, Mapping) or below is not value) and not _same(below, value)


def _same(one: Any, other: Any) -> bool:
    plain = (str, bool, int, float)
    return isinstance(one, plain) and isinstance(other, plain) and one == other


def _known(path: str, known: Sequence[str]) -> bool:
    return any(one == path or one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in known)

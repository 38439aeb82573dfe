"""Resources of a stack as `pulumi stack export` writes them: read as plain data that demand is asked of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaito_iac.files import STATE_BYTES, FileError, read_text
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.decoder import Decoder
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import STACK_TYPE, Options, Resource, Stack, duration

_DECODER: Final = Decoder()
_EXPORT: Final = "what `pulumi stack export` writes"
_FIX: Final = "pulumi stack export --file state.json"
_VERSIONS: Final = (3, 4)
_FEATURES: Final = frozenset(
    {"refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith", "snippets-prototype"}
    | {"extensionParameterization", "byteString"}
)
"""Features of a state of version 4 that change nothing of what is read here; the engine refuses a state with another one."""


def load_state(path: Path) -> Stack:
    """Return the resources of an exported state; a file that cannot be read is a problem, never an exception."""
    try:
        text = read_text(path, STATE_BYTES)
    except FileError as error:
        return unreadable(path.name, error)
    return read_state(text, path.name)


def unreadable(name: str, error: FileError) -> Stack:
    """Return the state of a file that cannot be read: its problem alone."""
    return Stack((), (Problem("KQ150", name, str(error), _EXPORT, _FIX),))


def read_state(text: str, name: str = "state") -> Stack:
    """Return the resources of an exported state, or of a checkpoint of a file backend; `name` is what problems call it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = str(error).partition("\n")[0]
        return Stack((), (Problem("KQ150", name, f"no JSON: {message}", _EXPORT, _FIX),))
    found, problem = _deployment(document, name)
    if problem:
        return Stack((), (problem,))
    return _Reading(found, name).state()


def _deployment(document: Any, name: str) -> tuple[Mapping[str, Any], Problem | None]:
    checkpoint = document.get("checkpoint") if isinstance(document, dict) else None
    found = checkpoint.get("latest") if isinstance(checkpoint, dict) else None
    if found is None and isinstance(document, dict):
        found = document.get("deployment")
    if not isinstance(found, dict):
        return {}, Problem("KQ150", name, "neither a deployment nor a checkpoint", _EXPORT, _FIX)
    version = document.get("version")
    if version not in _VERSIONS or isinstance(version, bool):
        versions = " or ".join(map(str, _VERSIONS))
        return {}, Problem("KQ150", f"{name}: version", json.dumps(version)[:80], versions, _FIX)
    features = document.get("features") or []
    unknown = (
        [one for one in features if not isinstance(one, str) or one not in _FEATURES]
        if isinstance(features, list)
        else [features]
    )
    if unknown:
        message = f"{json.dumps(unknown[0])[:80]}, which this release cannot read"
        return {}, Problem("KQ150", f"{name}: features", message, f"features of {', '.join(sorted(_FEATURES))}", _FIX)
    return found, None


class _Reading:
    """Reads one deployment, and keeps what it could not read."""

    def __init__(self, deployment: Mapping[str, Any], name: str) -> None:
        self._deployment = deployment
        self._name = name
        self._problems: list[Problem] = []
        self._spaces: dict[str, Any] = {}
        """Namespaces of providers, by URN."""

    def state(self) -> Stack:
        live: list[Resource] = []
        leaving: list[Resource] = []
        for path, entry in self._listed("resources"):
            found = self._resource(path, entry)
            if found is not None:
                (leaving if entry.get("delete") is True else live).append(found)
                if entry.get("delete") is True:
                    message = "replaced, and waits for its deletion: counted, as it exists until then"
                    self._problems.append(Problem("KQ152", found.name, message, "", "run the update again", "warning"))
        known = {resource.urn for resource in live}
        for path, entry in self._listed("pending_operations"):
            operation = entry.get("type") if isinstance(entry, dict) else None
            found = self._resource(f"{path}.resource", entry.get("resource") if isinstance(entry, dict) else None)
            if found is not None and operation == "creating" and found.urn not in known:
                live.append(replace(found, certain=False))
                message = "an update was interrupted while creating it: counted, as it may exist"
                self._problems.append(Problem("KQ153", found.name, message, "", "pulumi refresh", "warning"))
        return Stack((*live, *leaving), tuple(self._problems), made=_day(self._deployment.get("manifest")))

    def _listed(self, key: str) -> Iterator[tuple[str, Any]]:
        found = self._deployment.get(key)
        if found is not None and not isinstance(found, list):
            self._unreadable(f"{self._name}: {key}", f"a {type(found).__name__}", "a list")
            return
        yield from ((f"{self._name}: {key}[{index}]", entry) for index, entry in enumerate(found or ()))

    def _resource(self, path: str, entry: Any) -> Resource | None:
        urn = entry.get("urn") if isinstance(entry, dict) else None
        parts = urn.split("::", 3) if isinstance(urn, str) else []
        if len(parts) < 4:
            self._unreadable(path, "a resource without a URN", "a resource")
            return None
        token = entry.get("type")
        if not isinstance(token, str):
            token = parts[2].rpartition("$")[2]
        if token.startswith("pulumi:providers:"):
            if token == "pulumi:providers:kubernetes":
                self._spaces[str(urn)] = field(self._inputs(path, entry.get("inputs")), "namespace")
            return None
        parent, custom = entry.get("parent"), entry.get("custom") is not False
        inputs = self._inputs(path, entry.get("inputs"))
        return Resource(
            urn=str(urn),
            type=token,
            name=parts[3],
            parent=parent if isinstance(parent, str) and parent else None,
            inputs=inputs,
            outputs=inputs if custom or token == STACK_TYPE else _outputs(entry.get("outputs")),
            custom=custom,
            options=state_options(entry),
            space=self._spaces.get(str(entry.get("provider")).rpartition("::")[0]),
            read=entry.get("external") is True,
        )

    def _inputs(self, path: str, found: Any) -> Any:
        try:
            inputs = plain(found if found is not None else {})
        except RecursionError:
            inputs = Unknown("nested too deep to be read")
        if isinstance(inputs, dict):
            return inputs
        reason = inputs if isinstance(inputs, Unknown) else Unknown(f"inputs are no mapping but a {type(inputs).__name__}")
        self._unreadable(f"{path}.inputs", reason.reason, "a mapping")
        return reason

    def _unreadable(self, path: str, found: str, accepted: str) -> None:
        self._problems.append(Problem("KQ151", path, found, accepted, _FIX))


def plain(value: Any) -> Any:
    """Return a value of a saved state as dictionaries, lists and scalars; what is secret or not known is `Unknown`."""
    return _DECODER.read(value)


def _outputs(found: Any) -> Any:
    try:
        outputs = plain(found if found is not None else {})
    except RecursionError:
        return Unknown("nested too deep to be read")
    return outputs if isinstance(outputs, dict) else Unknown("its outputs are no mapping")


def _day(manifest: Any) -> date | None:
    """Return the day of a manifest, which says it to the nanosecond."""
    text = manifest.get("time") if isinstance(manifest, dict) else None
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def state_options(entry: Mapping[str, Any]) -> Options:
    """Return the options that a state of the engine holds."""
    timeouts = entry.get("customTimeouts")
    create = duration(timeouts.get("create") if isinstance(timeouts, dict) else None)
    behind = entry.get("propertyDependencies")
    return Options(
        protect=entry.get("protect") is True,
        retain_on_delete=entry.get("retainOnDelete") is True,
        depends_on=_texts(entry.get("dependencies")),
        property_dependencies={
            str(key): urns for key, found in (behind.items() if isinstance(behind, dict) else ()) if (urns := _texts(found))
        },
        ignore_changes=_texts(entry.get("ignoreChanges")),
        additional_secret_outputs=_texts(entry.get("additionalSecretOutputs")),
        custom_timeouts={"create": create} if create else {},
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list) else ()

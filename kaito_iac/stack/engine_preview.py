"""A preview of the engine as a source of resources: what its events, and the one document beside them, show of a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kaito_iac.problem import Unknown
from kaito_iac.stack.change import Diagnostic, EventLog
from kaito_iac.stack.decoder import HIDDEN, LATER, Decoder, Why, set_by
from kaito_iac.stack.event_line import parsed
from kaito_iac.stack.event_policy import text_of
from kaito_iac.stack.events import Fold
from kaito_iac.stack.preview_document import sources
from kaito_iac.stack.resource import CONCEALED, STACK_TYPE, Options, Resource, Secret
from kaito_iac.stack.saved_state import state_options

_GOING: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace", "replace"})
"""Steps whose states show nothing of what the program registers."""
_READ: Final = frozenset({"read", "read-replacement"})
_DEFAULT_PROVIDER: Final = re.compile(r"::pulumi:providers:[^:]+::default(_[^:]*)?")
_REGISTERED: Final = re.compile(r"registering resource: ty=(?P<type>\S+), name=(?P<name>.*), custom=\w+, remote=\w+\s*")
"""What the Python SDK reports of every resource, in the order of the program."""
_SPACED: Final = "pulumi:providers:kubernetes"


class _Decoder(Decoder):
    """Decodes values of events: a secret is there, and its value is never shown."""

    def string(self, text: str, why: Why) -> Any:
        """Return a text, unless it stands for a secret or for something that is not known."""
        return Secret(HIDDEN) if text == CONCEALED else super().string(text, why)

    def secret(self, value: Callable[[], Any]) -> Any:
        """Return what stands for a secret."""
        return Secret(HIDDEN)


_DECODER: Final = _Decoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one run of the engine shows of a program."""

    log: EventLog
    """What the engine does, how it ended, and what policies reported."""
    resources: tuple[Resource, ...]
    """What the program registers, in its order; what the run deletes is not among it."""
    exports: Mapping[str, Any]
    remarks: tuple[Diagnostic, ...]
    """Every line that is about a resource or says that something is wrong, whole, also when it is no more than a note."""
    destroys: bool
    """Whether the run is that of a destroy: it shows no program."""


def read_preview(lines: Iterable[bytes], document: Mapping[str, Any] | None = None) -> Preview:
    """Return what events of a run show; the document of the same run adds options, dependencies and lines of the program."""
    reading = _Reading(_states(document))
    for line in lines:
        if line.strip():
            reading.event(parsed(line))
    found = reading.preview()
    places = sources(document) if document else {}
    placed = (replace(one, source=places.get(one.urn, "")) if one.urn in places else one for one in found.resources)
    return replace(found, resources=tuple(placed)) if places else found


def _states(document: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    """Return by URN the states that a document shows; they hold the options that events leave out."""
    steps = document.get("steps") if document else None
    found: dict[str, Mapping[str, Any]] = {}
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict) and isinstance(step.get("newState"), dict) and step.get("op") not in _GOING:
            found[str(step.get("urn"))] = step["newState"]
    return found


class _Reading:
    """Takes events in, and keeps of each resource the last side that the program gives it."""

    def __init__(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        self._states = states
        self._fold = Fold()
        self._sides: dict[str, tuple[str, Mapping[str, Any]]] = {}
        """By URN the last step that is not a deletion, and the state after it."""
        self._order: dict[tuple[str, str], int] = {}
        self._remarks: dict[Diagnostic, None] = {}
        self._destroys = False
        self._ended = False
        self._names: dict[str, str] = {}

    def event(self, event: Any) -> None:
        if not self._fold.take(event):
            return
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            body = event.get(kind)
            found = body.get("metadata") if isinstance(body, dict) else None
            if isinstance(found, dict) and isinstance(found.get("urn"), str):
                self._step(found["urn"], str(found.get("op")), found)
        event_body = event.get("diagnosticEvent")
        if isinstance(event_body, dict):
            self._diagnostic(event_body)
        self._ended = self._ended or isinstance(event.get("summaryEvent"), dict)

    def _step(self, urn: str, op: str, found: Mapping[str, Any]) -> None:
        new = found.get("new")
        if op in _GOING:
            self._destroys = self._destroys or f"::{STACK_TYPE}::" in urn
            if op == "delete" and self._sides.get(urn, ("refresh",))[0] == "refresh":
                self._sides.pop(urn, None)
        elif isinstance(new, dict):
            self._sides[urn] = (op, new)

    def _diagnostic(self, event_body: Mapping[str, Any]) -> None:
        text = text_of(event_body.get("message")).strip()
        registered = _REGISTERED.fullmatch(text) if event_body.get("severity") == "debug" else None
        if registered:
            self._order.setdefault((registered["type"], registered["name"]), len(self._order))
        urn = event_body.get("urn")
        severity = str(event_body.get("severity"))
        about = isinstance(urn, str) and urn != "" and severity in ("info", "warning")
        if text and not self._ended and (about or severity in ("warning", "error")):
            self._remarks[Diagnostic(severity, text, urn if isinstance(urn, str) else "")] = None

    def preview(self) -> Preview:
        sides = {urn: side for urn, side in self._sides.items() if not _DEFAULT_PROVIDER.search(urn)}
        spaces: dict[str, Any] = {}
        self._names = {urn: urn.rpartition("::")[2] for urn in sides}
        found = []
        for urn, (op, state) in sides.items():
            made = self._resource(urn, op, state, spaces)
            if made.type == _SPACED and isinstance(made.inputs, Mapping):
                spaces[urn] = made.inputs.get("namespace") or None
            found.append(made)
        root = next((state for urn, (_, state) in sides.items() if f"::{STACK_TYPE}::" in urn), {})
        exports = _plain(root.get("outputs"), lambda: LATER)
        return Preview(
            log=self._fold.log(),
            resources=tuple(sorted(found, key=self._place)),
            exports=exports if isinstance(exports, dict) else {},
            remarks=tuple(self._remarks),
            destroys=self._destroys,
        )

    def _place(self, found: Resource) -> tuple[bool, int]:
        """Sort the stack first, then as the program registers; what has no place stays where the engine met it."""
        return found.type != STACK_TYPE, self._order.get((found.type, found.name), len(self._order))

    def _resource(self, urn: str, op: str, state: Mapping[str, Any], spaces: Mapping[str, Any]) -> Resource:
        full = self._states.get(urn, state)
        options = state_options({**full, **{key: state[key] for key in ("protect", "retainOnDelete") if key in state}})
        kind = state.get("type")
        custom, parent, provider = state.get("custom") is True, state.get("parent"), state.get("provider")
        reference = provider if isinstance(provider, str) else ""
        inputs = self._inputs(state.get("inputs"), options)
        outputs = inputs if custom else _plain(state.get("outputs") or {}, lambda: LATER)
        return Resource(
            urn=urn,
            type=kind if isinstance(kind, str) and kind else urn.split("::")[2].rpartition("$")[2] if "::" in urn else "",
            name=urn.rpartition("::")[2],
            parent=parent if isinstance(parent, str) and parent else None,
            inputs=inputs,
            outputs=outputs if isinstance(outputs, Mapping) else {},
            custom=custom,
            provider=reference,
            options=options,
            space=spaces.get(reference.rpartition("::")[0]),
            read=state.get("external") is True or op in _READ,
        )

    def _inputs(self, found: Any, options: Options) -> Any:
        """Return inputs; what is not known says whose output it is, where the dependencies of the inputs are known."""
        if not isinstance(found, dict):
            return {}
        return {
            str(key): _plain(value, self._why(options.property_dependencies.get(str(key), ()))) for key, value in found.items()
        }

    def _why(self, urns: Iterable[str]) -> Why:
        wanted = set(urns)
        names = tuple(name for urn, name in self._names.items() if urn in wanted) if wanted else ()
        return lambda: set_by(names) if names else LATER


def _plain(value: Any, why: Why) -> Any:
    try:
        return _DECODER.read(value, why)
    except RecursionError:
        return Unknown("nested too deep to be read")

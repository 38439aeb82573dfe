"""One manifest as the rules see it: dropped fields gone, defaults filled in, what it replaces beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Final, ParamSpec, TypeVar, cast

from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import find_model, find_size
from kaito_iac.catalog.load import admitted_prefixes, models
from kaito_iac.catalog.record import GpuSize, ModelCard
from kaito_iac.kubernetes.schema import Path

RUNTIME: Final = "kaito.sh/runtime"
BYPASS: Final = "kaito.sh/bypass-resource-checks"


_UNREAD: Final = object()
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def asked_once(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Keep what a function of a Case answers, which several rules ask in turn; a Case equals nothing but itself."""
    return cast(Callable[Asked, Answer], lru_cache(maxsize=8)(function))  # lru_cache forgets the parameters


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A manifest to judge; `body` is everything but metadata."""

    kind: str
    version: str
    metadata: Mapping[str, Any]
    body: Mapping[str, Any]
    env: Environment
    raw: Mapping[str, Any]
    """The manifest as it was given."""
    old: Case | None = None
    """What it replaces; None: it is created."""
    owner: str = ""
    """Kind of the object that would make this Workspace; empty: it is one of its own."""
    _read: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    """Values that rules asked for, by their dotted path."""

    def get(self, path: str) -> Any:
        """Return the value at a dotted path; None where there is none."""
        found = self._read.get(path, _UNREAD)
        if found is _UNREAD:
            found = self._read[path] = _value_at(self.body, path)
        return found

    def mapping(self, path: str) -> Mapping[str, Any]:
        """Return the mapping at a dotted path; an empty one where there is none."""
        value = self.get(path)
        return value if isinstance(value, Mapping) else {}

    def text(self, path: str) -> str:
        """Return the text at a dotted path; empty where there is none."""
        value = self.get(path)
        return value if isinstance(value, str) else ""

    def number(self, path: str) -> int | None:
        """Return the whole number at a dotted path; None where there is none."""
        value = self.get(path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @cached_property
    def name(self) -> str:
        """Return the name, or one as Kubernetes would make it."""
        name, prefix = self.metadata.get("name"), self.metadata.get("generateName")
        if isinstance(name, str) and name:
            return name
        return f"{prefix[:58]}xxxxx" if isinstance(prefix, str) and prefix else ""

    @cached_property
    def namespace(self) -> str:
        """Return the namespace it ends up in."""
        given = self.metadata.get("namespace")
        return given if isinstance(given, str) and given else self.env.namespace

    @cached_property
    def annotations(self) -> Mapping[str, str]:
        """Return the annotations that are text."""
        found = self.metadata.get("annotations")
        return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, Mapping) else {}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Return the labels that are text."""
        found = self.metadata.get("labels")
        return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, Mapping) else {}

    @property
    def creates(self) -> bool:
        """Return whether the object is new."""
        return self.old is None

    @cached_property
    def runtime(self) -> str:
        """Return the runtime KAITO picks: anything but its two words means vLLM."""
        wanted = self.annotations.get(RUNTIME, "")
        return "transformers" if wanted == "transformers" or not self.env.gate("vLLM") else "vllm"

    @cached_property
    def bypassed(self) -> bool:
        """Return whether KAITO skips its memory checks; the annotation counts whatever its value."""
        return BYPASS in self.annotations

    @cached_property
    def preset(self) -> str | None:
        """Return the preset's name as it was written; None: no preset."""
        found = self.get("inference.preset")
        return str(found.get("name", "")) if isinstance(found, Mapping) else None

    @cached_property
    def card(self) -> ModelCard | None:
        """Return the model of the inference preset; None: none, or one that the catalogue does not have."""
        return None if self.preset is None else preset_card(self.preset)

    @cached_property
    def served(self) -> bool:
        """Return whether it is for inference, with a preset that KAITO goes on with."""
        return self.get("inference") is not None and (self.preset is None or known_preset(self.preset))

    @cached_property
    def instance_type(self) -> str:
        """Return the VM size as it was written; empty: none."""
        return self.text("resource.instanceType")

    @cached_property
    def size(self) -> GpuSize | None:
        """Return the VM size that KAITO knows under this name on this cloud."""
        return find_size(self.instance_type, self.env.cloud) if self.instance_type.strip() == self.instance_type else None

    @cached_property
    def count(self) -> int:
        """Return the number of nodes as KAITO reads it."""
        found = self.number("resource.count")
        return 1 if found is None else found

    @cached_property
    def partition(self) -> Mapping[str, Any] | None:
        """Return the partition of GPUs; None: none."""
        found = self.get("resource.partition")
        return found if isinstance(found, Mapping) else None

    @cached_property
    def adapters(self) -> list[Mapping[str, Any]]:
        """Return the adapters."""
        found = self.get("inference.adapters")
        return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []

    def placed(self, path: Path) -> Path:
        """Return the path in the manifest that the user wrote."""
        if self.owner == "InferenceSet":
            return (
                ("spec", "labelSelector", *path[2:]) if path[:2] == ("resource", "labelSelector") else ("spec", "template", *path)
            )
        return path


def _value_at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if type(value) is not dict and not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def known_preset(name: str) -> bool:
    """Return whether KAITO takes a preset's name: an older short name in any case, or anything of the form a/b."""
    if name.lower() in _short_names():
        return True
    parts = name.split("/")
    return len(parts) == 2 and all(parts)


def preset_card(name: str) -> ModelCard | None:
    """Return the model behind a preset's name as KAITO finds it; None for one that KAITO would look up elsewhere."""
    return find_model(name) if known_preset(name) and name == name.strip() else None


_NAMES: dict[str, str] = {}


def _short_names() -> Mapping[str, str]:
    if not _NAMES:
        _NAMES.update({alias.lower(): card.id for card in models().values() for alias in card.aliases})
    return _NAMES


def admitted_size(name: str, env: Environment) -> bool:
    """Return whether admission takes a size: in the cloud's table in any case, or of a family that is let through."""
    if find_size(name, env.cloud) is not None and name.strip() == name:
        return True
    return any(name.lower().startswith(prefix.lower()) for prefix in admitted_prefixes(env.cloud))


def known_cloud(env: Environment) -> bool:
    """Return whether KAITO has a table of sizes for the cloud."""
    return env.cloud in CLOUDS


STREAMING: Final = "kaito.sh/model-streaming"


def preset_kept(preset: Any) -> Any:
    """Return a preset as KAITO decodes it: what is empty is not there; an empty list of secrets is."""
    if not isinstance(preset, Mapping):
        return None
    options = {key: value for key, value in (preset.get("presetOptions") or {}).items() if value != ""}
    rest = {key: value for key, value in preset.items() if key != "presetOptions" and value != ""}
    return {**rest, "presetOptions": options}


def roles(case: Case) -> list[Mapping[str, Any]]:
    """Return the roles."""
    found = case.get("spec.roles")
    return [role for role in found if isinstance(role, Mapping)] if isinstance(found, list) else []


def serves(case: Case) -> bool:
    """Return whether it is for inference, with a preset that KAITO goes on with."""
    return case.served


@asked_once
def provisions(case: Case) -> bool:
    """Return whether KAITO looks the size up for an inference Workspace."""
    return (
        serves(case)
        and (not case.env.byo or case.version == "v1alpha1")
        and (case.version == "v1alpha1" or case.partition is None)
    )


def annotation(key: str) -> Path:
    """Return the path of an annotation."""
    return ("metadata", "annotations", f"kaito.sh/{key}" if "/" not in key else key)


@asked_once
def streams(case: Case) -> bool:
    """Return whether KAITO would stream the weights."""
    wanted = case.annotations.get(STREAMING) != "disabled"
    return case.env.gate("ModelStreaming") and case.preset is not None and wanted and case.runtime == "vllm"


@cache
def weights_text(weights: float) -> str:
    """Return the size of weights as text."""
    return f"{weights:.2f} GiB"

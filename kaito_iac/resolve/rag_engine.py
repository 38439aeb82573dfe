"""Resolves a RAG engine: which model answers, what embeds, where vectors are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pulumi

from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.errors import SpecError
from kaito_iac.presets.load import find_file, name_problem, read_preset
from kaito_iac.problem import Problem, errors
from kaito_iac.resolve.merge import merged, with_stack_defaults
from kaito_iac.resolve.model_choice import preset_folders
from kaito_iac.resolve.reading import Reader, dns_label, dns_subdomain, shown

KEYS: Final = (
    "preset",
    "name",
    "namespace",
    "llm",
    "llmSecret",
    "contextWindow",
    "embedding",
    "vectorStore",
    "storage",
    "instanceType",
    "nodeSelector",
    "guardrails",
    "labels",
    "annotations",
    "wait",
    "timeoutMinutes",
)
DEFAULT_PRESET: Final = "docs-faiss"
EFFECTIVE_EMBEDDING: Final = "BAAI/bge-small-en-v1.5"
"""What KAITO 0.12 embeds with, whatever is asked for."""
READY_MINUTES: Final = 20
"""Time to wait for the service, minutes; a judgement: it pulls one image and loads a small embedding model."""
STORE_KEYS: Final = ("kind", "url", "accessSecret")
STORAGE_KEYS: Final = ("sizeGiB", "storageClass", "claim", "mountPath")


@dataclass(frozen=True, slots=True, kw_only=True)
class RagEngineSpec:
    """A checked RAG engine."""

    object_name: str
    namespace: Any
    llm_url: Any
    """Address of the chat API, possibly an Output; None: retrieval only."""
    llm_secret: Any
    context_window: Any
    embedding: str
    vector_store: Mapping[str, Any]
    storage_gib: int | None
    """Size of the claim we make, GiB; None: none of ours."""
    storage_class: Any
    claim: Any
    """Name of an existing claim."""
    mount_path: str
    instance_type: str
    selector: Mapping[str, Any]
    guardrails: Mapping[str, Any]
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Gives what state and policies see of the component."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "llmUrl": self.llm_url,
            "contextWindow": self.context_window,
            "embedding": self.embedding,
            "vectorStore": self.vector_store["kind"],
            "storageGiB": self.storage_gib,
            "instanceType": self.instance_type or None,
        }

    @property
    def claim_name(self) -> str:
        """Gives the name of the claim we make."""
        return f"{self.object_name}-index"

    def metadata(self, name: str) -> dict[str, Any]:
        """Gives the metadata of the claim, which has neither annotations of the engine nor a wait."""
        return {
            "name": name,
            "namespace": self.namespace,
            "labels": dict(self.labels),
            "annotations": {"pulumi.com/skipAwait": "true"},
        }

    def engine_metadata(self) -> dict[str, Any]:
        """Gives the metadata of the RAGEngine."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
        }

    def claim_spec(self) -> dict[str, Any]:
        """Gives the claim to the index volume."""
        spec: dict[str, Any] = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": f"{self.storage_gib}Gi"}}}
        return {**spec, "storageClassName": self.storage_class} if self.storage_class is not None else spec

    def spec(self, claim: Any) -> dict[str, Any]:
        """Gives the RAGEngine's spec, with the name of its claim if it has one."""
        fields: dict[str, Any] = {"embedding": {"local": {"modelID": self.embedding}}}
        if self.instance_type:
            fields["compute"] = {"instanceType": self.instance_type, "labelSelector": {"matchLabels": dict(self.selector)}}
        if self.llm_url is not None:
            service = {"url": self.llm_url, "contextWindowSize": self.context_window, "accessSecret": self.llm_secret}
            fields["inferenceService"] = {key: value for key, value in service.items() if value is not None}
        if storage := self._storage(claim):
            fields["storage"] = storage
        if self.guardrails:
            fields["guardrails"] = dict(self.guardrails)
        return fields

    def _storage(self, claim: Any) -> dict[str, Any]:
        storage: dict[str, Any] = {}
        if claim is not None:
            storage["persistentVolume"] = {"persistentVolumeClaim": claim, "mountPath": self.mount_path}
        if self.vector_store["kind"] == "qdrant":
            database = {
                "engine": "qdrant",
                "url": self.vector_store.get("url"),
                "accessSecret": self.vector_store.get("accessSecret"),
            }
            storage["vectorDB"] = {key: value for key, value in database.items() if value is not None}
        return storage

    def url(self, metadata: Mapping[str, Any]) -> str:
        """Gives the address of the Service KAITO makes for a RAGEngine with this metadata."""
        return f"http://{metadata['name']}.{metadata.get('namespace') or 'default'}.svc.cluster.local"


def http_url(path: str, value: Any) -> Problem | None:
    """Checks for an absolute http or https address without credentials in it."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return Problem("KS102", path, shown(value), "an absolute http or https address")
    if parts.password or parts.username:
        return Problem("KS221", path, "an address with credentials in it", "an address without them", "give the key by llmSecret")
    return None


def resolve_rag_engine(name: str, args: Mapping[str, Any]) -> RagEngineSpec:
    """Checks the arguments of a KaitoRagEngine; raises SpecError with every problem."""
    reader = Reader(with_stack_defaults("KaitoRagEngine", name, args), KEYS)
    _apply_preset(reader)
    object_name = reader.text("name", "the name of the RAGEngine") or name
    reader.add(dns_label(letter_first=True)("name", object_name))
    llm_url, window = _llm(reader)
    embedding = reader.text("embedding", "an embedding model of Hugging Face") or EFFECTIVE_EMBEDDING
    if embedding != EFFECTIVE_EMBEDDING:
        told = f"'{embedding}', which KAITO 0.12 ignores: it always embeds with {EFFECTIVE_EMBEDDING}"
        reader.add(Problem("KS209", "embedding", told, EFFECTIVE_EMBEDDING, "leave embedding out", "warning"))
    store, storage = _store(reader), _storage(reader)
    minutes = reader.number("timeoutMinutes", 1, 24 * 60, "minutes") or READY_MINUTES
    wait = minutes * 60 if reader.flag("wait", True) else 0
    waiting = {"pulumi.com/waitFor": "condition=RAGEngineSucceeded"} if wait else {}
    spec = RagEngineSpec(
        object_name=object_name,
        namespace=reader.late("namespace", dns_label(), default="default"),
        llm_url=llm_url,
        llm_secret=reader.late("llmSecret", dns_subdomain),
        context_window=window,
        embedding=embedding,
        vector_store=store,
        storage_gib=storage.get("sizeGiB"),
        storage_class=storage.get("storageClass"),
        claim=storage.get("claim"),
        mount_path=storage.get("mountPath") or "/mnt/data",
        instance_type=_instance_type(reader),
        selector=reader.labels("nodeSelector") or {"apps": object_name},
        guardrails=_guardrails(reader),
        labels=reader.labels("labels"),
        annotations={**reader.mapping("annotations"), **waiting},
        wait_seconds=wait,
        problems=tuple(reader.problems),
    )
    if errors(reader.problems):
        raise SpecError(f"KaitoRagEngine '{name}'", reader.problems)
    return spec


def _apply_preset(reader: Reader) -> None:
    name = reader.text("preset", "a RAG preset of `kaito-iac presets`") or DEFAULT_PRESET
    folders = preset_folders()
    file = find_file(name, folders)
    if file is None:
        reader.add(name_problem(name, "preset", folders))
        return
    preset, problems = read_preset(file)
    reader.problems += problems
    if preset is None:
        return
    if preset.kind != "rag":
        reader.add(Problem("KS101", "preset", f"'{name}' is a preset for {preset.kind}", "a RAG preset such as docs-faiss"))
        return
    storage = {"sizeGiB": preset.storage_gib} if preset.storage_gib and not _has_claim(reader) else None
    settings = {
        "embedding": preset.embedding,
        "vectorStore": {"kind": preset.vector_store},
        "storage": storage,
        "contextWindow": preset.context_window,
        "instanceType": preset.vm_size,
    }
    reader.args = merged({key: value for key, value in settings.items() if value is not None}, reader.args)


def _has_claim(reader: Reader) -> bool:
    storage = reader.args.get("storage")
    return isinstance(storage, Mapping) and "claim" in storage


def _llm(reader: Reader) -> tuple[Any, Any]:
    """Reads `llm`: an endpoint of a KaitoWorkspace, any chat address, or nothing for retrieval only."""
    given = reader.args.get("llm")
    window: Any = reader.number("contextWindow", 1, 2**31, "tokens")
    if given is None:
        return None, None
    if isinstance(given, pulumi.Output):
        known = given.apply(_endpoint_or_raise)
        window = window or known.apply(lambda found: found["contextTokens"])
        return known.apply(lambda found: found["url"]), window
    if isinstance(given, Mapping):
        window = window or given.get("contextTokens")
        given = _chat_url(given.get("url"))
    reader.add(None if isinstance(given, pulumi.Output) else http_url("llm", given))
    if window is None:
        fix = "give contextWindow: the context of the model behind the address, in tokens"
        reader.add(
            Problem("KS102", "contextWindow", "missing, and the address does not tell it", "a positive number of tokens", fix)
        )
    return given, window


def _endpoint_or_raise(value: Any) -> dict[str, Any]:
    endpoint = value if isinstance(value, Mapping) else {"url": value}
    url = _chat_url(endpoint.get("url"))
    problem = http_url("llm", url)
    if problem:
        raise SpecError("llm", [problem])
    return {"url": url, "contextTokens": endpoint.get("contextTokens")}


def _chat_url(url: Any) -> Any:
    """Gives the chat completions address of an OpenAI-style base address."""
    if isinstance(url, pulumi.Output):
        return url.apply(_chat_url)
    return f"{url}/chat/completions" if isinstance(url, str) and url.rstrip("/").endswith("/v1") else url


def _store(reader: Reader) -> dict[str, Any]:
    store = Reader(reader.mapping("vectorStore"), STORE_KEYS, prefix="vectorStore.")
    kind = store.text("kind", choices=("faiss", "qdrant")) or "faiss"
    url, secret = store.late("url", http_url), store.late("accessSecret", dns_subdomain)
    if kind == "qdrant" and url is None and not store.problems:
        store.add(Problem("KS102", "vectorStore.url", "missing", "the address of the Qdrant server", "give vectorStore.url"))
    if kind == "faiss" and store.has("url"):
        store.add(
            Problem("KS105", "vectorStore.url", "together with kind 'faiss', which lives inside the service", "kind 'qdrant'")
        )
    reader.problems += store.problems
    return {"kind": kind, "url": url, "accessSecret": secret}


def _storage(reader: Reader) -> dict[str, Any]:
    storage = Reader(reader.mapping("storage"), STORAGE_KEYS, prefix="storage.")
    values = {
        "sizeGiB": storage.number("sizeGiB", 1, 65536, "GiB"),
        "storageClass": storage.late("storageClass", dns_subdomain),
        "claim": storage.late("claim", dns_subdomain),
        "mountPath": storage.text("mountPath", "a path"),
    }
    if storage.has("claim") and storage.has("sizeGiB"):
        storage.add(
            Problem("KS105", "storage.claim", "together with sizeGiB", "either an existing claim or a size for a new one")
        )
    reader.problems += storage.problems
    return values


def _instance_type(reader: Reader) -> str:
    name = reader.text("instanceType", "a size of the cloud, with or without GPUs")
    if name and not name.startswith("Standard_D"):
        found = size_problems(name, None, "instanceType")
        reader.problems += found if find_size(name) or not name.startswith("Standard_N") else ()
    return name or ""


def _guardrails(reader: Reader) -> dict[str, Any]:
    rails = Reader(reader.mapping("guardrails"), ("enabled", "configMap"), prefix="guardrails.")
    if not rails.args:
        return {}
    config = rails.late("configMap", dns_subdomain)
    enabled = rails.flag("enabled", True)
    reader.problems += rails.problems
    return {"enabled": enabled, **({"configMapRef": {"name": config}} if config is not None else {})}

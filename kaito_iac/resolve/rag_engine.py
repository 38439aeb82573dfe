"""Resolves a RAG engine: which model answers, what embeds, where vectors are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kaito_iac.admission.case import admitted_size
from kaito_iac.admission.verdict import AZURE, Environment
from kaito_iac.admission.vocabulary import CPU_SIZES, EMBEDDING
from kaito_iac.catalog.find import find_size, size_problems
from kaito_iac.catalog.label import WAIT_FOR
from kaito_iac.kinds.kaito_rag_engine import KaitoRagEngineArgs
from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import GuardrailsArgs, StorageArgs, VectorStoreArgs
from kaito_iac.presets.load import name_problem, read_preset
from kaito_iac.problem import Problem, Severity, Unknown
from kaito_iac.resolve.adoption import read_adoption
from kaito_iac.resolve.chat_address import resolve_llm
from kaito_iac.resolve.model_choice import preset_file
from kaito_iac.resolve.operator_facts import OperatorFacts
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.rag_spec import RagEngineSpec
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader, preset_folders
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, http_url, service_name, shown

DEFAULT_PRESET: Final = "docs-faiss"
READY_MINUTES: Final = 20
"""Time to wait for the service, minutes; a judgement: it pulls one image and loads a small embedding model."""


def resolve_rag_engine(name: str, args: Mapping[str, Any] | None) -> RagEngineSpec:
    """Check the arguments of a KaitoRagEngine; raises SpecError with every problem."""
    reader = component_reader("KaitoRagEngine", name, args)
    _apply_preset(reader)
    object_name = reader.text("name", "the name of the RAGEngine") or name
    reader.add(service_name("RAGEngine")("name", object_name))
    llm_url, window = resolve_llm(reader)
    embedding = reader.text("embedding", "an embedding model of Hugging Face") or EMBEDDING
    store, storage = _store(reader), _storage(reader)
    minutes = reader.number("timeout_minutes", 1, 24 * 60, "minutes") or READY_MINUTES
    wait = minutes * 60 if reader.flag("wait", True) else 0
    values: dict[str, Any] = {
        "namespace": reader.late("namespace", dns_label(), default="default"),
        "llm_secret": reader.late("llm_secret", dns_subdomain),
        "instance_type": _instance_type(reader),
        "selector": _selector(reader, object_name),
        "guardrails": _guardrails(reader),
        "labels": reader.labels("labels"),
        "annotations": _annotations(reader, wait),
        "operator": _operator(reader),
    }
    adopt = read_adoption(reader, "RAGEngine", object_name, values["namespace"])
    spec = RagEngineSpec(
        problems=(),
        adopt=adopt,
        object_name=object_name,
        llm_url=llm_url,
        context_window=window,
        embedding=embedding,
        vector_store=store,
        storage_gib=storage["size_gib"],
        storage_class=storage["storage_class"],
        claim=storage["claim"],
        mount_path=storage["mount_path"] or "/mnt/data",
        wait_seconds=wait,
        **values,
    )
    reader.ask(KaitoRagEngineArgs, spec.manifest(), spec.environment, {})
    return replace(spec, problems=reader.finish())


def _operator(reader: Reader) -> Any:
    """Ask the operator for its RAG controller; return its version."""
    operator = Operator(reader)
    operator.needs_kind(reader, "RAGEngine", "operator")
    operator.needs(reader, partial(_unprovisioned, reader.has("instance_type")))
    return operator.version()


def _unprovisioned(wanted: bool, facts: OperatorFacts) -> list[Problem]:
    """Report that nothing creates the node of the service."""
    if not wanted or isinstance(facts.provisioner, Unknown) or facts.provisioner == AZURE:
        return []
    message = f"on an operator with {facts.provisioner}: KAITO's RAG controller gets nodes only from gpu-provisioner"
    return [Problem("KO445", "instance_type", message, "an existing node, or no separate node", "leave it out", "warning")]


def _annotations(reader: Reader, wait: int) -> dict[str, Any]:
    given = reader.annotations("annotations")
    if WAIT_FOR in given:
        reader.add(Problem("KS105", f"annotations.{WAIT_FOR}", "set by the argument wait", fix="use wait"))
    return {**given, **({WAIT_FOR: "condition=RAGEngineSucceeded"} if wait else {})}


def _selector(reader: Reader, object_name: str) -> dict[str, Any]:
    own = reader.labels("node_selector")
    if own and not reader.has("instance_type"):
        message = "without effect: the service has no separate node"
        reader.add(
            Problem("KS105", "node_selector", message, "instance_type, or no node_selector", "give instance_type", "warning")
        )
    return own or {"apps": object_name}


def _apply_preset(reader: Reader) -> None:
    name = reader.text("preset", "a RAG preset of `kaito-iac presets`") or DEFAULT_PRESET
    folders = preset_folders()
    file = preset_file(name, folders)
    if file is None:
        reader.add(replace(name_problem(name, "preset", folders), accepted="a RAG preset of `kaito-iac presets`"))
        return
    preset, problems = read_preset(file)
    reader.problems += problems
    if preset is None:
        return
    if preset.kind != "rag":
        reader.add(Problem("KS101", "preset", f"'{name}' is a preset for {preset.kind}", "a RAG preset such as docs-faiss"))
        return
    storage = {"size_gib": preset.storage_gib} if preset.storage_gib and not _has_claim(reader) else None
    settings = {
        "embedding": preset.embedding,
        "vector_store": {"kind": preset.vector_store},
        "storage": storage,
        "context_window": preset.context_window,
        "instance_type": preset.vm_size,
    }
    reader.put_under({key: value for key, value in settings.items() if value is not None})


def _has_claim(reader: Reader) -> bool:
    storage = reader.args.get("storage")
    return isinstance(storage, Mapping) and "claim" in storage


def _store(reader: Reader) -> dict[str, Any]:
    store = reader.inner("vector_store", VectorStoreArgs)
    kind = store.text("kind") or "faiss"
    url, secret = store.late("url", http_url), store.late("access_secret", dns_subdomain)
    if kind == "qdrant" and url is None and not store.problems:
        store.add(Problem("KS102", "vector_store.url", "missing", "the address of the Qdrant server", "give vector_store.url"))
    for key in ("url", "access_secret"):
        if kind == "faiss" and store.has(key):
            message = "together with kind 'faiss', which lives inside the service"
            store.add(Problem("KS105", f"vector_store.{key}", message, "kind 'qdrant'", "vector_store.kind='qdrant'"))
    reader.take(store)
    return {"kind": kind, "url": url, "access_secret": secret}


def _storage(reader: Reader) -> dict[str, Any]:
    storage = reader.inner("storage", StorageArgs)
    values = {
        "size_gib": storage.number("size_gib", 1, 65536, "GiB"),
        "storage_class": storage.late("storage_class", dns_subdomain),
        "claim": storage.late("claim", dns_subdomain),
        "mount_path": storage.text("mount_path", "a path"),
    }
    if new := [key for key in ("size_gib", "storage_class") if storage.has("claim") and storage.has(key)]:
        accepted = "either an existing claim, or the size and class of a new one"
        storage.add(Problem("KS105", "storage.claim", f"together with {' and '.join(new)}", accepted))
    if (path := values["mount_path"]) and not path.startswith("/"):
        storage.add(Problem("KS102", "storage.mount_path", shown(path), "an absolute path, such as /mnt/data"))
    reader.take(storage)
    return values


def _instance_type(reader: Reader) -> str:
    name = reader.text("instance_type", "a size of the cloud, with or without GPUs")
    if name and not (name.lower().startswith(CPU_SIZES) and admitted_size(name, Environment())):
        severity: Severity = "warning" if admitted_size(name, Environment()) and find_size(name) is None else "error"
        reader.problems += [replace(problem, severity=severity) for problem in size_problems(name, None, "instance_type")]
    return name or ""


def _guardrails(reader: Reader) -> dict[str, Any]:
    rails = reader.inner("guardrails", GuardrailsArgs)
    if not rails.args:
        return {}
    config = rails.late("config_map", dns_subdomain)
    enabled = rails.flag("enabled", True)
    reader.take(rails)
    return write(GuardrailsArgs, {"enabled": enabled, "config_map": config})

"""Resolves how the engine runs: runtime, context, engine arguments, adapters; and writes KAITO's inference configuration."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader, dns_subdomain, shown
from kaito_iac.sizing.fit import limit_problem

ENGINE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SECRET_NAME: Final = re.compile(r"(^|-)(api-key|token|password|secret)($|-)")
PLAIN_TEXT: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
YAML_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
ADAPTER_KEYS: Final = ("name", "image", "volume", "strength", "imagePullSecrets")
MOST_ADAPTERS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A checked engine configuration."""

    runtime: str
    """vllm or transformers."""
    context: int | None
    """Tokens, the longest sequence; None: vLLM takes what fits."""
    arguments: Mapping[str, Any]
    """Arguments of vLLM beside the context."""
    config: Any
    """Name of a ConfigMap of the user's, possibly an Output; None: ours, or none."""
    adapters: tuple[Mapping[str, Any], ...]

    def text(self) -> str:
        """Gives inference_config.yaml in the plain form that KAITO's line scanner reads; empty when there is nothing to say."""
        lines = [f"  max-model-len: {self.context}"] if self.context else []
        lines += [f"  {key}: {_scalar(value)}" for key, value in sorted(self.arguments.items())]
        return "\n".join(["vllm:", *lines, ""]) if lines else ""

    def config_map_name(self, workspace: str) -> str:
        """Gives the name of our ConfigMap: it changes with the content, so that pods pick a change up."""
        return f"{workspace}-vllm-{hashlib.sha256(self.text().encode()).hexdigest()[:8]}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and PLAIN_TEXT.fullmatch(value) and value.lower() not in YAML_WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def resolve_engine(reader: Reader, card: ModelCard | None) -> Engine:
    """Resolves runtime, context, vllm, config and adapters; problems go to the reader."""
    runtime = reader.text("runtime", choices=("vllm", "transformers")) or "vllm"
    if card and runtime not in card.runtimes:
        told = f"'{runtime}', which KAITO 0.12 does not run {card.name} with"
        reader.add(Problem("KS219", "runtime", told, " or ".join(card.runtimes), "leave runtime out"))
    arguments = _arguments(reader)
    context = _context(reader, card, arguments)
    config = reader.late("config", dns_subdomain)
    if config is not None and (context or arguments):
        reader.add(
            Problem(
                "KS105",
                "config",
                "together with context or vllm",
                "either a ConfigMap of your own, or context and vllm",
                "leave one out",
            )
        )
    if runtime == "transformers" and (context or arguments):
        reader.add(
            Problem("KS105", "runtime", "'transformers' together with context or vllm", "vllm", "leave context and vllm out")
        )
    return Engine(runtime=runtime, context=context, arguments=arguments, config=config, adapters=_adapters(reader, runtime))


def _arguments(reader: Reader) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for key, value in reader.mapping("vllm").items():
        path = reader.path(f"vllm.{key}")
        if isinstance(value, pulumi.Output):
            reader.add(
                Problem("KS103", path, "an Output", "a plain value: the engine's arguments decide how the model is laid out")
            )
        elif not ENGINE_NAME.fullmatch(key):
            reader.add(
                Problem("KS102", path, "not an engine argument", "a name of vLLM without leading dashes, such as max-num-seqs")
            )
        elif SECRET_NAME.search(key):
            reader.add(
                Problem(
                    "KS221",
                    path,
                    "a secret: it would stand in a ConfigMap in plain text",
                    "no secret",
                    "put authentication in front of the endpoint",
                )
            )
        elif value is None or isinstance(value, bool | int | float | str):
            arguments[key] = int(value) if isinstance(value, float) and value.is_integer() else value
        else:
            reader.add(Problem("KS102", path, shown(value), "text, a number, true or false"))
    return {key: value for key, value in arguments.items() if value is not None}


def _context(reader: Reader, card: ModelCard | None, arguments: dict[str, Any]) -> int | None:
    inner = arguments.pop("max-model-len", None)
    path = "context"
    context = reader.number("context", 1, 2**31, "tokens")
    if inner is not None:
        path = "vllm.max-model-len"
        if context is not None:
            reader.add(Problem("KS105", path, f"{inner} together with context ({context})", "context alone", f"leave {path} out"))
        if not isinstance(inner, int) or isinstance(inner, bool):
            reader.add(
                Problem("KS102", path, shown(inner), "a whole number of tokens; KAITO refuses anything else", "use context")
            )
            return context
        context = context or inner
    if context is not None and card:
        reader.add(limit_problem(card, context, reader.path(path)))
    return context


def _adapters(reader: Reader, runtime: str) -> tuple[Mapping[str, Any], ...]:
    items = reader.items("adapters")
    if len(items) > MOST_ADAPTERS:
        reader.add(Problem("KS220", "adapters", f"{len(items)} adapters", f"at most {MOST_ADAPTERS}"))
    adapters = [_adapter(reader, index, item, runtime) for index, item in enumerate(items)]
    names = [adapter["source"]["name"] for adapter in adapters if adapter]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.add(Problem("KS220", "adapters", f"name '{name}' more than once", "every name once"))
    return tuple(adapter for adapter in adapters if adapter)


def _adapter(reader: Reader, index: int, item: Any, runtime: str) -> dict[str, Any] | None:
    prefix = reader.path(f"adapters[{index}].")
    if not isinstance(item, Mapping):
        reader.add(Problem("KS102", prefix[:-1], shown(item), "a mapping with name and image or volume"))
        return None
    inner = Reader(item, ADAPTER_KEYS, prefix=prefix)
    name = inner.text("name", "the adapter's name", required=True)
    inner.add(dns_subdomain(inner.path("name"), name) if name else None)
    if inner.has("image") == inner.has("volume"):
        told = "image and volume" if inner.has("image") else "neither image nor volume"
        inner.add(Problem("KS220", prefix[:-1], told, "exactly one of image and volume"))
    strength = inner.args.get("strength")
    if strength is not None and runtime == "vllm":
        inner.add(
            Problem(
                "KS206",
                inner.path("strength"),
                shown(strength),
                "no strength: vLLM has none and KAITO refuses it",
                "leave strength out, or runtime='transformers'",
            )
        )
    elif strength is not None and not _is_strength(strength):
        inner.add(Problem("KS220", inner.path("strength"), shown(strength), "a number from 0 to 1"))
    reader.problems += inner.problems
    if not name:
        return None
    source = {
        "name": name,
        "image": item.get("image"),
        "volumeSource": item.get("volume"),
        "imagePullSecrets": item.get("imagePullSecrets"),
    }
    adapter: dict[str, Any] = {"source": {key: value for key, value in source.items() if value is not None}}
    return {**adapter, "strength": str(strength)} if strength is not None else adapter


def _is_strength(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and 0 <= float(value) <= 1
    except (TypeError, ValueError):
        return False

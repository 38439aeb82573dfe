"""Resolves the model that answers a RAG engine: the endpoint of a component, or any chat completions address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import http_url, is_number, shown
from kaito_iac.spelling import pythonic

WINDOW_FIX = "give context_window: the context of the model behind the address, in tokens"


def resolve_llm(reader: Reader) -> tuple[Any, Any]:
    """Resolve `llm` and `context_window`: the chat address and its tokens; nothing of both for retrieval only."""
    given = reader.args.get("llm")
    window = reader.number("context_window", 1, 2**31, "tokens")
    wrong_window = window is None and reader.has("context_window")
    if given is None:
        if reader.has("llm_secret"):
            message = "without effect: there is no llm"
            reader.add(Problem("KS105", "llm_secret", message, "llm, or no llm_secret", "give llm", "warning"))
        return None, None
    if isinstance(given, pulumi.Output):
        return _later(reader, given, window)
    if isinstance(given, pulumi.Resource):
        fix = "llm=NAME.endpoint, with the variable that holds it" if hasattr(given, "endpoint") else ""
        reader.add(Problem("KS102", "llm", shown(given), "an address, or the endpoint of a component", fix))
        return None, window
    parts = _endpoint(given)
    url, tokens = parts["url"], parts["context_tokens"]
    path = "llm.url" if isinstance(given, Mapping) else "llm"
    address = reader.checked(path, url, http_url if isinstance(given, Mapping) else _llm_address)
    if window is None and not wrong_window:
        window = reader.checked("context_window", tokens, _known_window)
    return _chat_url(address), window


def _llm_address(path: str, value: Any) -> Problem | None:
    """Check the address of a model; a name of one is answered with the way to its address."""
    problem = http_url(path, value)
    named = problem is not None and isinstance(value, str) and "/" not in value and ":" not in value
    return replace(problem, fix="llm=NAME.endpoint of the KaitoWorkspace that serves it") if problem and named else problem


def _later(reader: Reader, given: pulumi.Output[Any], window: int | None) -> tuple[Any, Any]:
    """Return address and tokens of an endpoint that is known later, and checked then."""

    def address(path: str, value: Any) -> Problem | None:
        return http_url(path, _endpoint(value)["url"])

    endpoint = reader.checked("llm", given, address, as_manifest=lambda value: _chat_url(_endpoint(value)["url"]))
    parts = endpoint.apply(_endpoint)
    title = reader.title

    def tokens(found: Mapping[str, Any]) -> Any:
        problem = _known_window("context_window", found["context_tokens"])
        if problem:
            raise SpecError(title, [problem])
        return found["context_tokens"]

    return parts.apply(lambda found: _chat_url(found["url"])), window or parts.apply(tokens)


def _endpoint(value: Any) -> dict[str, Any]:
    known = pythonic(value) if isinstance(value, Mapping) else {"url": value}
    return {"url": known.get("url"), "context_tokens": known.get("context_tokens")}


def _known_window(path: str, value: Any) -> Problem | None:
    if value is None:
        return Problem("KS102", path, "missing, and the address does not contain it", "a positive number of tokens", WINDOW_FIX)
    if is_number(value) and float(value).is_integer() and value > 0:
        return None
    return Problem("KS102", path, f"{shown(value)} in llm.context_tokens", "a positive number of tokens", WINDOW_FIX)


def _chat_url(url: Any) -> Any:
    """Return the chat completions address of an OpenAI-style base address."""
    if isinstance(url, pulumi.Output):
        return url.apply(_chat_url)
    base = url.rstrip("/") if isinstance(url, str) else ""
    return f"{base}/chat/completions" if base.endswith("/v1") else url

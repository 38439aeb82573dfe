"""What vLLM, or KAITO around it, refuses of arguments that are right one by one.

Sources: vLLM 0.25.1 config/scheduler.py (verify_max_model_len), config/speculative.py, config/kv_transfer.py and
entrypoints/openai/cli_args.py (validate_parsed_serve_args); KAITO 0.12 pkg/workspace/inference (port of probes and Service).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from kaito_iac.admission.engine_words import Words

PORT: Final = 5000
"""Port of KAITO's probes and of its Service."""
KEEP: Final = "leave enable-chunked-prefill on"
_PLACE: Final = ("uds", "ssl-keyfile", "ssl-certfile")
"""Arguments after which the server does not answer plain HTTP on its port."""


_DRAFTED: Final = ("draft_model", "eagle", "eagle3", "medusa", "mlp_speculator", "dflash", "custom_class")
"""Ways of speculating with a model beside the one that is served."""


class Wrong(NamedTuple):
    """What is wrong with one argument."""

    key: str
    """As it was written."""
    code: str
    found: str
    accepted: str
    fix: str
    later: bool = False
    """Whether the parser takes it, and what comes after ends."""


def together_found(words: Words) -> Iterator[Wrong]:
    """Report arguments that end the engine, or keep the pod from ready, because of another one."""
    batched, sequences, context = (words.whole(f"max-{name}") for name in ("num-batched-tokens", "num-seqs", "model-len"))
    ends = "vLLM ends with an error"
    if batched and sequences and batched < sequences:
        message = f"{batched}, fewer than max-num-seqs ({sequences}): {ends}"
        yield Wrong(words.keys["max-num-batched-tokens"], "KS291", message, f"at least {sequences}", "", later=True)
    if batched and context and batched < context and words.flags.get("enable-chunked-prefill") is False:
        message = f"{batched}, fewer than max-model-len ({context}) without chunked prefill: {ends}"
        yield Wrong(words.keys["max-num-batched-tokens"], "KS291", message, f"at least {context}", KEEP, later=True)
    if words.flags.get("enable-log-outputs") and not words.flags.get("enable-log-requests"):
        yield Wrong(
            words.keys["enable-log-outputs"], "KS291", f"without enable-log-requests: {ends}", "both, or none", "", later=True
        )
    waits = f"KAITO's probes and its Service use plain HTTP on port {PORT}: the pod never becomes ready"
    if (port := words.whole("port")) is not None and port != PORT:
        yield Wrong(words.keys["port"], "KS291", f"{port}: {waits}", "no port", f"leave {words.keys['port']} out", later=True)
    for name in _PLACE:
        if words.text(name):
            yield Wrong(words.keys[name], "KS291", waits, f"no {name}", "put TLS in front, such as a gateway", later=True)


def missing_found(key: str, name: str, value: Mapping[str, Any]) -> Iterator[Wrong]:
    """Report keys that the object of an argument needs."""
    if name == "speculative-config":
        yield from _speculation_found(key, value)
    elif name == "kv-transfer-config" and value.get("kv_connector") is not None and value.get("kv_role") is None:
        yield _missing(f"{key}.kv_role")


def _missing(path: str) -> Wrong:
    return Wrong(path, "KS291", "missing: vLLM ends with an error", "a value", "", later=True)


def _speculation_found(key: str, value: Mapping[str, Any]) -> Iterator[Wrong]:
    """Report what a way of speculating lacks: the number of tokens, a model of its own, bounds in their order."""
    method, model = value.get("method"), value.get("model")
    own = "draft_model" if method is None and model not in ("ngram", "[ngram]") else method
    if value.get("num_speculative_tokens") is None:
        if own in ("ngram", "ngram_gpu") or (model is None and own not in ("suffix", "custom_class")):
            yield _missing(f"{key}.num_speculative_tokens")
    elif model is None and own in _DRAFTED:
        yield _missing(f"{key}.model")
    least, most = value.get("prompt_lookup_min"), value.get("prompt_lookup_max")
    if own in ("ngram", "ngram_gpu") and isinstance(least, int) and isinstance(most, int) and least > most:
        message = f"{least}, more than prompt_lookup_max ({most}): vLLM ends with an error"
        yield Wrong(f"{key}.prompt_lookup_min", "KS291", message, f"at most {most}", "", later=True)
    if own == "suffix":
        message = "suffix: it needs the package arctic-inference, which KAITO's image does not have: vLLM ends with an error"
        yield Wrong(f"{key}.method", "KS291", message, "another method", "", later=True)
    if value.get("tensor_parallel_size") is not None:
        message = "no key of this argument: vLLM ends with an error"
        yield Wrong(f"{key}.tensor_parallel_size", "KS291", message, "draft_tensor_parallel_size", "", later=True)

"""Resolves how the engine runs: runtime, context, engine arguments, adapters; and writes KAITO's inference configuration."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.admission.engine_argument import find_argument, is_known, is_secret, meant
from kaito_iac.admission.engine_value import judge_arguments, secrets_found
from kaito_iac.catalog.record import ModelCard
from kaito_iac.problem import Problem
from kaito_iac.resolve.adapter import resolve_adapters
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_subdomain, is_number, shown
from kaito_iac.sizing.fit_problems import limit_problem
from kaito_iac.spelling import snake

ENGINE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PLAIN_TEXT: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
YAML_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A checked engine configuration."""

    runtime: str
    """vllm or transformers."""
    context: int | None
    """Tokens, the longest sequence; None: vLLM takes what fits."""
    arguments: Mapping[str, Any]
    """Arguments of vLLM beside the context."""
    unchecked: frozenset[str]
    """Names of arguments that are passed as they are."""
    config: Any
    """Name of a ConfigMap of the user's, possibly an Output; None: ours, or none."""
    adapters: tuple[Any, ...]
    """As KAITO takes them; an adapter that is known later is an Output."""

    def text(self, *, checked: bool = False) -> str:
        """Return inference_config.yaml in the plain form that KAITO's line scanner reads; empty when there is nothing to say.

        `checked`: without the arguments that are passed unchecked.
        """
        lines = [f"  max-model-len: {self.context}"] if self.context else []
        arguments = {key: value for key, value in self.arguments.items() if not checked or key not in self.unchecked}
        flags = [name for name, on in arguments.items() if on is True and _switches(name)]
        written = {key: value for key, value in arguments.items() if key not in flags} | paired(flags)
        lines += [f"  {key}: {_scalar(value)}" for key, value in sorted(written.items())]
        return "\n".join(["vllm:", *lines, ""]) if lines else ""

    @property
    def served_name(self) -> str | None:
        """Return the name that vLLM serves the model under in place of KAITO's; None: KAITO's."""
        name = self.arguments.get("served-model-name")
        return name if isinstance(name, str) and name else None

    def config_map_name(self, workspace: str) -> str:
        """Return the name of our ConfigMap: it changes with the content, so that pods pick a change up."""
        return f"{workspace}-vllm-{hashlib.sha256(self.text().encode()).hexdigest()[:8]}"


def _switches(name: str) -> bool:
    """Return whether an argument is a flag, or one that is not known here."""
    found = find_argument(name)
    return found is None or found[0].kind == "flag"


def paired(flags: Iterable[str]) -> dict[str, Any]:
    """Return entries that switch flags on, two by each: KAITO hands every value on, and vLLM takes one word too many at most."""
    rest = sorted(flags)
    entries: dict[str, Any] = {}
    while len(rest) > 1:
        first, second, *rest = rest
        entries[first] = f"--{second}"
    return entries | dict.fromkeys(rest, True)


def _scalar(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(json.dumps(value, ensure_ascii=False, sort_keys=True), ensure_ascii=False)
    if isinstance(value, str) and PLAIN_TEXT.fullmatch(value) and value.lower() not in YAML_WORDS:
        return value
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and "." not in text:
        return text.replace("e", ".0e")  # YAML 1.1 reads 1e-07 as text
    return text


def resolve_engine(reader: Reader, card: ModelCard | None) -> Engine:
    """Resolve runtime, context, vllm, config and adapters; problems go to the reader."""
    runtime = reader.text("runtime") or "vllm"
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
    extra = {_written(key, value)[0] for key, value in reader.mapping("vllm_extra").items() if not is_secret(key)}
    return Engine(
        runtime=runtime,
        context=context,
        arguments=arguments,
        unchecked=frozenset(extra),
        config=config,
        adapters=resolve_adapters(reader),
    )


def _arguments(reader: Reader) -> dict[str, Any]:
    """Read the arguments of vLLM: names of `vllm` are compared with those that are known, names of `vllm_extra` are not."""
    arguments: dict[str, Any] = {}
    for source in ("vllm", "vllm_extra"):
        for key, value in reader.mapping(source).items():
            path = reader.path(f"{source}.{key}")
            problem = argument_problem(path, key, value)
            reader.add(problem)
            if key in arguments:
                reader.add(Problem("KS105", path, "in vllm too", "one of them", f"leave {path} out"))
            elif source == "vllm_extra" and key == "max-model-len":
                reader.add(Problem("KS105", path, "which nodes are sized for", "context", "use context"))
            elif problem is None:
                written, given = _written(key, value)
                arguments[written] = given
    return arguments


def _written(key: str, value: Any) -> tuple[str, Any]:
    """Return an argument as it is written: a whole number without fraction, a switch that is off by its negative form."""
    if isinstance(value, float) and value.is_integer():
        return key, int(value)
    found = find_argument(key)
    if value is False and (found is None or found[0].negative):
        return key.removeprefix("no-") if key.startswith("no-") else f"no-{key}", True
    return key, value


def argument_problem(path: str, key: str, value: Any) -> Problem | None:
    """Report an argument of vLLM that cannot be written into a ConfigMap; what vLLM says of it, the rules know."""
    if isinstance(value, pulumi.Output):
        return Problem("KS103", path, "an Output", "a plain value: the engine's arguments decide how the model is laid out")
    if not ENGINE_NAME.fullmatch(key):
        accepted = "a name of vLLM without leading dashes, such as max-num-seqs"
        return Problem("KS102", path, "not an engine argument", accepted, _named_as_vllm(key))
    found = find_argument(key)
    if found and found[0].kind == "flag" and not isinstance(value, bool):
        return Problem("KS102", path, shown(value), "true or false")
    if isinstance(value, bool | str) or is_number(value) or (isinstance(value, dict | list) and found and found[0].structured):
        return None
    return Problem("KS102", path, shown(value), "text, a number, true or false")


def _named_as_vllm(key: str) -> str:
    """Return the argument that a name in another spelling means; empty: none."""
    dashed = snake(key).lower().strip("-_").replace("_", "-")
    if dashed == "max-model-len":
        return "use context"
    return f"write {dashed}" if is_known(dashed) else meant(dashed)


def engine_problems(key: str, value: Any) -> Iterator[Problem]:
    """Report what is wrong with one argument of vLLM, where there is no manifest that would hold it."""
    if wrong := argument_problem(f"vllm.{key}", key, value):
        yield wrong
        return
    written, given = _written(key, value)
    text = json.dumps(given) if isinstance(given, dict | list) else str(given)
    for found in (*secrets_found((key,)), *judge_arguments({written: text})):
        yield Problem(found.code, f"vllm.{found.key}", found.found, found.accepted, found.fix)


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

"""Names of arguments of the engine vLLM: which the pinned release has, what replaced the others, and which are secrets."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.catalog.engine import EngineArgument, engine_arguments, engine_version, successors
from kaito_iac.catalog.find import did_you_mean, nearest

SECRET_NAME: Final = re.compile(r"(^|-)(api-key|token|password|secret)($|-)")
HELP: Final = "a name of `vllm serve --help` without leading dashes"
TOP_LEVEL: Final = {
    "kaito-max-probe-steps": "max_probe_steps beside vllm",
    "kaito-kv-cache-cpu-memory-utilization": "kv_cache_cpu_memory_utilization beside vllm",
}
"""Options of KAITO's server to the key of inference_config.yaml that sets them: under `vllm` they reach vLLM's parser."""


def unknown(version: str | None = None) -> str:
    """Return what is wrong with an argument that the engine of a KAITO release does not have."""
    return f"no argument of vLLM {engine_version(version) or engine_version()}, which ends with 'unrecognized arguments'"


def find_argument(name: str, version: str | None = None) -> tuple[EngineArgument, bool] | None:
    """Return the argument of a name, spelt in full, and whether the name is its negative form; None: there is none."""
    known = engine_arguments(version)
    if name in known:
        return known[name], False
    positive = known.get(name.removeprefix("no-"))
    return (positive, True) if positive and positive.negative and name.startswith("no-") else None


def abbreviated(name: str, version: str | None = None) -> str | None:
    """Return the only name that begins like this one, which vLLM's parser takes for it; None: there are none, or several."""
    known = engine_arguments(version)
    longer = [one for one in known if one.startswith(name)]
    longer += [f"no-{one}" for one, row in known.items() if row.negative and f"no-{one}".startswith(name)]
    return longer[0] if len(longer) == 1 else None


def is_known(name: str, version: str | None = None) -> bool:
    """Return whether the vLLM of a KAITO release has an argument of this name; `a.b` sets a key of the JSON argument `a`."""
    base, dot, _ = name.partition(".")
    found = find_argument(base, version)
    return found is not None and (not dot or found[0].kind == "json")


def is_gone(name: str) -> bool:
    """Return whether an argument is one of older releases of vLLM, or of KAITO's own server."""
    return name in TOP_LEVEL or name in successors()


def is_secret(name: str) -> bool:
    """Return whether the value of an argument is a secret, which a ConfigMap would show."""
    return SECRET_NAME.search(name) is not None


def meant(name: str, version: str | None = None) -> str:
    """Return what replaced a name that older releases had, else the names that are spelt like it; empty when there are none."""
    instead = TOP_LEVEL.get(name) or successors().get(name)
    if instead:
        return instead if instead.startswith("leave") else f"use {instead}"
    near = nearest(name, tuple(sorted(engine_arguments(version))))
    return did_you_mean(near)

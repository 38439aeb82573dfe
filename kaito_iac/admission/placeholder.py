"""Placeholders that a user has to fill in before a manifest is applied: the rest is judged all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from kaito_iac.admission.judge import Located, located
from kaito_iac.admission.verdict import Environment
from kaito_iac.kubernetes.schema import Path, dotted
from kaito_iac.problem import Problem

_INSIDE: Final = re.compile(r"\$\{[A-Za-z_][^}\n]*\}|\{\{[^}\n]*\}\}")
"""Placeholders of envsubst, Flux, Terraform and Helm, anywhere in a text."""
_WHOLE: Final = re.compile(r"<[A-Za-z][\w .-]*>|\$[A-Z_][A-Z0-9_]*|__[A-Z][A-Z0-9_]*__|%[A-Z][A-Z0-9_]*%|@[A-Z][A-Z0-9_]*@")
"""Placeholders that are a text of their own."""
_MARKED: Final = re.compile(r"[{<$%@]|__")
"""What every placeholder has; most texts do not."""
_PODS: Final = ("args", "command", "env", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe", "chatTemplate")
"""Fields whose texts may hold the syntax of a shell or of a chat template."""
_SERVER: Final = frozenset({"KS303", "KS304", "KS305", "KS306"})
_STAND_IN: Final = "placeholder"
_DEEPEST: Final = 40


def located_around(manifest: Mapping[str, Any], env: Environment, old: Mapping[str, Any] | None = None) -> Iterator[Located]:
    """Give what is found in a manifest, and every placeholder; what is about the value of a placeholder is left out."""
    found = list(placeholders(manifest))
    if not found:
        yield from located(manifest, env, old)
        return
    for path, text in found:
        message = f"{text[:60]} is a placeholder"
        by = "helm template" if "{{" in text else "envsubst < FILE"
        fix = f"fill it in, as `{by}` does with {'values of a chart' if '{{' in text else 'variables of the environment'}"
        yield Located(path, Problem("KS298", dotted(path), message, "the value itself", fix), "placeholder")
    paths = [path for path, _ in found]
    judged = list(located(_changed(manifest, paths), env, old))
    asked = [path for path in paths if any(one.problem.code in _SERVER and _about(one.path, path) for one in judged)]
    if asked:
        judged = list(located(_changed(manifest, [path for path in paths if path not in asked], asked), env, old))
    yield from (one for one in judged if not any(_about(one.path, path) for path in paths))


def placeholders(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Give every placeholder with its path; commands and variables of pods have a syntax of their own."""
    if isinstance(value, str):
        if _MARKED.search(value) and (_INSIDE.search(value) or _WHOLE.fullmatch(value.strip())):
            yield path, value
    elif isinstance(value, Mapping) and len(path) < _DEEPEST:
        for key, inner in value.items():
            if key not in _PODS and key != "status":
                yield from placeholders(inner, (*path, str(key)))
    elif isinstance(value, list) and len(path) < _DEEPEST:
        for index, inner in enumerate(value):
            yield from placeholders(inner, (*path, index))


def _changed(manifest: Mapping[str, Any], gone: list[Path], stood_in: list[Path] | None = None) -> dict[str, Any]:
    """Return a manifest without the values at some paths, and with a text at others."""
    made = deepcopy(dict(manifest))
    for path in stood_in or ():
        _place(made, path)[path[-1]] = _STAND_IN
    for path in sorted(gone, key=lambda one: [str(part) for part in one], reverse=True):
        place = _place(made, path)
        if isinstance(place, dict):
            del place[path[-1]]
        else:
            place[path[-1]] = _STAND_IN
    return made


def _place(made: Any, path: Path) -> Any:
    for part in path[:-1]:
        made = made[part]
    return made


def _about(path: Path, other: Path) -> bool:
    """Return whether one is inside the other."""
    shared = min(len(path), len(other))
    return path[:shared] == other[:shared]

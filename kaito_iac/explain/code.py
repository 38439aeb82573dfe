"""What a problem code means: its title, the rules behind it, why, an example that provokes it, and the fix."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kaito_iac.code import CODES

ADMISSION: Final = {
    "error": "KAITO 0.12 refuses the object at admission: the API server with KAITO's CRDs, or its webhook.",
    "warning": "KAITO 0.12 admits the object although it cannot work, or does something else than it states.",
    "info": "It cannot be checked without the cluster or the network, and is assumed to exist.",
}
"""Why a rule about manifests exists, by its severity."""
KEYS: Final = {"why", "example", "fix"}
"""Keys of a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExplanation:
    """All that is known about one code."""

    code: str
    title: str
    meaning: tuple[str, ...]
    """Sentences of the rules, policies and causes that stand behind it."""
    why: str
    example: str
    """A line of a program, a command, or a manifest."""
    message: str
    """The message about the example, where it is a manifest."""
    fix: str
    policies: tuple[str, ...]
    """Rules of the shipped policy packs, as pack/rule."""

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        named = {"code": self.code, "title": self.title, "meaning": list(self.meaning), "why": self.why}
        return {**named, "example": self.example, "message": self.message, "fix": self.fix, "policies": list(self.policies)}


def explain_code(code: str) -> CodeExplanation:
    """Explain a code of the table."""
    note, example = notes().get(code, {}), code_examples().get(code, {})
    sentences, levels = _manifest_rules().get(code, ((), ()))
    policies = _policies().get(code, ())
    cause = _causes().get(code)
    whys = [note.get("why", ""), cause.why if cause else "", *(rule.why for _, rule in policies)]
    whys += [ADMISSION[level] for level in ADMISSION if level in levels]
    fixes = [note.get("fix", ""), cause.fix if cause else "", *(rule.fix for _, rule in policies), example.get("fix", "")]
    fixes += [f"Change it to {example['accepted']}." if example.get("accepted") else ""]
    manifest = example.get("manifest", "")
    return CodeExplanation(
        code=code,
        title=CODES[code],
        meaning=tuple(dict.fromkeys((*(f"{rule.title}." for _, rule in policies), *sentences))),
        why=next(filter(None, whys), ""),
        example=note.get("example") or manifest,
        message="" if note.get("example") else example.get("message", ""),
        fix=_sentence(next(filter(None, fixes), "Correct what the message names.")),
        policies=tuple(f"{pack}/{rule.name}" for pack, rule in policies),
    )


def _sentence(text: str) -> str:
    """Return a text that begins with a capital, unless it begins with code or a command."""
    first = text.partition(" ")[0]
    return text[0].upper() + text[1:] if first.isalpha() and not text.startswith(("az ", "pulumi ", "kubectl ")) else text


@cache
def notes() -> Mapping[str, Mapping[str, str]]:
    """Return the notes written by hand, by code."""
    found: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))
    return found


@cache
def _examples() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
    return found


def code_examples() -> Mapping[str, Mapping[str, str]]:
    """Return the manifests that provoke codes, each with what `kaito-iac check` says of it."""
    found: Mapping[str, Mapping[str, str]] = _examples()["codes"]
    return found


def argument_examples(component: str) -> Mapping[str, str]:
    """Return how the programs of the documentation give the arguments of a component."""
    found: Mapping[str, str] = _examples()["arguments"].get(component, {})
    return found


def _manifest_rules() -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return sentences and severities of the rules about manifests, by code."""
    from kaito_iac.admission.judge import SERVER
    from kaito_iac.admission.rule import RULES

    rows = [(one.code, one.what, one.severity) for one in RULES.values()]
    rows += [(code, what, severity) for code, severity, what in SERVER.values()]
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for code, what, severity in rows:
        sentences, levels = found.get(code, ((), ()))
        found[code] = ((*sentences, what), (*levels, severity))
    return found


def _policies() -> Mapping[str, tuple[tuple[str, Any], ...]]:
    """Return the rules of the shipped packs by code, each with the name of its pack."""
    from kaito_iac.rules.shipped import NAMES, shipped_rules

    found: dict[str, tuple[tuple[str, Any], ...]] = {}
    for pack in NAMES:
        for rule in shipped_rules(pack):
            found[rule.code] = (*found.get(rule.code, ()), (pack, rule))
    return found


def _causes() -> Mapping[str, Any]:
    """Return what a wait gives up on, by code."""
    from kaito_iac.readiness.causes import CAUSES

    return {one.code: one for one in CAUSES.values()}

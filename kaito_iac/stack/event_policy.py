"""Takes in what policies and diagnostics report, bounded: rules that ran, violations, remediations, warnings and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kaito_iac.control import COLOR
from kaito_iac.stack.change import Diagnostic, PackRun, Violation

_MOST_DIAGNOSTICS: Final = 200
_MOST_VIOLATIONS: Final = 5_000
_MOST_TEXT: Final = 4_000


class PolicyFold:
    """What policies and diagnostics reported so far."""

    def __init__(self) -> None:
        self.packs: dict[str, PackRun] = {}
        self.violations: dict[Violation, None] = {}
        self.remediations: dict[Violation, None] = {}
        self.diagnostics: dict[Diagnostic, None] = {}

    def event(self, event: Mapping[str, Any], *, ended: bool) -> None:
        """Take one event; after the summary the engine repeats violations as a traceback, which is not shown."""
        for kind, body in event.items():
            if not isinstance(body, dict):
                continue
            if kind == "policyEvent":
                self._add(self.violations, _violation(body, str(body.get("enforcementLevel") or "unknown")))
            elif kind == "policyRemediationEvent":
                self._add(self.remediations, _violation(body, "remediate"))
            elif kind in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
                self._ran(body, stack=kind == "policyAnalyzeStackSummaryEvent")
            elif kind == "summaryEvent":
                self._named(body.get("PolicyPacks"))
            elif kind == "diagnosticEvent" and not ended:
                self._message(body)

    def _add(self, found: dict[Violation, None], one: Violation) -> None:
        if len(found) < _MOST_VIOLATIONS or one.level == "mandatory":
            found[one] = None
        self.pack(one.pack)

    def pack(self, name: str, version: str = "") -> PackRun:
        """Return what is known of a pack."""
        run = self.packs.setdefault(name, PackRun(name))
        run.version = run.version or version
        return run

    def _ran(self, body: Mapping[str, Any], *, stack: bool) -> None:
        run = self.pack(_text(body.get("policyPackName")), _text(body.get("policyPackVersion")))
        run.stack |= stack
        run.resources += not stack
        for key, counts in (("passed", run.passed), ("failed", run.failed)):
            names = body.get(key)
            for name in names if isinstance(names, list) else ():
                if isinstance(name, str):
                    counts[name] = counts.get(name, 0) + 1

    def _named(self, packs: Any) -> None:
        """Note packs that the engine loaded: `gpu-quota|local|../packs/gpu-quota` to a version."""
        for key, version in packs.items() if isinstance(packs, dict) else ():
            self.pack(str(key).partition("|")[0], _text(version))

    def _message(self, body: Mapping[str, Any]) -> None:
        severity, message = body.get("severity"), text_of(body.get("message")).strip()
        if severity in ("error", "warning") and message and (len(self.diagnostics) < _MOST_DIAGNOSTICS or severity == "error"):
            self.diagnostics[Diagnostic(str(severity), message[:_MOST_TEXT], _text(body.get("urn")))] = None


def text_of(value: Any) -> str:
    """Return a message without what colours it."""
    return COLOR.sub("", value) if isinstance(value, str) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _violation(body: Mapping[str, Any], level: str) -> Violation:
    return Violation(
        pack=_text(body.get("policyPackName")) or "unnamed pack",
        policy=_text(body.get("policyName")) or "unnamed policy",
        level=level,
        message=text_of(body.get("message")).strip()[:_MOST_TEXT],
        urn=_text(body.get("resourceUrn")),
        severity=_text(body.get("severity")),
    )

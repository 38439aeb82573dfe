"""When an operator should look at a model server: alerts over the metrics of vLLM 0.25, which KAITO 0.12 runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BY_MODEL: Final = "namespace, workspace, model_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert."""

    name: str
    expression: str
    minutes: int
    """How long the expression holds before anybody hears of it."""
    severity: str
    """critical: no request is served; warning: worse than promised."""
    summary: str
    fix: str

    def rule(self) -> dict[str, object]:
        """Return the alert as a rule of the Prometheus operator."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": f"{self.minutes}m",
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.summary, "description": self.fix},
        }

    def azure(self) -> dict[str, object]:
        """Return the alert as a rule of an Azure Prometheus rule group; severity 1 is an error, 3 a remark."""
        return {
            "alert": self.name,
            "expression": self.expression,
            "for_": f"PT{self.minutes}M",
            "severity": 1 if self.severity == "critical" else 3,
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.summary, "description": self.fix},
        }


LIMITS: Final[Mapping[str, float]] = {"waiting_requests": 10, "first_token_seconds": 5, "cache_share": 0.95}
"""What is still good: requests that wait for a GPU, seconds to the first token of 95 in 100, used share of the KV cache."""


def alerts(job: str, limits: Mapping[str, float]) -> tuple[Alert, ...]:
    """Return the alerts over the pods of a PodMonitor, whose job label is `<namespace>/<name>`; limits as `LIMITS`."""
    target = f'job="{job}"'
    first = f"histogram_quantile(0.95, sum by (le, {BY_MODEL}) (rate(vllm:time_to_first_token_seconds_bucket{{{target}}}[5m])))"
    return (
        Alert(
            name="KaitoModelServerDown",
            expression=f"max by (namespace, workspace) (up{{{target}}}) == 0",
            minutes=5,
            severity="critical",
            summary="{{ $labels.workspace }} in {{ $labels.namespace }} does not answer",
            fix="Its pod restarts, hangs, or lost its GPU node: `kubectl describe workspace` names the condition.",
        ),
        Alert(
            name="KaitoRequestsWait",
            expression=f"sum by ({BY_MODEL}) (vllm:num_requests_waiting{{{target}}}) > {limits['waiting_requests']:g}",
            minutes=10,
            severity="warning",
            summary="Requests wait for {{ $labels.model_name }} in {{ $labels.namespace }}",
            fix="Add replicas (KaitoInferenceSet with autoscale), or lower what clients send at once.",
        ),
        Alert(
            name="KaitoFirstTokenSlow",
            expression=f"{first} > {limits['first_token_seconds']:g}",
            minutes=10,
            severity="warning",
            summary="First tokens of {{ $labels.model_name }} in {{ $labels.namespace }} are late",
            fix="Prompts grow or the server is full: see the waiting requests and the KV cache beside it.",
        ),
        Alert(
            name="KaitoCacheFull",
            expression=f"max by ({BY_MODEL}) (vllm:kv_cache_usage_perc{{{target}}}) > {limits['cache_share']:g}",
            minutes=10,
            severity="warning",
            summary="The KV cache of {{ $labels.model_name }} in {{ $labels.namespace }} is full",
            fix="Requests are put back and read again: shorten the context, or use nodes with more GPU memory.",
        ),
    )

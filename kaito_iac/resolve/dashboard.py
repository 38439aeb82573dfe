"""A Grafana dashboard of model servers: load, speed, memory and errors, over the metrics of vLLM 0.25."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

WIDTH: Final = 12
HEIGHT: Final = 8
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
CHOSEN: Final = 'job="$job", namespace=~"$namespace", model_name=~"$model"'
RATE: Final = "$__rate_interval"


class Panel(NamedTuple):
    """One graph: a title, a unit of Grafana's, and queries with their legends."""

    title: str
    unit: str
    queries: Sequence[tuple[str, str]]


def _sum(metric: str) -> str:
    return f"sum by (model_name) ({metric}{{{CHOSEN}}})"


def _rate(metric: str, by: str = "model_name") -> str:
    return f"sum by ({by}) (rate({metric}{{{CHOSEN}}}[{RATE}]))"


def _quantiles(metric: str) -> list[tuple[str, str]]:
    rate = f"sum by (le, model_name) (rate({metric}_bucket{{{CHOSEN}}}[{RATE}]))"
    return [
        (f"histogram_quantile({share}, {rate})", f"{{{{model_name}}}} {name}") for share, name in ((0.5, "p50"), (0.95, "p95"))
    ]


PANELS: Final = (
    Panel(
        "Requests",
        "short",
        [
            (_sum("vllm:num_requests_running"), "{{model_name}} running"),
            (_sum("vllm:num_requests_waiting"), "{{model_name}} waiting"),
        ],
    ),
    Panel(
        "Finished requests",
        "reqps",
        [(_rate("vllm:request_success_total", "model_name, finished_reason"), "{{model_name}} {{finished_reason}}")],
    ),
    Panel("Time to first token", "s", _quantiles("vllm:time_to_first_token_seconds")),
    Panel("Time between tokens", "s", _quantiles("vllm:inter_token_latency_seconds")),
    Panel("Whole request", "s", _quantiles("vllm:e2e_request_latency_seconds")),
    Panel("Time in the queue", "s", _quantiles("vllm:request_queue_time_seconds")),
    Panel(
        "Tokens",
        "short",
        [
            (_rate("vllm:prompt_tokens_total"), "{{model_name}} read a second"),
            (_rate("vllm:generation_tokens_total"), "{{model_name}} written a second"),
        ],
    ),
    Panel(
        "KV cache in use",
        "percentunit",
        [(f"max by (model_name, pod) (vllm:kv_cache_usage_perc{{{CHOSEN}}})", "{{model_name}} {{pod}}")],
    ),
    Panel("Requests put back for lack of memory", "short", [(_rate("vllm:num_preemptions_total"), "{{model_name}}")]),
    Panel(
        "Servers that answer",
        "short",
        [('sum by (namespace, workspace) (up{job="$job", namespace=~"$namespace"})', "{{namespace}}/{{workspace}}")],
    ),
)


def dashboard(title: str, uid: str, job: str) -> str:
    """Return the dashboard as JSON; `job` is the job label of the pods it shows."""
    variables = [
        {"name": "datasource", "type": "datasource", "query": "prometheus"},
        {"name": "job", "type": "constant", "query": job, "hide": 2},
        _chosen("namespace", 'label_values(up{job="$job"}, namespace)'),
        _chosen("model", 'label_values(vllm:num_requests_running{job="$job", namespace=~"$namespace"}, model_name)'),
    ]
    model = {
        "title": title,
        "uid": uid,
        "tags": ["kaito", "vllm"],
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": variables},
        "panels": list(_panels()),
    }
    return json.dumps(model, indent=1, ensure_ascii=False) + "\n"


def _chosen(name: str, query: str) -> dict[str, Any]:
    return {"name": name, "type": "query", "datasource": SOURCE, "query": query, "includeAll": True, "multi": True, "refresh": 2}


def _panels() -> Iterator[dict[str, Any]]:
    for index, panel in enumerate(PANELS):
        row, column = divmod(index, 2)
        yield {
            "id": index + 1,
            "type": "timeseries",
            "title": panel.title,
            "datasource": SOURCE,
            "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
            "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
            "targets": [
                {"refId": chr(ord("A") + number), "expr": query, "legendFormat": legend}
                for number, (query, legend) in enumerate(panel.queries)
            ],
        }

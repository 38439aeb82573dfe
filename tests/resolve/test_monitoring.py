# ruff: noqa: E501 -- messages are whole lines
"""Messages about monitoring that reads nothing or alerts no one, and what its alerts and dashboard ask."""

import json
import re

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.resolve.alert import LIMITS, alerts
from kaito_iac.resolve.dashboard import PANELS, dashboard
from kaito_iac.testing import record

CHAT = {"url": "http://chat.ai.svc.cluster.local/v1", "model": "phi-4", "context_tokens": 4096}
GOOD = {"endpoints": {"chat": CHAT}}
ACCOUNT = "/subscriptions/0/resourceGroups/watch/providers/Microsoft.Monitor/accounts/main"
METRICS = {
    "up",
    "vllm:e2e_request_latency_seconds_bucket",
    "vllm:generation_tokens_total",
    "vllm:inter_token_latency_seconds_bucket",
    "vllm:kv_cache_usage_perc",
    "vllm:num_preemptions_total",
    "vllm:num_requests_running",
    "vllm:num_requests_waiting",
    "vllm:prompt_tokens_total",
    "vllm:request_queue_time_seconds_bucket",
    "vllm:request_success_total",
    "vllm:time_to_first_token_seconds_bucket",
}
"""What vLLM 0.25 serves of the names we ask for."""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"flavour": "grafana", "interval_seconds": 1},
            """\
KaitoMonitoring 'watch': 3 problems
  flavour: 'grafana'; expected prometheus or azureMonitor [KS102]
  interval_seconds: 1; expected a whole number from 5 to 3600 seconds [KS102]
  endpoints: missing; expected a mapping: a name of yours to endpoint [KS102]
    fix: endpoints={'chat': chat.endpoint}""",
            id="nothing to watch, by no one",
        ),
        pytest.param(
            {**GOOD, "alerts": {"waiting_requests": 0, "cache_share": 95, "firstToken": 2, "first_token_seconds": True}},
            """\
KaitoMonitoring 'watch': 4 problems
  alerts.firstToken: not an argument; expected one of waiting_requests, first_token_seconds, cache_share [KS102]
    fix: did you mean 'first_token_seconds'?
  alerts.waiting_requests: 0; expected a number above 0, at most 100000 [KS102]
  alerts.first_token_seconds: True; expected a number above 0, at most 100000 [KS102]
  alerts.cache_share: 95; expected a number above 0, at most 1 [KS102]""",
            id="limits that nothing reaches",
        ),
        pytest.param(
            {**GOOD, "flavour": "azureMonitor"},
            """\
KaitoMonitoring 'watch': 1 problem
  azure_monitor_workspace_id: missing: the alerts of managed Prometheus are in Azure beside its workspace, not in the cluster; expected the ARM id of the Azure Monitor workspace [KS102]
    fix: give it, or alerts=False""",
            id="alerts without a place",
        ),
        pytest.param(
            {**GOOD, "flavour": "azureMonitor", "azure_monitor_workspace_id": "main"},
            """\
KaitoMonitoring 'watch': 1 problem
  azure_monitor_workspace_id: 'main'; expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Monitor/accounts/… [KS102]""",
            id="workspace by its name",
        ),
    ],
)
def test_refused(args, said):
    """Monitoring that cannot work is refused with all its problems."""
    with pytest.raises(SpecError) as raised:
        record(lambda: kaito.KaitoMonitoring("watch", args))
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(GOOD, [], id="Prometheus operator"),
        pytest.param({**GOOD, "flavour": "azureMonitor", "alerts": False}, [], id="Azure Monitor without alerts"),
        pytest.param(
            {**GOOD, "azure_monitor_workspace_id": ACCOUNT},
            [
                "azure_monitor_workspace_id: without effect: flavour is prometheus; expected flavour azureMonitor with alerts [KS105]"
            ],
            id="workspace of another flavour",
        ),
        pytest.param(
            {**GOOD, "flavour": "azureMonitor", "alerts": False, "azure_monitor_workspace_id": ACCOUNT},
            [
                "azure_monitor_workspace_id: without effect: there are no alerts; expected flavour azureMonitor with alerts [KS105]"
            ],
            id="workspace for no alerts",
        ),
    ],
)
def test_remarks(args, said):
    """What has no effect is reported without refusing it."""
    made = []
    record(lambda: made.append(kaito.KaitoMonitoring("watch", args)))
    assert [problem.headline for problem in made[0].spec.problems] == said


def test_late_workspace():
    """A workspace id that is known later is checked then."""
    with pytest.raises(SpecError) as raised:
        record(
            lambda: kaito.KaitoMonitoring(
                "watch", {**GOOD, "flavour": "azureMonitor", "azure_monitor_workspace_id": pulumi.Output.from_input("main")}
            )
        )
    assert str(raised.value).splitlines()[0] == "KaitoMonitoring 'watch': 1 problem"


@pytest.mark.parametrize(
    "text",
    [*(panel for panel in PANELS), *alerts("ai/watch", LIMITS)],
    ids=lambda found: found[0] if isinstance(found, tuple) else found.name,
)
def test_queries_are_whole(text):
    """A query closes every bracket and asks for metrics that the server has, of the watched pods alone."""
    queries = [query for query, _ in text.queries] if isinstance(text, tuple) else [text.expression]
    for query in queries:
        assert [query.count(bracket) for bracket in "({["] == [query.count(bracket) for bracket in ")}]"]
        asked = re.findall(r"([a-z0-9_:]+)\{([^}]*)\}", query)
        assert {metric for metric, _ in asked} <= METRICS
        assert asked
        assert all("job=" in selector for _, selector in asked)


def test_dashboard():
    """The dashboard is a Grafana model with every panel, two to a row, none over another, over one constant job."""
    model = json.loads(dashboard("Models", "kaito-models", "ai/models"))
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in model["panels"]]
    assert [panel["title"] for panel in model["panels"]] == [panel.title for panel in PANELS]
    assert places == [(12 * (index % 2), 8 * (index // 2)) for index in range(len(PANELS))]
    assert [(entry["name"], entry["type"]) for entry in model["templating"]["list"]] == [
        ("datasource", "datasource"),
        ("job", "constant"),
        ("namespace", "query"),
        ("model", "query"),
    ]
    assert model["templating"]["list"][1]["query"] == "ai/models"

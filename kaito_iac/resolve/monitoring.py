"""Resolves the watching of model servers: who reads their metrics, which panels and which alerts there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.kinds.kaito_monitoring import AlertsArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.alert import LIMITS, Alert, alerts
from kaito_iac.resolve.dashboard import dashboard
from kaito_iac.resolve.gateway_backend import Backend, read_backends
from kaito_iac.resolve.inference_set_spec import PORT
from kaito_iac.resolve.object_metadata import object_metadata
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, shown

WORKSPACE_ID: Final = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/(?P<group>[^/]+)/providers/Microsoft\.Monitor/accounts/[^/]+", re.IGNORECASE
)
SERVERS: Final = (
    {"key": "kaito.sh/workspace", "operator": "Exists"},
    {"key": "batch.kubernetes.io/job-name", "operator": "DoesNotExist"},
    {"key": "apps.kubernetes.io/pod-index", "operator": "In", "values": ["0"]},
)
"""Pods of KAITO that serve: no tuning jobs, and of several nodes the first alone."""
BY_WORKSPACE: Final = {"sourceLabels": ["__meta_kubernetes_pod_label_kaito_sh_workspace"], "targetLabel": "workspace"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringSpec:
    """Checked monitoring."""

    object_name: str
    namespace: str
    flavour: str
    """prometheus or azureMonitor."""
    interval_seconds: int
    backends: tuple[Backend, ...]
    dashboard: bool
    limits: Mapping[str, float] | None
    """Limits of the alerts; None: no alerts."""
    workspace_id: Any
    """ARM id of the Azure Monitor workspace."""
    labels: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        return {
            "name": self.object_name,
            "namespace": self.namespace,
            "flavour": self.flavour,
            "dashboard": self.dashboard,
            "alerts": [alert.name for alert in self.alerts()],
            "models": {backend.key: backend.part("models") for backend in self.backends},
        }

    @property
    def job(self) -> str:
        """Return the label by which the metrics of these pods are found."""
        return f"{self.namespace}/{self.object_name}"

    def metadata(self, suffix: str = "", labels: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the metadata of one of its objects."""
        return object_metadata(f"{self.object_name}{suffix}", self.namespace, {**self.labels, **(labels or {})}, {})

    def pod_monitor(self) -> dict[str, Any]:
        """Return the PodMonitor's spec, for the pods that serve in the namespaces of the endpoints."""
        namespaces = pulumi.Output.all(*(backend.part("namespace") for backend in self.backends))
        endpoint = {
            "targetPort": PORT,
            "path": "/metrics",
            "interval": f"{self.interval_seconds}s",
            "relabelings": [BY_WORKSPACE, {"targetLabel": "job", "replacement": self.job}],
        }
        return {
            "selector": {"matchExpressions": list(SERVERS)},
            "namespaceSelector": {"matchNames": namespaces.apply(lambda found: sorted(set(found)))},
            "podMetricsEndpoints": [endpoint],
        }

    def dashboard_data(self) -> dict[str, str]:
        """Return the ConfigMap's data: the dashboard, under the name Grafana's sidecar files it."""
        return {f"{self.object_name}.json": dashboard("KAITO model servers", f"kaito-{self.object_name}", self.job)}

    def alerts(self) -> tuple[Alert, ...]:
        """Return the alerts, none where they are switched off."""
        return () if self.limits is None else alerts(self.job, self.limits)

    def prometheus_rule(self) -> dict[str, Any]:
        """Return the PrometheusRule's spec."""
        return {"groups": [{"name": self.object_name, "rules": [alert.rule() for alert in self.alerts()]}]}

    def rule_group(self) -> dict[str, Any]:
        """Return the inputs of Azure's Prometheus rule group, beside the Azure Monitor workspace."""
        group = pulumi.Output.from_input(self.workspace_id).apply(_group)
        return {
            "rule_group_name": self.object_name,
            "resource_group_name": group,
            "scopes": [self.workspace_id],
            "interval": "PT1M",
            "rules": [alert.azure() for alert in self.alerts()],
        }


def resolve_monitoring(name: str, args: Mapping[str, Any] | None) -> MonitoringSpec:
    """Check the arguments of a KaitoMonitoring; raises SpecError with every problem."""
    kind = "KaitoMonitoring"
    reader = component_reader(kind, name, args)
    backends = read_backends(reader)
    object_name = reader.text("name", "the name of its objects") or name
    reader.add(dns_label(32, letter_first=True)("name", object_name))
    namespace = reader.text("namespace", "the namespace of its objects") or "default"
    reader.add(dns_label()("namespace", namespace))
    flavour = reader.text("flavour") or "prometheus"
    limits = _limits(reader)
    workspace = reader.late("azure_monitor_workspace_id", _workspace)
    _azure(reader, flavour, workspace, limits is not None)
    return MonitoringSpec(
        object_name=object_name,
        namespace=namespace,
        flavour=flavour,
        interval_seconds=reader.number("interval_seconds", 5, 3600, "seconds") or 30,
        backends=backends,
        dashboard=reader.flag("dashboard", True),
        limits=limits,
        workspace_id=workspace,
        labels=reader.labels("labels"),
        problems=reader.finish(),
    )


def _limits(reader: Reader) -> Mapping[str, float] | None:
    """Read `alerts`: limits over the defaults, or false for no alerts."""
    if reader.args.get("alerts") is False:
        return None
    given = reader.inner("alerts", AlertsArgs)
    found = dict(LIMITS)
    for key in LIMITS:
        value = given.args.get(key)
        if value is None:
            continue
        highest = 1 if key == "cache_share" else 100_000
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= highest:
            given.add(Problem("KS102", given.path(key), shown(value), f"a number above 0, at most {highest}"))
        else:
            found[key] = value
    reader.take(given)
    return found


def _azure(reader: Reader, flavour: str, workspace: Any, alerting: bool) -> None:
    """Report what the flavour and the Azure Monitor workspace do not have of each other."""
    path = "azure_monitor_workspace_id"
    if flavour == "azureMonitor" and alerting and workspace is None and not reader.problems_at(path):
        message = "missing: the alerts of managed Prometheus are in Azure beside its workspace, not in the cluster"
        reader.add(Problem("KS102", path, message, "the ARM id of the Azure Monitor workspace", "give it, or alerts=False"))
    if workspace is not None and (flavour != "azureMonitor" or not alerting):
        message = "without effect: " + ("there are no alerts" if flavour == "azureMonitor" else "flavour is prometheus")
        reader.add(Problem("KS105", path, message, "flavour azureMonitor with alerts", f"leave {path} out", "warning"))


def _workspace(path: str, value: Any) -> Problem | None:
    if isinstance(value, str) and WORKSPACE_ID.fullmatch(value):
        return None
    accepted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Monitor/accounts/…"
    return Problem("KS102", path, shown(value), accepted)


def _group(workspace: str) -> str:
    found = WORKSPACE_ID.fullmatch(workspace)
    return found["group"] if found else ""

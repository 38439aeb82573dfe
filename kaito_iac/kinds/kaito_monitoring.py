"""Arguments of metrics, dashboard and alerts."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

import pulumi


class AlertsArgs(TypedDict):
    """Limits above which an alert fires."""

    waiting_requests: NotRequired[float]
    """Number of waiting requests. Default: 10."""
    first_token_seconds: NotRequired[float]
    """Seconds to the first token, 95th percentile. Default: 5."""
    cache_share: NotRequired[float]
    """Used part of the KV cache, from 0 to 1. Default: 0.95."""


class KaitoMonitoringArgs(TypedDict):
    """Arguments of a KaitoMonitoring. The cluster has the Prometheus operator, or Azure Monitor's managed Prometheus.

    Keys: endpoints, flavour, name, namespace, interval_seconds, dashboard, alerts, azure_monitor_workspace_id, labels.
    """

    endpoints: Mapping[str, pulumi.Input[Any]]
    """Endpoints of components by name. All model servers in their namespaces are watched."""
    flavour: NotRequired[Literal["prometheus", "azureMonitor"]]
    """prometheus, or azureMonitor: managed Prometheus of AKS. Default: prometheus."""
    name: NotRequired[str]
    """Name of the objects. Default: the component's name."""
    namespace: NotRequired[str]
    """Namespace of the objects, in which Prometheus and Grafana look for them. Default: `default`."""
    interval_seconds: NotRequired[int]
    """How often metrics are read, seconds. Default: 30."""
    dashboard: NotRequired[bool]
    """A ConfigMap with a Grafana dashboard, labelled grafana_dashboard. Default: true."""
    alerts: NotRequired[AlertsArgs | Literal[False]]
    """Limits above which an alert fires; false: no alerts. Default: the limits of every key."""
    azure_monitor_workspace_id: NotRequired[pulumi.Input[str]]
    """ARM id of the Azure Monitor workspace; with azureMonitor the alerts are stored there."""
    labels: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Labels of the objects, such as those by which a Prometheus selects them."""

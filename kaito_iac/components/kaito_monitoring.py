"""Metrics, a dashboard and alerts for model servers."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.monitoring import MonitoringSpec, resolve_monitoring
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.monitoring import AzurePodMonitor, PodMonitor, PrometheusRule


class KaitoMonitoringArgs(TypedDict):
    """Arguments of a KaitoMonitoring. The cluster has the Prometheus operator, or Azure Monitor's managed Prometheus."""

    endpoints: dict[str, pulumi.Input[Any]]
    """A name to the endpoint of a component. All model servers in the namespaces of these are watched."""
    flavour: NotRequired[str]
    """prometheus, or azureMonitor: managed Prometheus of AKS. Default: prometheus."""
    name: NotRequired[str]
    """Name of the objects. Default: the component's name."""
    namespace: NotRequired[str]
    """Namespace of the objects, as Prometheus and Grafana look for them. Default: `default`."""
    intervalSeconds: NotRequired[int]
    """How often metrics are read, seconds. Default: 30."""
    dashboard: NotRequired[bool]
    """A ConfigMap with a Grafana dashboard, labelled grafana_dashboard. Default: true."""
    alerts: NotRequired[Any]
    """waitingRequests (10), firstTokenSeconds (5, of 95 in 100), cacheShare (0.95); false: no alerts."""
    azureMonitorWorkspaceId: NotRequired[pulumi.Input[str]]
    """ARM id of the Azure Monitor workspace, which holds the alerts with azureMonitor."""
    labels: NotRequired[dict[str, pulumi.Input[str]]]
    """Labels of the objects, such as those by which a Prometheus selects them."""


@collectable
class KaitoMonitoring(pulumi.ComponentResource):
    """Reads the metrics of model servers, draws them, and tells when they are slow or gone."""

    job: pulumi.Output[str]
    """Value of the label job of these metrics."""

    def __init__(self, name: str, args: KaitoMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: MonitoringSpec = resolve_monitoring(name, args)
        super().__init__("kaito-iac:index:KaitoMonitoring", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        kind = AzurePodMonitor if self.spec.flavour == "azureMonitor" else PodMonitor
        made = kind(f"{name}-pods", metadata=self.spec.metadata(), spec=self.spec.pod_monitor(), opts=child)
        if self.spec.dashboard:
            labelled = self.spec.metadata("-dashboard", {"grafana_dashboard": "1"})
            ConfigMap(f"{name}-dashboard", metadata=labelled, data=self.spec.dashboard_data(), opts=child)
        if self.spec.limits is not None:
            alerting(f"{name}-alerts", self.spec, child)
        self.job = made.urn.apply(lambda _: self.spec.job)
        self.register_outputs({"job": self.job})


def alerting(name: str, spec: MonitoringSpec, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Declare the alerts: in the cluster for the Prometheus operator, beside its workspace for Azure Monitor."""
    if spec.flavour == "prometheus":
        return PrometheusRule(name, metadata=spec.metadata(), spec=spec.prometheus_rule(), opts=opts)
    from pulumi_azure_native import alertsmanagement

    return alertsmanagement.PrometheusRuleGroup(name, **spec.rule_group(), opts=opts)

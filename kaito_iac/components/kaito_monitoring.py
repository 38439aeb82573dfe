"""Metrics, a dashboard and alerts for model servers."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_monitoring import KaitoMonitoringArgs
from kaito_iac.resolve.monitoring import MonitoringSpec, resolve_monitoring
from kaito_iac.resources.config_map import ConfigMap
from kaito_iac.resources.monitoring import AzurePodMonitor, PodMonitor, PrometheusRule


@collectable
class KaitoMonitoring(pulumi.ComponentResource):
    """Reads the metrics of model servers, draws them, and alerts when they are slow or missing."""

    job: pulumi.Output[str]
    """Value of the label job of these metrics."""

    @overload
    def __init__(self, resource_name: str, args: KaitoMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoMonitoringArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoMonitoringArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: MonitoringSpec = resolve_monitoring(resource_name, args)
        super().__init__("kaito-iac:index:KaitoMonitoring", resource_name, self.spec.inputs(), opts)
        warn(resource_name, self.spec.problems, self)
        child = pulumi.ResourceOptions(parent=self)
        kind = AzurePodMonitor if self.spec.flavour == "azureMonitor" else PodMonitor
        made = kind(f"{resource_name}-pods", metadata=self.spec.metadata(), spec=self.spec.pod_monitor(), opts=child)
        if self.spec.dashboard:
            labelled = self.spec.metadata("-dashboard", {"grafana_dashboard": "1"})
            ConfigMap(f"{resource_name}-dashboard", metadata=labelled, data=self.spec.dashboard_data(), opts=child)
        if self.spec.limits is not None:
            alerting(f"{resource_name}-alerts", self.spec, child)
        self.job = made.urn.apply(lambda _: self.spec.job)
        self.register_outputs({"job": self.job})


def alerting(name: str, spec: MonitoringSpec, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Declare the alerts: in the cluster for the Prometheus operator, beside its workspace for Azure Monitor."""
    if spec.flavour == "prometheus":
        return PrometheusRule(name, metadata=spec.metadata(), spec=spec.prometheus_rule(), opts=opts)
    from pulumi_azure_native import alertsmanagement

    return alertsmanagement.PrometheusRuleGroup(name, **spec.rule_group(), opts=opts)

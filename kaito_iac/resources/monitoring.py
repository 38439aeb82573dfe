"""The kinds of the Prometheus operator, and of Azure Monitor where it reads the same ones."""

from __future__ import annotations

from typing import ClassVar

from kaito_iac.resources.spec_object import SpecObject


class PodMonitor(SpecObject):
    """Which pods Prometheus asks for metrics; fields as monitoring.coreos.com/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("monitoring.coreos.com/v1", "PodMonitor")


class AzurePodMonitor(SpecObject):
    """Which pods Azure Monitor's managed Prometheus asks for metrics; fields as azmonitoring.coreos.com/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("azmonitoring.coreos.com/v1", "PodMonitor")


class PrometheusRule(SpecObject):
    """When Prometheus raises alerts; fields as monitoring.coreos.com/v1 has them."""

    served_as: ClassVar[tuple[str, str]] = ("monitoring.coreos.com/v1", "PrometheusRule")

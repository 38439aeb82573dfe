"""Arguments of a gate that opens when a workload is ready."""

from typing import Any, NotRequired, TypedDict

import pulumi


class ReadinessGateArgs(TypedDict):
    """Arguments of a ReadinessGate.

    Keys: workload, kubeconfig, context, timeout_minutes.
    """

    workload: Any
    """A component that creates a KAITO workload, with wait set to false, or an object of a KAITO kind."""
    kubeconfig: NotRequired[pulumi.Input[str]]
    """Path or content of a kubeconfig. Default: that of the workload's provider, else of the environment."""
    context: NotRequired[str]
    """Context of the kubeconfig. Default: the provider's, else the current one."""
    timeout_minutes: NotRequired[int]
    """Maximum wait. Default: computed from weights, images and new nodes; 720 for tuning."""

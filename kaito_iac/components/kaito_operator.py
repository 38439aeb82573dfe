"""The KAITO operator: its charts, and the provisioner, identity and roles that bring its nodes."""

from typing import Any, Unpack, overload

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.operator_preview import before_update
from kaito_iac.components.operator_resources import granted, guarded, installed, namespaces, streaming_accounts, token_secret
from kaito_iac.components.outputs import publish
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.kinds.kaito_operator import KaitoOperatorArgs
from kaito_iac.resolve.operator import resolve_operator
from kaito_iac.resolve.operator_spec import OperatorSpec


@collectable
class KaitoOperator(pulumi.ComponentResource):
    """Installs KAITO; whatever depends on it finds CRDs, webhooks and a provisioner that may make nodes."""

    version: pulumi.Output[str]
    """KAITO release."""
    feature_gates: pulumi.Output[dict[str, bool]]
    """Every gate of the release, as the controller sees it; empty for the add-on."""
    provisioner: pulumi.Output[str]
    """KAITO's nodeProvisioner: azure-gpu-provisioner, karpenter or byo."""
    cloud: pulumi.Output[str]
    """KAITO's cloudProviderName."""
    namespace: pulumi.Output[str]
    """Namespace of the controller."""
    crds: pulumi.Output[list[str]]
    """KAITO's CRDs that are served."""
    missing: pulumi.Output[list[str]]
    """Kinds and settings of the newest release that this operator lacks."""
    node_classes: pulumi.Output[list[str] | None]
    """Karpenter's NodeClasses that a workload may name; none with another provisioner."""
    ready: pulumi.Output[bool]
    """True once every chart is installed and its controllers answer."""

    @overload
    def __init__(
        self, resource_name: str, args: KaitoOperatorArgs | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, *, opts: pulumi.ResourceOptions | None = None, **kwargs: Unpack[KaitoOperatorArgs]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        args: KaitoOperatorArgs | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec: OperatorSpec = resolve_operator(resource_name, args)
        super().__init__("kaito-iac:index:KaitoOperator", resource_name, self.spec.inputs(), opts)
        warn(resource_name, [*self.spec.problems, *before_update(self, self.spec)], self)
        last = _declared(self, resource_name, self.spec)
        outputs = {key: after(last, value) for key, value in self.spec.outputs().items()}
        publish(self, outputs)

    @property
    def reference(self) -> pulumi.Output[dict[str, Any]]:
        """Return what another stack gives as operator=, as one value to export."""
        return pulumi.Output.all(
            version=self.version,
            provisioner=self.provisioner,
            cloud=self.cloud,
            featureGates=self.feature_gates,
            missing=self.missing,
            nodeClasses=self.node_classes,
        )


def _declared(self: KaitoOperator, name: str, spec: OperatorSpec) -> pulumi.Resource:
    """Declare the parts, each after what it needs, and return the last one; destroy goes the other way."""
    homes = namespaces(name, spec, self)
    client_id, ready = granted(name, spec.grant, spec.tags, self) if spec.grant else (None, [])
    if spec.bootstrap_token is not None:
        home = spec.provisioner_charts[0].namespace
        ready = [*ready, token_secret(name, spec, home, [homes[home]] if home in homes else [], self)]
    if spec.streaming:
        _, trusted = granted(name, spec.streaming.grant, spec.tags, self, "streaming-")
        streaming_accounts(name, spec.streaming, trusted, self)
    last: pulumi.Resource = ready[-1] if ready else self
    for chart in (*spec.provisioner_charts, *spec.charts):
        own = [homes[chart.namespace]] if chart.namespace in homes else []
        last = installed(name, chart, spec, client_id, [*ready, *own], self)
        ready = [last]
    return guarded(name, last, spec.guard, self) if spec.charts else last

"""The KAITO operator: its charts, and the provisioner, identity and roles that bring its nodes."""

from typing import Any, NotRequired, TypedDict

import pulumi

from kaito_iac.components.dependencies import after
from kaito_iac.components.operator_resources import granted, guarded, installed, namespaces, streaming_accounts, token_secret
from kaito_iac.components.refused import collectable
from kaito_iac.errors import warn
from kaito_iac.resolve.operator import resolve_operator
from kaito_iac.resolve.operator_spec import OperatorSpec


class KaitoOperatorArgs(TypedDict):
    """Arguments of a KaitoOperator; provisioner is needed unless Azure runs the operator."""

    mode: NotRequired[str]
    """release: a Helm release. chart: rendered objects. addon: the AKS add-on, nothing is installed. Default: release."""
    version: NotRequired[str]
    """KAITO release, one of `kaito-iac versions`. Default: the newest."""
    cluster: NotRequired[Any]
    """KaitoCluster, or a mapping with its outputs: clusterId, nodeResourceGroup, oidcIssuerUrl, …; also one Output of it."""
    cloud: NotRequired[str]
    """azure, aws or arc. Default: azure."""
    provisioner: NotRequired[str]
    """Who brings the nodes: azure-gpu-provisioner, karpenter, node-auto-provisioning (Karpenter run by Azure) or byo."""
    installProvisioner: NotRequired[bool]
    """Install the provisioner with its identity. false: it is there already. Default: true."""
    provisionerNamespace: NotRequired[str]
    """Namespace of the provisioner. Default: gpu-provisioner; karpenter on Azure, kube-system on AWS."""
    provisionerValues: NotRequired[dict[str, Any]]
    """Further Helm values of the provisioner."""
    provisionerChartSource: NotRequired[str]
    """Where the provisioner's charts are: repository, oci:// registry or folder. Default: where its makers publish them."""
    karpenter: NotRequired[dict[str, Any]]
    """bootstrapToken (secret), sshPublicKey, subnetId, clusterEndpoint, vnetGuid, networkPolicy; nodeClasses; nodeRole (AWS)."""
    featureGates: NotRequired[dict[str, bool]]
    """Feature gates of the release; what they need is checked."""
    gpuOperator: NotRequired[bool]
    """NVIDIA's GPU operator owns driver, device plugin and labels: KAITO's are switched off. Default: false."""
    spot: NotRequired[bool]
    """Lets KAITO's device plugin run on Azure spot nodes. Default: false."""
    registry: NotRequired[pulumi.Input[str]]
    """Registry that holds KAITO's images instead of mcr.microsoft.com/aks/kaito: controllers, presets, gpu-provisioner."""
    image: NotRequired[dict[str, pulumi.Input[str]]]
    """Controller image of the workspace chart: repository, tag, pullPolicy."""
    imagePullSecrets: NotRequired[list[pulumi.Input[str]]]
    """Names of pull secrets for controllers; inference pods do not use them."""
    values: NotRequired[dict[str, Any]]
    """Further Helm values of the workspace chart; what an argument decides is refused."""
    rag: NotRequired[bool]
    """Install the ragengine chart too. Default: false."""
    ragValues: NotRequired[dict[str, Any]]
    """Further Helm values of the ragengine chart."""
    ragNamespace: NotRequired[str]
    """Namespace of the ragengine chart. Default: kaito-ragengine."""
    namespace: NotRequired[str]
    """Namespace of the workspace chart. Default: kaito-workspace."""
    createNamespaces: NotRequired[bool]
    """Make the namespaces of the charts, and delete them with the operator. Default: true."""
    chartSource: NotRequired[str]
    """Where KAITO's charts are: repository, oci:// registry or a folder with them. Default: KAITO's repository."""
    crds: NotRequired[str]
    """keep: KAITO's CRDs, and so its objects, outlive the operator. delete: they go with it. Default: keep."""
    postrender: NotRequired[str]
    """Command on the engine's PATH that marks CRDs as kept, mode release. Default: kaito-iac-keep-crds of this package."""
    guard: NotRequired[bool]
    """Refuse to remove the operator while workloads or their nodes are there; destroy needs --run-program. Default: true."""
    modelStreaming: NotRequired[dict[str, Any]]
    """Identity of streaming pods: namespaces, serviceAccount, storageClass; needs the gates ModelMirror and ModelStreaming."""
    upgradesFrom: NotRequired[str]
    """Release that runs now: the plan tells which CRD versions, fields and gates change."""
    addonPrincipalId: NotRequired[pulumi.Input[str]]
    """Object id of the add-on's identity, ai-toolchain-operator-CLUSTER: gives it its role and federation."""
    timeoutMinutes: NotRequired[int]
    """How long to wait for a chart. Default: 10."""
    replicaCount: NotRequired[int]
    """1, the only number that works: KAITO's controllers elect no leader."""
    tags: NotRequired[dict[str, pulumi.Input[str]]]
    """Azure tags of the identity."""


@collectable
class KaitoOperator(pulumi.ComponentResource):
    """Installs KAITO; whatever depends on it finds CRDs, webhooks and a provisioner that may make nodes."""

    version: pulumi.Output[str]
    """KAITO release."""
    featureGates: pulumi.Output[dict[str, bool]]
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
    nodeClasses: pulumi.Output[list[str] | None]
    """Karpenter's NodeClasses that a workload may name; none with another provisioner."""
    ready: pulumi.Output[bool]
    """True once every chart is installed and its controllers answer."""

    def __init__(self, name: str, args: KaitoOperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        self.spec: OperatorSpec = resolve_operator(name, args)
        super().__init__("kaito-iac:index:KaitoOperator", name, self.spec.inputs(), opts)
        warn(name, self.spec.problems, self)
        last = _declared(self, name, self.spec)
        outputs = {key: after(last, value) for key, value in self.spec.outputs().items()}
        for key, output in outputs.items():
            setattr(self, key, output)
        self.register_outputs(outputs)


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

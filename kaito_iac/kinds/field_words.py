"""Words of Azure, Karpenter, EKS, KAITO's manifests, vLLM and Kubernetes for what our arguments do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kaito_iac.spelling import snake

_SET: Final = "no argument: opts=pulumi.ResourceOptions(transforms=[…]) sets it on the resource that the component makes"
_ONLY_THERE: Final = (
    # AgentPool of azure-native
    "creationData enableEncryptionAtHost enableFIPS enableNodePublicIP enableUltraSSD gatewayProfile hostGroupID kubeletConfig "
    "kubeletDiskType linuxOSConfig localDNSProfile maxPods messageOfTheDay nodePublicIPPrefixID podIPAllocationMode podSubnetID "
    "proximityPlacementGroupID scaleDownMode virtualMachinesProfile windowsProfile workloadRuntime "
    # ManagedCluster of azure-native
    "autoScalerProfile bootstrapProfile diskEncryptionSetID enableRBAC extendedLocation fqdnSubdomain httpProxyConfig "
    "identityProfile ingressProfile linuxProfile metricsProfile nodeResourceGroup nodeResourceGroupProfile podIdentityProfile "
    "serviceMeshProfile supportPlan workloadAutoScalerProfile "
    # Karpenter and EKS
    "weight startupTaints kubelet terminationGracePeriod consolidationPolicy blockDeviceMappings userData "
    "securityGroupSelectorTerms launchTemplate remoteAccess updateConfig releaseVersion nodeSecurityGroup"
).split()
"""Words for which no component has an argument."""

WORDS: Final[dict[str, str]] = {
    # AgentPool of azure-native
    "vmSize": "instance_type system_pool",
    "capacityReservationGroupId": "capacity_reservation",
    "sku": "instance_type tier",
    "nodeCount": "count",
    "enableAutoScaling": "max_count autoscale system_pool",
    "minCount": "min_count autoscale system_pool",
    "maxCount": "max_count autoscale system_pool",
    "min": "min_count autoscale",
    "max": "max_count autoscale",
    "scaleSetPriority": "spot",
    "scaleSetEvictionPolicy": "spot",
    "priority": "spot",
    "spotMaxPrice": "max_price",
    "gpuProfile": "driver",
    "gpuInstanceProfile": "mig partition",
    "availabilityZones": "zones system_pool",
    "availabilityZone": "zones",
    "osDiskSizeGB": "os_disk_gib system_pool",
    "osDiskType": "os_disk system_pool",
    "osSku": "image_family",
    "nodeLabels": "labels node_selector",
    "nodeTaints": "taint",
    "taints": "taint",
    "vnetSubnetId": "subnet_id network",
    "upgradeSettings": "upgrade auto_upgrade",
    "agentPoolName": "pool_name",
    "region": "location",
    "orchestratorVersion": "kubernetes_version",
    "subnetSelectorTerms": "subnet_ids",
    "spotPrice": "max_price",
    "instanceProfile": "node_role",
    # ManagedCluster of azure-native
    "agentPoolProfiles": "system_pool",
    "defaultNodePool": "system_pool",
    "networkProfile": "network",
    "podCidr": "network",
    "serviceCidr": "network",
    "dnsServiceIp": "network",
    "outboundType": "network",
    "subnetId": "network",
    "aadProfile": "aad",
    "addonProfiles": "addon",
    "aiToolchainOperatorProfile": "addon",
    "apiServerAccessProfile": "authorized_ip_ranges",
    "enablePrivateCluster": "private_cluster",
    "autoUpgradeProfile": "auto_upgrade",
    "disableLocalAccounts": "local_accounts",
    "dnsPrefix": "name",
    "identity": "identity_id",
    "nodeProvisioningProfile": "node_auto_provisioning",
    "storageProfile": "blob_driver",
    "publicNetworkAccess": "private_cluster",
    "servicePrincipalProfile": "identity_id",
    "resourceGroupName": "resource_group cluster_id cluster",
    "resourceName": "name cluster_id",
    "resourceId": "adopt_id cluster_id",
    # Karpenter
    "requirements": "instance_type",
    "nodeClassRef": "node_class",
    "limits": "max_count",
    "consolidateAfter": "empty_after",
    "ttlSecondsAfterEmpty": "empty_after",
    "disruption": "empty_after",
    "budgets": "replace_drifted",
    "capacityType": "spot",
    "amiFamily": "image_family",
    "amiSelectorTerms": "image_family",
    "role": "node_role",
    # EKS node groups
    "instanceTypes": "instance_type",
    "nodeGroupName": "pool_name",
    "desiredCapacity": "count",
    "desiredSize": "count",
    "minSize": "min_count",
    "maxSize": "max_count",
    "scalingConfig": "max_count",
    "clusterName": "eks_cluster cluster name",
    "diskSize": "os_disk_gib",
    "volumeSize": "os_disk_gib size_gib",
    "amiType": "image_family",
    "nodeRoleArn": "node_role",
    "iamRole": "node_role",
    # Manifests of KAITO
    "resource": "instance_type",
    "compute": "instance_type",
    "inference": "preset",
    "presetName": "preset",
    "model": "preset",
    "modelId": "preset",
    "modelName": "preset",
    "presetOptions": "access_secret",
    "accessSecret": "access_secret llm_secret",
    "imagePullSecrets": "template",
    "imagePullSecret": "embedding",
    "adapter": "adapters",
    "strength": "adapters",
    "source": "adapters dataset",
    "local": "embedding",
    "remote": "embedding",
    "modelImage": "embedding",
    "url": "llm",
    "modelAccessSecret": "access_secret",
    "labelSelector": "node_selector labels",
    "preferredNodes": "node_pool",
    "image": "template",
    "accessMode": "access_secret",
    "inferenceService": "llm",
    "contextWindowSize": "context_window",
    "indexService": "name",
    "vectorDb": "vector_store",
    "engine": "kind vector_store",
    "persistentVolume": "storage",
    "persistentVolumeClaim": "claim storage",
    "input": "dataset",
    "dataSource": "dataset",
    "destination": "output",
    "imagePushSecret": "push_secret",
    "volumeSource": "volume adapters dataset",
    "storageClassName": "storage_class",
    "serviceAccountName": "service_account",
    "roles": "prefill",
    "nodeProvisioner": "provisioner",
    "cloudProviderName": "cloud",
    "nvidiaDevicePlugin": "gpu_operator",
    "localCSIDriver": "model_streaming values",
    "defaultNodeImageFamily": "image_family values",
    "webhook": "values",
    "affinity": "template values",
    "chart": "chart_source",
    "repo": "chart_source",
    "repository": "chart_source",
    # Main arguments of vLLM
    "maxModelLen": "context",
    "maxLen": "context",
    "loraModules": "adapters",
    "enableLora": "adapters",
    "servedModelName": "name",
    # Kubernetes and Hugging Face
    "hfToken": "access_secret hugging_face_token",
    "huggingFaceToken": "access_secret",
    "token": "access_secret hugging_face_token",
    "secret": "access_secret",
    "serviceType": "expose",
    "type": "kind expose",
    "containers": "template",
    "container": "template",
    "env": "template",
    "resources": "template values",
    "volumes": "template",
    "tolerations": "template taint values",
    "podTemplate": "template",
    "namespaceSelector": "allow_from",
    "timeout": "timeout_minutes timeout_seconds",
    "hostnames": "hosts",
    "gatewayClassName": "gateway_class",
    "size": "instance_type size_gib",
    "gpuCount": "partition count",
}
"""Word of others to the arguments that do it, the fitting one first."""

ELSEWHERE: Final[dict[str, str]] = {
    "replicas": "KaitoInferenceSet has replicas",
    "autoscale": "KaitoInferenceSet scales, by its argument autoscale",
    "autoscaling": "KaitoInferenceSet scales, by its argument autoscale",
    "minReplicas": "KaitoInferenceSet scales, by autoscale={'min_count': …}",
    "maxReplicas": "KaitoInferenceSet scales, by autoscale={'max_count': …}",
    "tuning": "KaitoTuning trains an adapter",
    "dataset": "KaitoTuning trains an adapter",
    "llm": "KaitoRagEngine answers with a model",
    "prefill": "KaitoMultiRoleInference has a prefill and a decode role",
    "decode": "KaitoMultiRoleInference has a prefill and a decode role",
    "storage": "KAITO has no volume for weights here: KaitoModelMirror keeps them in the cluster",
    "hosts": "InferenceGateway has host names",
    "ingress": "InferenceGateway is the address in front of models",
    "tensorParallelSize": "KAITO sets it from the GPUs of a node",
    "pipelineParallelSize": "KAITO sets it from the number of nodes",
    "oidcIssuerProfile": "leave it out: the OIDC issuer is on",
    "securityProfile": "leave it out: workload identity is on",
    "osType": "leave it out: nodes run Linux",
    "azureMonitorProfile": "KaitoMonitoring has flavour azureMonitor",
    "metadata": "name, namespace, labels and annotations are arguments",
    "spec": "its fields are arguments; `kaito-iac convert --presets` writes them",
    "apiVersion": "leave it out: the component writes it",
    "indexServiceName": "leave it out: KAITO names the Service after the object",
    "queryServiceName": "leave it out: KAITO names the Service after the object",
    **dict.fromkeys(_ONLY_THERE, _SET),
    "provider": "opts=pulumi.ResourceOptions(provider=…)",
    "providers": "opts=pulumi.ResourceOptions(providers=[…])",
    "dependsOn": "opts=pulumi.ResourceOptions(depends_on=[…])",
    "parent": "opts=pulumi.ResourceOptions(parent=…)",
    "gpus": "instance_type decides the GPUs; guard(gpus=…) limits them",
}
"""Word of others to what does it, where no argument of this component does."""


def _folded(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()


_WORDS: Final = {_folded(word): names.split() for word, names in WORDS.items()}
_ELSEWHERE: Final = {_folded(word): text for word, text in ELSEWHERE.items()}


def field_word(key: str, known: Sequence[str]) -> str:
    """Return the argument of this package for a word of another tool, as an instruction; empty where no table has the word."""
    folded = _folded(key)
    own = next((name for name in known if _folded(name) == folded), None) or (snake(key) if snake(key) in known else None)
    if own is not None:
        return f"write {own}"
    for name in _WORDS.get(folded, ()):
        if name in known:
            return f"use {name}"
    return _ELSEWHERE.get(folded, "")

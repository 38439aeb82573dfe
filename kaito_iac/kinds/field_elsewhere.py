"""Names of other tools that have no argument here, or another meaning on one component."""

from __future__ import annotations

from typing import Final

from kaito_iac.spelling import snake

_SET: Final = "no argument: opts=pulumi.ResourceOptions(transforms=[…]) sets it on the resource that the component creates"
_ON_POOL: Final = (
    # AgentPool of azure-native, and azurerm_kubernetes_cluster_node_pool
    "creationData enableEncryptionAtHost hostEncryptionEnabled enableFIPS fipsEnabled enableNodePublicIP "
    "nodePublicIPEnabled enableUltraSSD ultraSsdEnabled gatewayProfile hostGroupID kubeletConfig kubeletDiskType "
    "linuxOSConfig localDNSProfile maxPods messageOfTheDay nodePublicIPPrefixID podIPAllocationMode podSubnetID "
    "proximityPlacementGroupID scaleDownMode securityProfile snapshotId temporaryNameForRotation virtualMachinesProfile "
    "virtualMachineNodesStatus windowsProfile workloadRuntime networkProfile artifactStreamingProfile "
    "nodeInitializationTaints nodeCustomizationProfile "
    # Karpenter and EKS
    "weight startupTaints kubelet terminationGracePeriod consolidationPolicy blockDeviceMappings userData "
    "securityGroupSelectorTerms securityGroups securityGroupIds launchTemplate remoteAccess updateConfig releaseVersion "
    "forceUpdateVersion nodeSecurityGroup metadataOptions detailedMonitoring associatePublicIpAddress instanceStorePolicy"
).split()
_ON_CLUSTER: Final = (
    # ManagedCluster of azure-native, and azurerm_kubernetes_cluster
    "autoScalerProfile bootstrapProfile diskEncryptionSetID enableRBAC roleBasedAccessControlEnabled extendedLocation "
    "edgeZone fqdnSubdomain privateLinkResources httpProxyConfig identityProfile kubeletIdentity ingressProfile "
    "webAppRouting ingressApplicationGateway linuxProfile metricsProfile costAnalysis nodeResourceGroup "
    "nodeResourceGroupName nodeResourceGroupProfile podIdentityProfile serviceMeshProfile supportPlan "
    "workloadAutoScalerProfile loadBalancerSku loadBalancerProfile natGatewayProfile keyVaultSecretsProvider azurePolicy "
    "imageCleaner runCommand maintenanceWindow maintenanceWindowAutoUpgrade upgradeOverride upgradeSettings windowsProfile "
    "hostedSystemProfile kind"
).split()
_METRICS: Final = "KaitoMonitoring sends metrics to Azure Monitor, with flavour azureMonitor"
_SCALES: Final = "KaitoInferenceSet scales, by its argument autoscale"
_GPUS: Final = "instance_type decides the GPUs; guard(gpus=…) limits them"
_NODES: Final = "no argument: KAITO computes the nodes of each replica; max_nodes limits them"
_WEIGHTS: Final = "KAITO has no volume for weights here: KaitoModelMirror keeps them in the cluster"
_OF_CLUSTER: Final = "cluster={'%s': …}"
_RBAC: Final = "no argument: pulumi_kubernetes has RoleBinding"
_REQUEST: Final = "no argument: clients send it with a request"

OF: Final[dict[str, dict[str, str]]] = {
    "GpuNodePool": {
        "replicas": "use count",
        "mode": "leave it out: the nodes are of mode User",
        "orchestratorVersion": "leave it out: nodes have the version of their cluster",
        "securityProfile": _SET,
        "powerState": "no argument: count decides how many nodes run",
        **dict.fromkeys(_ON_POOL, _SET),
    },
    "KaitoWorkspace": {
        "maxTokens": _REQUEST,
        "replicas": "KaitoInferenceSet has replicas",
        **dict.fromkeys("autoscale autoscaling hpa keda scaling scaleToZero".split(), _SCALES),
        "minReplicas": "KaitoInferenceSet scales, by autoscale={'min_count': …}",
        "maxReplicas": "KaitoInferenceSet scales, by autoscale={'max_count': …}",
        **dict.fromkeys("storage pvc cache modelCache storageClass".split(), _WEIGHTS),
        **dict.fromkeys("gpu gpuMemory".split(), _GPUS),
        "cluster": "operator or node_pool leads to the cluster; else opts=pulumi.ResourceOptions(provider=cluster.provider())",
    },
    "KaitoInferenceSet": {
        "scaleToZero": "use replicas, or autoscale={'cron': …}",
        "maxTokens": _REQUEST,
        **dict.fromkeys("gpu gpuMemory".split(), _GPUS),
        **dict.fromkeys("nodeCount nodes count".split(), _NODES),
    },
    "KaitoMultiRoleInference": {
        "replicas": "use prefill={'replicas': …} and decode={'replicas': …}",
        "maxTokens": _REQUEST,
        **dict.fromkeys("gpu gpuMemory".split(), _GPUS),
        **dict.fromkeys("nodeCount nodes count".split(), _NODES),
    },
    "KaitoRagEngine": {
        **dict.fromkeys("model llmModel".split(), "use llm: the endpoint of a model"),
        "modelId": "use embedding",
        "volume": "use storage",
        **dict.fromkeys("gpu gpuType".split(), "use instance_type"),
        **dict.fromkeys("indexName index temperature topK chunkSize maxTokens".split(), _REQUEST),
        **dict.fromkeys("replicas nodes count".split(), "no argument: KAITO runs one pod for each RAG engine"),
    },
    "KaitoTuning": {
        "replicas": "no argument: KAITO trains on one node",
        "nodes": "no argument: KAITO trains on one node",
        "peft": "use method",
    },
    "KaitoModelMirror": {
        "namespace": "use job_namespace",
        **dict.fromkeys("storage pvc volume".split(), "use size_gib and storage_class"),
    },
    "KaitoCluster": {
        **dict.fromkeys("nodePools agentPools gpuPools gpuPool gpu gpuNodePool".split(), "GpuNodePool adds GPU nodes to it"),
        **dict.fromkeys("oidcIssuerProfile oidcIssuer enableOidcIssuer".split(), "leave it out: the OIDC issuer is on"),
        **dict.fromkeys("securityProfile workloadIdentity".split(), "leave it out: workload identity is on"),
        **dict.fromkeys("azureMonitorProfile monitorMetrics omsAgent".split(), _METRICS),
        **dict.fromkeys(_ON_CLUSTER, _SET),
    },
    "KaitoOperator": {
        **{
            word: _OF_CLUSTER % name
            for name, words in {
                "oidc_issuer_url": "oidcIssuer oidcIssuerUrl",
                "tenant_id": "tenantId",
                "subscription_id": "subscriptionId",
                "resource_group_name": "resourceGroup resourceGroupName",
                "node_resource_group": "nodeResourceGroup",
                "cluster_id": "clusterId",
                "location": "location region",
                "kubeconfig": "kubeconfig",
            }.items()
            for word in words.split()
        },
        **dict.fromkeys("nodeSelector podAnnotations".split(), "use values"),
        "replicas": "leave it out: the operator has one replica",
        **dict.fromkeys("keda istio".split(), "no argument: its own chart installs it"),
    },
    "KaitoNamespace": {
        **dict.fromkeys("budget budgets".split(), "no argument: the quota file has budgets of namespaces"),
        **dict.fromkeys("rbac roleBindings members users".split(), _RBAC),
        **dict.fromkeys("owner costCenter annotations".split(), "use labels"),
        "limits": "use gpus, or quota",
        "networkPolicy": "use isolated and allow_from",
        "secrets": "use hugging_face_token, registry or key_vault",
    },
    "InferenceGateway": {
        **dict.fromkeys("port ports listeners".split(), "no argument: it listens on port 80, and with tls_secret on 443"),
        **dict.fromkeys("issuer certManager".split(), "no argument: cert-manager writes the Secret that tls_secret names"),
        "models": "endpoints={NAME: {'endpoint': …, 'models': …}}",
    },
    "KaitoMonitoring": {"metrics": "use endpoints", "workspaceId": "use azure_monitor_workspace_id"},
    "SystemPool": {
        "mode": "leave it out: the nodes are of mode System",
        **dict.fromkeys("nodeLabels labels nodeTaints taints vnetSubnetId maxPods".split(), _SET),
    },
    "ClusterNetwork": {
        **dict.fromkeys("networkPlugin plugin networkPluginMode pluginMode".split(), "leave it out: it is Azure CNI overlay"),
        "loadBalancerSku": _SET,
    },
    "EntraId": {"managed": "leave it out: AKS manages the integration"},
    "Role": {
        word: f"give {snake(word)} beside prefill and decode"
        for word in "operator nodePool cloud provisioner nodeSelector location accessSecret maxNodes".split()
    },
    "Partition": {"gpus": "use count", **dict.fromkeys("slice size".split(), "use profile")},
    "Adapter": {"source": "use image or volume", "weight": "use strength"},
    "Adopt": dict.fromkeys("id name uid namespace resourceId".split(), "use object"),
    "NodePoolReference": dict.fromkeys("labels nodeSelector nodeLabels matchLabels".split(), "use selector"),
    "ModelFacts": {
        "numHiddenLayers": "use layers",
        "numAttentionHeads": "use heads",
        "numKeyValueHeads": "use kv_heads",
        **dict.fromkeys("maxModelLen maxPositionEmbeddings contextLength context".split(), "use max_context_tokens"),
        **dict.fromkeys("weights size weightsGb".split(), "use weights_gib"),
    },
    "VectorStore": {"apiKey": "use access_secret", **dict.fromkeys("endpoint host address".split(), "use url")},
    "Dataset": {"source": "use urls, image, claim or volume"},
    "TuningOutput": {"destination": "use image, claim or volume"},
    "Gpu": dict.fromkeys("model name type".split(), "use product"),
    "ControllerImage": dict.fromkeys("name registry image".split(), "use repository"),
    "Registry": {
        **dict.fromkeys("url host address loginServer".split(), "use server"),
        "user": "use username",
        **dict.fromkeys("token secret".split(), "use password"),
    },
    "KeyVault": {
        "vaultName": "use name",
        **dict.fromkeys("identity identityClientId userAssignedIdentityId".split(), "use client_id"),
        **dict.fromkeys("keys objects".split(), "use secrets"),
    },
    "Service": dict.fromkeys("host address url".split(), "use name and namespace"),
    "Alerts": {
        **dict.fromkeys("latency ttft timeToFirstToken".split(), "use first_token_seconds"),
        **dict.fromkeys("queue queueLength waiting".split(), "use waiting_requests"),
        **dict.fromkeys("cache kvCache kvCacheUsage".split(), "use cache_share"),
    },
    "ReadinessGate": dict.fromkeys("target resource component name namespace kind".split(), "use workload"),
}
"""Component, or dictionary of arguments, to names of other tools that mean something else there, or have no argument."""

ELSEWHERE: Final[dict[str, str]] = {
    "ingress": "InferenceGateway is the address in front of models",
    "gateway": "InferenceGateway is the address in front of models",
    "prefill": "KaitoMultiRoleInference has a prefill and a decode role",
    "decode": "KaitoMultiRoleInference has a prefill and a decode role",
    "tuning": "KaitoTuning trains an adapter",
    "dataset": "KaitoTuning trains an adapter",
    "llm": "KaitoRagEngine answers with a model",
    "hosts": "InferenceGateway has host names",
    "tensorParallelSize": "KAITO sets it from the GPUs of a node",
    "pipelineParallelSize": "KAITO sets it from the number of nodes",
    "osType": "leave it out: nodes run Linux",
    "metadata": "name, namespace, labels and annotations are arguments",
    "spec": "its fields are arguments; `kaito-iac convert --presets` writes them",
    "status": "leave it out: KAITO writes it",
    "matchExpressions": "no argument: node_selector has the labels that nodes must have",
    "apiVersion": "leave it out: the component writes it",
    "indexServiceName": "leave it out: KAITO names the Service after the object",
    "queryServiceName": "leave it out: KAITO names the Service after the object",
    "provider": "opts=pulumi.ResourceOptions(provider=…)",
    "kubernetesProvider": "opts=pulumi.ResourceOptions(provider=…)",
    "providers": "opts=pulumi.ResourceOptions(providers=[…])",
    "kubeconfig": "opts=pulumi.ResourceOptions(provider=…): the provider has the kubeconfig",
    "dependsOn": "opts=pulumi.ResourceOptions(depends_on=[…])",
    "parent": "opts=pulumi.ResourceOptions(parent=…)",
    "protect": "opts=pulumi.ResourceOptions(protect=True)",
    "ignoreChanges": "opts=pulumi.ResourceOptions(ignore_changes=[…])",
    "deleteBeforeReplace": "opts=pulumi.ResourceOptions(delete_before_replace=True)",
    "retainOnDelete": "opts=pulumi.ResourceOptions(retain_on_delete=True)",
    "transforms": "opts=pulumi.ResourceOptions(transforms=[…])",
    "aliases": "opts=pulumi.ResourceOptions(aliases=[…])",
    "import": "use adopt where there is such an argument, else `pulumi import`",
    "gpus": _GPUS,
}
"""Name of other tools to what does the same, for components that have no argument for it."""

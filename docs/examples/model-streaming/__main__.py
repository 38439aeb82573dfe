"""Weights are copied once from Hugging Face into blob storage, and streamed from there into every pod that starts.

Costs: two nodes with one A100, and the storage. The operator runs with the gates ModelMirror and ModelStreaming; the cluster
has the blob CSI driver and workload identity. The kubelet's identity needs Storage Blob Data Reader on the node resource group,
and a federated credential for the service account: system:serviceaccount:models:model-streamer.
"""

import pulumi
import pulumi_kubernetes as kubernetes

import kaito_iac as kaito

config = pulumi.Config()
namespace = "models"

storage = kubernetes.storage.v1.StorageClass(
    "blob-fuse",
    metadata={"name": "blob-fuse"},
    provisioner="blob.csi.azure.com",
    parameters={"protocol": "fuse2", "skuName": "Premium_LRS"},
    reclaim_policy="Retain",
    allow_volume_expansion=True,
    mount_options=["-o allow_other", "--use-attr-cache=true", "--block-cache", "--block-cache-prefetch=11"],
)
streamer = kubernetes.core.v1.ServiceAccount(
    "model-streamer",
    metadata={
        "name": "model-streamer",
        "namespace": namespace,
        "annotations": {"azure.workload.identity/client-id": config.require("kubeletClientId")},
    },
)
weights = kaito.KaitoModelMirror(
    "weights",
    preset=kaito.Presets.QWEN2_5_CODER_32B_INSTRUCT,
    storage_class=storage.metadata["name"],
    job_namespace=namespace,
)
code = kaito.KaitoInferenceSet(
    "code",
    preset=kaito.Presets.QWEN2_5_CODER_32B_INSTRUCT,
    namespace=namespace,
    instance_type=kaito.Sizes.STANDARD_NC40ADS_H100_V5,
    replicas=2,
    replica_annotations={
        "kaito.sh/model-mirror-storage-class": storage.metadata["name"],
        "kaito.sh/streaming-service-account": streamer.metadata["name"],
    },
    location=config.require("location"),
    opts=pulumi.ResourceOptions(depends_on=[weights]),
)

pulumi.export("mirror", weights.name)
pulumi.export("code", code.endpoint)

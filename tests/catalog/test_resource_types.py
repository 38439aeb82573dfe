"""Which types of resources are harmless by their package, module, group or name."""

import json
from importlib import metadata, resources

import pytest

from kaito_iac.catalog.resource_types import is_harmless

OPAQUE = [
    "aws-native:autoscaling:AutoScalingGroup",
    "aws-native:autoscaling:ScheduledAction",
    "aws-native:batch:ComputeEnvironment",
    "aws-native:ec2:CapacityReservation",
    "aws-native:ec2:Ec2Fleet",
    "aws-native:ec2:Instance",
    "aws-native:emr:Cluster",
    "aws-native:sagemaker:Endpoint",
    "aws-native:tomorrow:Thing",
    "aws:autoscaling/group:Group",
    "aws:batch/computeEnvironment:ComputeEnvironment",
    "aws:ec2/fleet:Fleet",
    "aws:ec2/instance:Instance",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "aws:emr/cluster:Cluster",
    "aws:sagemaker/endpoint:Endpoint",
    "aws:tomorrow/thing:Thing",
    "azure-native:azurefleet:Fleet",
    "azure-native:batch:Pool",
    "azure-native:databoxedge:Device",
    "azure-native:compute/v20240301:VirtualMachine",
    "azure-native:compute:NewThing",
    "azure-native:compute:VirtualMachineScaleSet",
    "azure-native:containerinstance:ContainerGroup",
    "azure-native:containerservice:Machine",
    "azure-native:hybridcontainerservice:AgentPool",
    "azure-native:kubernetesconfiguration:Extension",
    "azure-native:machinelearningservices:Compute",
    "azure-native:resources:Deployment",
    "azure-native:resources:Resource",
    "azure-native:tomorrow:Thing",
    "azure:compute/linuxVirtualMachine:LinuxVirtualMachine",
    "azure:core/resourceGroupTemplateDeployment:ResourceGroupTemplateDeployment",
    "azure:management/groupTemplateDeployment:GroupTemplateDeployment",
    "aws:datapipeline/pipelineDefinition:PipelineDefinition",
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
    "kubernetes:argoproj.io/v1alpha1:Workflow",
    "kubernetes:batch.volcano.sh/v1alpha1:Job",
    "kubernetes:kueue.x-k8s.io/v1beta1:Workload",
    "command:local:Command",
    "gcp:container/nodePool:NodePool",
    "kubernetes:apps/v1:DeploymentList",
    "kubernetes:apps/v1:DeploymentPatch",
    "kubernetes:core/v1:List",
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:kaito.sh/v1beta1:WorkspaceList",
    "kubernetes:kaito.sh/v1beta1:WorkspacePatch",
    "kubernetes:karpenter.sh/v1alpha5:Provisioner",
    "kubernetes:kubevirt.io/v1:VirtualMachine",
    "kubernetes:kustomize/v2:Directory",
    "kubernetes:ray.io/v1:RayCluster",
    "kubernetes:yaml/v2:ConfigGroup",
]
HARMLESS = [
    "aws-native:ec2:SubnetRouteTableAssociation",
    "aws-native:ec2:Vpc",
    "aws-native:eks:Cluster",
    "aws-native:elasticloadbalancingv2:LoadBalancer",
    "aws-native:iam:Role",
    "aws-native:lambda:Function",
    "aws-native:logs:LogGroup",
    "aws-native:s3:Bucket",
    "aws:ec2/vpc:Vpc",
    "aws:eks/cluster:Cluster",
    "aws:iam/role:Role",
    "aws:s3/bucketV2:BucketV2",
    "azure-native:compute:Disk",
    "azure-native:containerregistry:Registry",
    "azure-native:insights:Component",
    "azure-native:keyvault/v20230701:Vault",
    "azure-native:managedidentity:UserAssignedIdentity",
    "azure-native:network:VirtualNetwork",
    "azure-native:resources:ResourceGroup",
    "azure-native:storage:StorageAccount",
    "azure:core/resourceGroup:ResourceGroup",
    "azure:management/group:Group",
    "kubernetes:eks.amazonaws.com/v1:NodeClass",
    "kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue",
    "kubernetes:nvidia.com/v1:ClusterPolicy",
    "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository",
    "azure:storage/account:Account",
    "azuread:index/application:Application",
    "docker:index/image:Image",
    "gcp:storage/bucket:Bucket",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
    "kubernetes:cert-manager.io/v1:Certificate",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:ConfigMapList",
    "kubernetes:core/v1:SecretPatch",
    "kubernetes:external-secrets.io/v1:ExternalSecret",
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass",
    "kubernetes:monitoring.coreos.com/v1:PodMonitor",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "pulumi:providers:kubernetes",
    "pulumi:pulumi:Stack",
    "random:index/randomPassword:RandomPassword",
    "tls:index/privateKey:PrivateKey",
]


@pytest.mark.parametrize("token", OPAQUE)
def test_opaque(token):
    """What may hold machines or pods is not harmless, nor what no one has read yet, in any version of its API."""
    assert not is_harmless(token)


@pytest.mark.parametrize("token", HARMLESS)
def test_harmless(token):
    """What holds neither machines nor pods is harmless, in any version of its API, as a list and as a patch."""
    assert is_harmless(token)


@pytest.mark.parametrize("package", ["azure-native", "kubernetes"])
def test_of_the_installed_package(package):
    """The table is that of the packages in use: after an update tools/refresh_types.py writes it anew."""
    table = json.loads(resources.files("kaito_iac.catalog").joinpath("data/resource_types.json").read_text())
    assert table["versions"][package] == metadata.version(f"pulumi-{package}")

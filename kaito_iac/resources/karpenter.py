"""Karpenter's NodePool, karpenter.sh/v1, and its NodeClasses on Azure and AWS; all cluster scoped."""

from __future__ import annotations

from kaito_iac.resources.spec_object import SpecObject


class NodePool(SpecObject):
    """Nodes that Karpenter makes.

    spec: template, replicas (needs Karpenter's gate StaticCapacity) or none, limits, disruption.
    """

    served_as = ("karpenter.sh/v1", "NodePool")


class AKSNodeClass(SpecObject):
    """What Karpenter's nodes on Azure are made of.

    spec: imageFamily, osDiskSizeGB, vnetSubnetID, gpu, tags.
    """

    served_as = ("karpenter.azure.com/v1beta1", "AKSNodeClass")


class EC2NodeClass(SpecObject):
    """What Karpenter's nodes on AWS are made of.

    spec: role, amiSelectorTerms, blockDeviceMappings, subnetSelectorTerms, securityGroupSelectorTerms, tags.
    """

    served_as = ("karpenter.k8s.aws/v1", "EC2NodeClass")

"""GPU pools, the KAITO operator and its workloads as Pulumi components, with nodes, quota and cost known before you deploy."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaito_iac.components.gpu_node_pool import GpuNodePool as GpuNodePool
    from kaito_iac.components.inference_gateway import InferenceGateway as InferenceGateway
    from kaito_iac.components.kaito_cluster import KaitoCluster as KaitoCluster
    from kaito_iac.components.kaito_inference_set import KaitoInferenceSet as KaitoInferenceSet
    from kaito_iac.components.kaito_model_mirror import KaitoModelMirror as KaitoModelMirror
    from kaito_iac.components.kaito_monitoring import KaitoMonitoring as KaitoMonitoring
    from kaito_iac.components.kaito_multi_role_inference import KaitoMultiRoleInference as KaitoMultiRoleInference
    from kaito_iac.components.kaito_namespace import KaitoNamespace as KaitoNamespace
    from kaito_iac.components.kaito_operator import KaitoOperator as KaitoOperator
    from kaito_iac.components.kaito_rag_engine import KaitoRagEngine as KaitoRagEngine
    from kaito_iac.components.kaito_tuning import KaitoTuning as KaitoTuning
    from kaito_iac.components.kaito_workspace import KaitoWorkspace as KaitoWorkspace
    from kaito_iac.components.operator_guard import operator_guard as operator_guard
    from kaito_iac.components.readiness_gate import ReadinessGate as ReadinessGate
    from kaito_iac.demand.demand import Demand as Demand
    from kaito_iac.demand.range import Range as Range
    from kaito_iac.demand.total import Total as Total
    from kaito_iac.errors import SpecError as SpecError
    from kaito_iac.kinds.gpu_node_pool import GpuNodePoolArgs as GpuNodePoolArgs
    from kaito_iac.kinds.gpu_node_pool import PoolUpgradeArgs as PoolUpgradeArgs
    from kaito_iac.kinds.inference_gateway import GatewayEndpointArgs as GatewayEndpointArgs
    from kaito_iac.kinds.inference_gateway import InferenceGatewayArgs as InferenceGatewayArgs
    from kaito_iac.kinds.inference_gateway import ServiceArgs as ServiceArgs
    from kaito_iac.kinds.kaito_cluster import ClusterNetworkArgs as ClusterNetworkArgs
    from kaito_iac.kinds.kaito_cluster import ClusterUpgradeArgs as ClusterUpgradeArgs
    from kaito_iac.kinds.kaito_cluster import EntraIdArgs as EntraIdArgs
    from kaito_iac.kinds.kaito_cluster import KaitoClusterArgs as KaitoClusterArgs
    from kaito_iac.kinds.kaito_cluster import SystemPoolArgs as SystemPoolArgs
    from kaito_iac.kinds.kaito_inference_set import KaitoInferenceSetArgs as KaitoInferenceSetArgs
    from kaito_iac.kinds.kaito_model_mirror import KaitoModelMirrorArgs as KaitoModelMirrorArgs
    from kaito_iac.kinds.kaito_monitoring import AlertsArgs as AlertsArgs
    from kaito_iac.kinds.kaito_monitoring import KaitoMonitoringArgs as KaitoMonitoringArgs
    from kaito_iac.kinds.kaito_multi_role_inference import KaitoMultiRoleInferenceArgs as KaitoMultiRoleInferenceArgs
    from kaito_iac.kinds.kaito_namespace import KaitoNamespaceArgs as KaitoNamespaceArgs
    from kaito_iac.kinds.kaito_namespace import KeyVaultArgs as KeyVaultArgs
    from kaito_iac.kinds.kaito_namespace import RegistryArgs as RegistryArgs
    from kaito_iac.kinds.kaito_operator import ControllerImageArgs as ControllerImageArgs
    from kaito_iac.kinds.kaito_operator import KaitoOperatorArgs as KaitoOperatorArgs
    from kaito_iac.kinds.kaito_operator import KarpenterArgs as KarpenterArgs
    from kaito_iac.kinds.kaito_operator import ModelStreamingArgs as ModelStreamingArgs
    from kaito_iac.kinds.kaito_operator import NodeClassArgs as NodeClassArgs
    from kaito_iac.kinds.kaito_rag_engine import KaitoRagEngineArgs as KaitoRagEngineArgs
    from kaito_iac.kinds.kaito_tuning import KaitoTuningArgs as KaitoTuningArgs
    from kaito_iac.kinds.kaito_workspace import KaitoWorkspaceArgs as KaitoWorkspaceArgs
    from kaito_iac.kinds.nested import AdapterArgs as AdapterArgs
    from kaito_iac.kinds.nested import AdoptArgs as AdoptArgs
    from kaito_iac.kinds.nested import AutoscaleArgs as AutoscaleArgs
    from kaito_iac.kinds.nested import AutoUpgradeArgs as AutoUpgradeArgs
    from kaito_iac.kinds.nested import CronArgs as CronArgs
    from kaito_iac.kinds.nested import DatasetArgs as DatasetArgs
    from kaito_iac.kinds.nested import GpuArgs as GpuArgs
    from kaito_iac.kinds.nested import GuardrailsArgs as GuardrailsArgs
    from kaito_iac.kinds.nested import MaintenanceWindowArgs as MaintenanceWindowArgs
    from kaito_iac.kinds.nested import MetricArgs as MetricArgs
    from kaito_iac.kinds.nested import MirrorSecretArgs as MirrorSecretArgs
    from kaito_iac.kinds.nested import ModelFactsArgs as ModelFactsArgs
    from kaito_iac.kinds.nested import PartitionArgs as PartitionArgs
    from kaito_iac.kinds.nested import RoleArgs as RoleArgs
    from kaito_iac.kinds.nested import StorageArgs as StorageArgs
    from kaito_iac.kinds.nested import TuningOutputArgs as TuningOutputArgs
    from kaito_iac.kinds.nested import VectorStoreArgs as VectorStoreArgs
    from kaito_iac.kinds.outputs import Adapter as Adapter
    from kaito_iac.kinds.outputs import Endpoint as Endpoint
    from kaito_iac.kinds.outputs import PoolEndpoint as PoolEndpoint
    from kaito_iac.kinds.readiness_gate import ReadinessGateArgs as ReadinessGateArgs
    from kaito_iac.kinds.served_model import ServedModelArgs as ServedModelArgs
    from kaito_iac.kinds.training import TrainingArgs as TrainingArgs
    from kaito_iac.kinds.vllm_arguments import VllmArguments as VllmArguments
    from kaito_iac.planning.library import plan as plan
    from kaito_iac.planning.plan import Plan as Plan
    from kaito_iac.planning.workload import Workload as Workload
    from kaito_iac.presets.names import Presets as Presets
    from kaito_iac.presets.names import Sizes as Sizes
    from kaito_iac.problem import Problem as Problem
    from kaito_iac.problem import Unknown as Unknown
    from kaito_iac.program_declaration import declare as declare
    from kaito_iac.program_guard import guard as guard
    from kaito_iac.resolve.model_facts import model_facts as model_facts
    from kaito_iac.resources.config_map import ConfigMap as ConfigMap
    from kaito_iac.resources.inference_set import InferenceSet as InferenceSet
    from kaito_iac.resources.model_mirror import ModelMirror as ModelMirror
    from kaito_iac.resources.multi_role_inference import MultiRoleInference as MultiRoleInference
    from kaito_iac.resources.persistent_volume_claim import PersistentVolumeClaim as PersistentVolumeClaim
    from kaito_iac.resources.rag_engine import RAGEngine as RAGEngine
    from kaito_iac.resources.scaled_object import ScaledObject as ScaledObject
    from kaito_iac.resources.service import Service as Service
    from kaito_iac.resources.workspace import Workspace as Workspace
    from kaito_iac.sizing.fit import Fit as Fit
    from kaito_iac.sizing.fit import Query as Query
    from kaito_iac.sizing.fit import fit as fit
    from kaito_iac.sizing.fit import fits as fits

_MODULES = {
    "components.gpu_node_pool": "GpuNodePool",
    "components.inference_gateway": "InferenceGateway",
    "components.kaito_cluster": "KaitoCluster",
    "components.kaito_inference_set": "KaitoInferenceSet",
    "components.kaito_model_mirror": "KaitoModelMirror",
    "components.kaito_monitoring": "KaitoMonitoring",
    "components.kaito_multi_role_inference": "KaitoMultiRoleInference",
    "components.kaito_namespace": "KaitoNamespace",
    "components.kaito_operator": "KaitoOperator",
    "components.kaito_rag_engine": "KaitoRagEngine",
    "components.kaito_tuning": "KaitoTuning",
    "components.kaito_workspace": "KaitoWorkspace",
    "components.operator_guard": "operator_guard",
    "components.readiness_gate": "ReadinessGate",
    "demand.demand": "Demand",
    "demand.range": "Range",
    "demand.total": "Total",
    "errors": "SpecError",
    "kinds.gpu_node_pool": "GpuNodePoolArgs PoolUpgradeArgs",
    "kinds.inference_gateway": "GatewayEndpointArgs InferenceGatewayArgs ServiceArgs",
    "kinds.kaito_cluster": "ClusterNetworkArgs ClusterUpgradeArgs EntraIdArgs KaitoClusterArgs SystemPoolArgs",
    "kinds.kaito_inference_set": "KaitoInferenceSetArgs",
    "kinds.kaito_model_mirror": "KaitoModelMirrorArgs",
    "kinds.kaito_monitoring": "AlertsArgs KaitoMonitoringArgs",
    "kinds.kaito_multi_role_inference": "KaitoMultiRoleInferenceArgs",
    "kinds.kaito_namespace": "KaitoNamespaceArgs KeyVaultArgs RegistryArgs",
    "kinds.kaito_operator": "ControllerImageArgs KaitoOperatorArgs KarpenterArgs ModelStreamingArgs NodeClassArgs",
    "kinds.kaito_rag_engine": "KaitoRagEngineArgs",
    "kinds.kaito_tuning": "KaitoTuningArgs",
    "kinds.kaito_workspace": "KaitoWorkspaceArgs",
    "kinds.nested": "AdapterArgs AdoptArgs AutoUpgradeArgs AutoscaleArgs CronArgs DatasetArgs GpuArgs GuardrailsArgs "
    "MaintenanceWindowArgs MetricArgs MirrorSecretArgs ModelFactsArgs PartitionArgs RoleArgs "
    "StorageArgs TuningOutputArgs VectorStoreArgs",
    "kinds.outputs": "Adapter Endpoint PoolEndpoint",
    "kinds.readiness_gate": "ReadinessGateArgs",
    "kinds.served_model": "ServedModelArgs",
    "kinds.training": "TrainingArgs",
    "kinds.vllm_arguments": "VllmArguments",
    "planning.library": "plan",
    "planning.plan": "Plan",
    "planning.workload": "Workload",
    "presets.names": "Presets Sizes",
    "problem": "Problem Unknown",
    "program_declaration": "declare",
    "program_guard": "guard",
    "resolve.model_facts": "model_facts",
    "resources.config_map": "ConfigMap",
    "resources.inference_set": "InferenceSet",
    "resources.model_mirror": "ModelMirror",
    "resources.multi_role_inference": "MultiRoleInference",
    "resources.persistent_volume_claim": "PersistentVolumeClaim",
    "resources.rag_engine": "RAGEngine",
    "resources.scaled_object": "ScaledObject",
    "resources.service": "Service",
    "resources.workspace": "Workspace",
    "sizing.fit": "Fit Query fit fits",
}
"""Module to its public names."""
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}
"""Public name to its module."""

__all__ = [
    "Adapter",
    "AdapterArgs",
    "AdoptArgs",
    "AlertsArgs",
    "AutoUpgradeArgs",
    "AutoscaleArgs",
    "ClusterNetworkArgs",
    "ClusterUpgradeArgs",
    "ConfigMap",
    "ControllerImageArgs",
    "CronArgs",
    "DatasetArgs",
    "Demand",
    "Endpoint",
    "EntraIdArgs",
    "Fit",
    "GatewayEndpointArgs",
    "GpuArgs",
    "GpuNodePool",
    "GpuNodePoolArgs",
    "GuardrailsArgs",
    "InferenceGateway",
    "InferenceGatewayArgs",
    "InferenceSet",
    "KaitoCluster",
    "KaitoClusterArgs",
    "KaitoInferenceSet",
    "KaitoInferenceSetArgs",
    "KaitoModelMirror",
    "KaitoModelMirrorArgs",
    "KaitoMonitoring",
    "KaitoMonitoringArgs",
    "KaitoMultiRoleInference",
    "KaitoMultiRoleInferenceArgs",
    "KaitoNamespace",
    "KaitoNamespaceArgs",
    "KaitoOperator",
    "KaitoOperatorArgs",
    "KaitoRagEngine",
    "KaitoRagEngineArgs",
    "KaitoTuning",
    "KaitoTuningArgs",
    "KaitoWorkspace",
    "KaitoWorkspaceArgs",
    "KarpenterArgs",
    "KeyVaultArgs",
    "MaintenanceWindowArgs",
    "MetricArgs",
    "MirrorSecretArgs",
    "ModelFactsArgs",
    "ModelMirror",
    "ModelStreamingArgs",
    "MultiRoleInference",
    "NodeClassArgs",
    "PartitionArgs",
    "PersistentVolumeClaim",
    "Plan",
    "PoolEndpoint",
    "PoolUpgradeArgs",
    "Presets",
    "Problem",
    "Query",
    "RAGEngine",
    "Range",
    "ReadinessGate",
    "ReadinessGateArgs",
    "RegistryArgs",
    "RoleArgs",
    "ScaledObject",
    "ServedModelArgs",
    "Service",
    "ServiceArgs",
    "Sizes",
    "SpecError",
    "StorageArgs",
    "SystemPoolArgs",
    "Total",
    "TrainingArgs",
    "TuningOutputArgs",
    "Unknown",
    "VectorStoreArgs",
    "VllmArguments",
    "Workload",
    "Workspace",
    "declare",
    "fit",
    "fits",
    "guard",
    "model_facts",
    "operator_guard",
    "plan",
]


if not TYPE_CHECKING:  # a type checker would take any name for public

    def __getattr__(name: str) -> Any:
        """Load a public name when it is first used, so that importing the package stays cheap."""
        if name == "__version__":
            return _version()
        if name not in _HOMES:
            raise AttributeError(f"module 'kaito_iac' has no attribute {name!r}{_near(name)}")
        value = getattr(import_module(f"kaito_iac.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def _near(name: str) -> str:
    """Return the public name that a misspelt one may mean, as the end of a message."""
    from difflib import get_close_matches

    found = [] if name.startswith("_") else get_close_matches(name, __all__, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _version() -> str:
    """Return the version of the installed distribution; 0.0.0 for sources that are not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kaito-iac")
    except PackageNotFoundError:
        return "0.0.0"


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})

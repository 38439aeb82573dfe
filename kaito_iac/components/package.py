"""The components as one package for programs in every Pulumi language: what is in it, and its schema."""

import json
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import pulumi

from kaito_iac.components.gpu_node_pool import GpuNodePool
from kaito_iac.components.inference_gateway import InferenceGateway
from kaito_iac.components.kaito_cluster import KaitoCluster
from kaito_iac.components.kaito_inference_set import KaitoInferenceSet
from kaito_iac.components.kaito_model_mirror import KaitoModelMirror
from kaito_iac.components.kaito_monitoring import KaitoMonitoring
from kaito_iac.components.kaito_multi_role_inference import KaitoMultiRoleInference
from kaito_iac.components.kaito_namespace import KaitoNamespace
from kaito_iac.components.kaito_operator import KaitoOperator
from kaito_iac.components.kaito_rag_engine import KaitoRagEngine
from kaito_iac.components.kaito_tuning import KaitoTuning
from kaito_iac.components.kaito_workspace import KaitoWorkspace
from kaito_iac.components.package_facts import NAME
from kaito_iac.components.readiness_gate import ReadinessGate

COMPONENTS: Final[tuple[type[pulumi.ComponentResource], ...]] = (
    GpuNodePool,
    KaitoCluster,
    InferenceGateway,
    KaitoInferenceSet,
    KaitoModelMirror,
    KaitoMonitoring,
    KaitoMultiRoleInference,
    KaitoNamespace,
    KaitoOperator,
    KaitoRagEngine,
    KaitoTuning,
    KaitoWorkspace,
    ReadinessGate,
)
"""Every component that programs in other languages can use."""


def package_version() -> str:
    """Return the version of the sources that run: of the project beside them, else of the installed distribution."""
    project = Path(__file__).parents[2] / "pyproject.toml"
    try:
        return str(tomllib.loads(project.read_text())["project"]["version"]) if project.is_file() else version("kaito-iac")
    except PackageNotFoundError:
        return "0.0.0"


def schema() -> dict[str, Any]:
    """Return the Pulumi package schema of the components."""
    from kaito_iac.components.host import ComponentHost

    return ComponentHost(list(COMPONENTS), NAME, version=package_version()).published()


def schema_text() -> str:
    """Return the schema as the text of components/schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def serve() -> None:
    """Serve the components to the engine until it hangs up; the engine gives its address on the command line."""
    from kaito_iac.components import servicer
    from kaito_iac.components.host import ComponentHost

    servicer.serve(ComponentHost(list(COMPONENTS), NAME, version=package_version()), sys.argv[1:])

"""Cluster and pool under the real engine, on a simulated Azure that checks every body against Azure's own models."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).parent / "programs" / "azure_pool" / "Pulumi.yaml"
STANDIN = ROOT.parent / "shared" / "lab" / "azure_native_standin"
SECRET = "apiVersion: v1\nkind: Config\n# credentials of the cluster\n"
CLUSTER = "/subscriptions/{}/resourcegroups/models/providers/microsoft.containerservice/managedclusters/models"


class Azure:
    """The engine, and the simulated cloud as a file."""

    def __init__(self, cli: Any, folder: Path) -> None:
        self.file = folder / "azure.json"
        (folder / "kubeconfig").write_text(SECRET)
        self.engine = cli("../tests/engine/programs/azure_pool", PROJECT, {})
        environment = self.engine.environment
        environment["PATH"] = f"{STANDIN}{os.pathsep}{environment['PATH']}"
        environment["AZURE_STANDIN_STATE"] = str(self.file)
        environment["AZURE_STANDIN_KUBECONFIG"] = str(folder / "kubeconfig")
        environment.setdefault("AZURE_STANDIN_PYTHON", sys.executable)

    def up(self) -> None:
        self.engine.run("up", "--yes", "--skip-preview")

    def steps(self, *words: str) -> dict[str, str]:
        """Return what the preview would do, by the names of the resources; nothing for those that stay."""
        steps = json.loads(self.engine.run("preview", "--json", *words))["steps"]
        changing = [step for step in steps if step["op"] not in ("same", "refresh")]
        return {step["urn"].rpartition("::")[2]: step["op"] for step in changing}

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text())) if self.file.exists() else {}

    def pool(self, state: dict[str, Any]) -> dict[str, Any]:
        return dict(next(value for key, value in state.items() if key.endswith("/agentpools/a100")))["properties"]


@pytest.fixture
def azure(cli: Any, tmp_path: Path) -> Any:
    """Return the program on an empty simulated Azure, and destroys what is left of it."""
    if not STANDIN.is_dir():
        pytest.skip("no simulated Azure beside the repository")
    made = Azure(cli, tmp_path)
    yield made
    made.engine.run("destroy", "--yes", "--skip-preview", "--refresh=false")
    assert made.state() == {}, "destroy leaves nothing"


def test_preview_is_the_plan(azure: Any) -> None:
    """The CLI previews the same resources, with the same parents, as the offline plan."""
    plan = make_plan(Program(PROJECT.parent))
    names = {resource.urn: resource.name for resource in plan.resources}
    planned = sorted((resource.type, resource.name, names.get(resource.parent or "", "")) for resource in plan.resources)
    assert azure.engine.tree() == planned


def test_up_is_followed_by_no_change(azure: Any) -> None:
    """After an update nothing differs in preview or refresh, every output is known, and the state holds no credential."""
    azure.up()
    assert azure.steps() == {}
    azure.engine.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert "credentials of the cluster" not in azure.engine.run("stack", "export")
    outputs = json.loads(azure.engine.run("stack", "output", "--json"))
    names = ("cluster_name", "resource_group_name", "node_resource_group", "location", "kubeconfig", "maxNodes")
    assert {name: outputs[name] for name in names} == {
        "cluster_name": "models",
        "resource_group_name": "models",
        "node_resource_group": "MC_models_models_eastus",
        "location": "eastus",
        "kubeconfig": "[secret]",
        "maxNodes": 2,
    }
    assert outputs["cluster_id"].lower() == CLUSTER.format(outputs["subscription_id"])
    assert f"/{outputs['tenant_id']}/" in outputs["oidc_issuer_url"]
    assert [name for name, value in outputs.items() if not value] == []
    assert azure.engine.run("stack", "output", "kubeconfig", "--show-secrets").strip() == SECRET.strip()


def test_a_label_that_was_changed_by_hand_is_repaired(azure: Any) -> None:
    """A refresh finds the label that drifted, and the count that the autoscaler moved is no one's business."""
    azure.up()
    state = azure.state()
    drifted = azure.pool(state)
    drifted["nodeLabels"]["team"], drifted["count"] = "games", 2
    azure.file.write_text(json.dumps(state))
    assert azure.steps("--refresh") == {"a100-nodes": "update"}
    azure.engine.run("up", "--yes", "--skip-preview", "--refresh")
    repaired = azure.pool(azure.state())
    assert (repaired["nodeLabels"]["team"], repaired["count"]) == ("ml", 2)


def test_another_size_replaces_the_pool_alone(azure: Any) -> None:
    """A size cannot change in place: the pool is made anew, the cluster stays."""
    azure.up()
    azure.engine.run("config", "set", "size", "Standard_NC48ads_A100_v4")
    assert set(azure.steps()) == {"a100", "a100-nodes"}
    azure.up()
    assert azure.pool(azure.state())["vmSize"] == "Standard_NC48ads_A100_v4"
    assert azure.steps() == {}


def test_a_protected_cluster_is_not_destroyed(azure: Any) -> None:
    """Cluster and resource group outlive a destroy until someone says otherwise."""
    azure.engine.run("config", "set", "protect", "true")
    azure.up()
    azure.engine.run("destroy", "--yes", "--skip-preview", fails=True)
    assert any(key.endswith("/managedclusters/models") for key in azure.state())
    azure.engine.run("config", "set", "protect", "false")
    azure.up()


def test_a_pool_that_exists_is_imported(azure: Any) -> None:
    """A pool that Azure has and the state has not is taken in below its component, and then nothing is left to change."""
    azure.up()
    resources = json.loads(azure.engine.run("stack", "export"))["deployment"]["resources"]
    urns = {resource["urn"].rpartition("::")[2]: resource["urn"] for resource in resources}
    known = next(resource["id"] for resource in resources if resource["urn"] == urns["a100-nodes"])
    azure.engine.run("state", "delete", urns["a100-nodes"], "--yes")
    assert azure.steps()["a100-nodes"] == "create"
    kind = "azure-native:containerservice:AgentPool"
    options = ("--parent", f"a100={urns['a100']}", "--protect=false", "--generate-code=false", "--yes", "--skip-preview")
    azure.engine.run("import", kind, "a100-nodes", known, *options)
    assert "replace" not in azure.steps().get("a100-nodes", "")
    azure.up()
    assert azure.steps() == {}

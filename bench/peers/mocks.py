"""The same tree by hand under the mocks of Pulumi, in the environment of the project: the share of the SDK, COUNT workspaces."""

import asyncio
import sys

import pulumi


class Mocks(pulumi.runtime.Mocks):
    """Gives every resource its inputs as state."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[object, object]]:
        """Return an id and the inputs."""
        return f"{args.name}-id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[object, object]:
        """Answer nothing."""
        return {}


class Served(pulumi.ComponentResource):
    """A component, its ConfigMap and its Workspace, of values that are there already."""

    def __init__(self, name: str) -> None:
        inputs = {"preset": "phi-4-mini-instruct", "context": 8192, "model": "microsoft/phi-4-mini-instruct"}
        super().__init__("kaito-iac:index:KaitoWorkspace", name, inputs)
        below = pulumi.ResourceOptions(parent=self)
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"{name}-config", "namespace": "default"}}
        config["data"] = {"inference_config.yaml": "vllm:\n  max-model-len: 8192\n"}
        pulumi.CustomResource("kubernetes:core/v1:ConfigMap", f"{name}-config", config, below)
        workspace = {
            "apiVersion": "kaito.sh/v1beta1",
            "kind": "Workspace",
            "metadata": {"name": name, "namespace": "default"},
            "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": name}}},
            "inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": f"{name}-config"},
            "status": None,
        }
        made = pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", f"{name}-workspace", workspace, below)
        outputs = {key: made.urn.apply(lambda _, key=key: key) for key in ("endpoint", "name", "namespace", "model", "nodes")}
        self.register_outputs(outputs)


asyncio.set_event_loop(asyncio.new_event_loop())
pulumi.runtime.set_mocks(Mocks(), preview=True)


@pulumi.runtime.test
def program() -> None:
    """Make the workspaces."""
    for number in range(int(sys.argv[1])):
        Served(f"chat-{number}")


program()

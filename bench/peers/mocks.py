"""The same tree by hand under the mocks of Pulumi, in the environment of the project: the share of the SDK, COUNT workspaces.

A test compares it with the tree of KaitoWorkspace: types, names, inputs, outputs and options are the same.
"""

import asyncio
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import pulumi

KUBERNETES = version("pulumi-kubernetes")
ANNOTATIONS = {
    "kaito-iac/target-nodes": "1",
    "kaito.sh/disable-benchmark": "true",
    "pulumi.com/waitFor": "condition=WorkspaceSucceeded",
}
SIZE = "Standard_NV36ads_A10_v5"
INPUTS = {
    **{"preset": "phi-4-mini-instruct", "model": "microsoft/phi-4-mini-instruct", "namespace": "default"},
    **{
        "provisioner": "azure-gpu-provisioner",
        "instanceType": SIZE,
        "runtime": "vllm",
        "contextTokens": 8192,
        "nodes": 1,
        "gpus": 1,
    },
}
REPLACED = [
    *("resource", "inference.preset", "tuning.preset", "tuning.method", "tuning.input.name"),
    'metadata.annotations["kaito.sh/model-streaming"]',
    'metadata.annotations["kaito-iac/target-nodes"]',
]


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
        super().__init__("kaito-iac:index:KaitoWorkspace", name, {**INPUTS, "name": name})
        below = pulumi.ResourceOptions(parent=self, version=KUBERNETES)
        config: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"{name}-vllm-02df374d", "namespace": "default"},
            "status": None,
            "data": {"inference_config.yaml": "vllm:\n  max-model-len: 8192\n"},
        }
        stored: Any = pulumi.CustomResource("kubernetes:core/v1:ConfigMap", f"{name}-config", config, below)
        workspace: dict[str, Any] = {
            "apiVersion": "kaito.sh/v1beta1",
            "kind": "Workspace",
            "metadata": {"name": name, "namespace": "default", "annotations": ANNOTATIONS},
            "status": None,
            "resource": {"instanceType": SIZE, "labelSelector": {"matchLabels": {"apps": name}}},
            "inference": {
                "preset": {"name": "phi-4-mini-instruct"},
                "config": stored.metadata.apply(lambda metadata: metadata["name"]),
            },
        }
        options = pulumi.ResourceOptions(
            parent=self,
            version=KUBERNETES,
            replace_on_changes=REPLACED,
            delete_before_replace=True,
            custom_timeouts=pulumi.CustomTimeouts(create="3060s", update="3060s", delete="30m"),
        )
        made: Any = pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", f"{name}-workspace", workspace, options)
        outputs = {
            key: made.urn.apply(lambda _, key=key: INPUTS.get(key)) for key in ("nodes", "gpus", "instanceType", "location")
        }
        self.register_outputs({"endpoint": made.metadata.apply(endpoint), **outputs})


def endpoint(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the model answers."""
    url = f"http://{metadata['name']}.{metadata['namespace']}.svc.cluster.local/v1"
    return {"url": url, "model": "phi-4-mini-instruct", "contextTokens": 8192}


def main(count: int) -> None:
    """Make COUNT of them under the mocks."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    pulumi.runtime.set_mocks(Mocks(), preview=True)

    @pulumi.runtime.test
    def program() -> None:
        for number in range(count):
            Served(f"chat-{number}")

    program()


if __name__ == "__main__":
    main(int(sys.argv[1]))

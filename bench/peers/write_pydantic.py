"""pydantic and libyaml: COUNT Workspaces as files in a folder. Arguments: count, folder."""

import sys
from pathlib import Path

import yaml
from pydantic import BaseModel


class Resource(BaseModel):
    """The nodes."""

    instanceType: str
    labelSelector: dict[str, dict[str, str]]


class Preset(BaseModel):
    """The model."""

    name: str


class Inference(BaseModel):
    """What is served."""

    preset: Preset
    config: str


class Workspace(BaseModel):
    """One manifest."""

    apiVersion: str = "kaito.sh/v1beta1"
    kind: str = "Workspace"
    metadata: dict[str, str]
    resource: Resource
    inference: Inference


for number in range(int(sys.argv[1])):
    name = f"chat-{number}"
    made = Workspace(
        metadata={"name": name},
        resource=Resource(instanceType="Standard_NC24ads_A100_v4", labelSelector={"matchLabels": {"apps": name}}),
        inference=Inference(preset=Preset(name="phi-4-mini-instruct"), config=f"{name}-config"),
    )
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"{name}-config"},
        "data": {"a": "max-model-len: 8192\n"},
    }
    for kind, data in (("workspace", made.model_dump()), ("config", config)):
        Path(sys.argv[2], f"{kind}-{number}.yaml").write_text(yaml.dump(data, Dumper=yaml.CSafeDumper))

"""cdk8s: COUNT Workspaces and their ConfigMaps in a folder. Arguments: count, folder. Needs Node.js."""

import sys

from cdk8s import ApiObject, App, Chart, JsonPatch, YamlOutputType

app = App(outdir=sys.argv[2], yaml_output_type=YamlOutputType.FILE_PER_RESOURCE)
chart = Chart(app, "stack")
for number in range(int(sys.argv[1])):
    name = f"chat-{number}"
    config = ApiObject(chart, f"{name}-config", api_version="v1", kind="ConfigMap", metadata={"name": f"{name}-config"})
    config.add_json_patch(JsonPatch.add("/data", {"a": "max-model-len: 8192\n"}))
    made = ApiObject(chart, name, api_version="kaito.sh/v1beta1", kind="Workspace", metadata={"name": name})
    selector = {"matchLabels": {"apps": name}}
    made.add_json_patch(JsonPatch.add("/resource", {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": selector}))
    inference = {"preset": {"name": "phi-4-mini-instruct"}, "config": f"{name}-config"}
    made.add_json_patch(JsonPatch.add("/inference", inference))
app.synth()

"""A model server of your own: KAITO creates the node and runs the pod as it is written here.

Costs: one A100 node. Needs the Secrets hf-token and registry-pull. What the server loads is not known, so nothing is sized.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
health = {"path": "/health", "port": 5000}

server = {
    "name": "server",
    "image": config.require("image"),
    "args": ["--model", "/models/rocket", "--port", "5000"],
    "ports": [{"name": "http", "containerPort": 5000}],
    "resources": {"requests": {"nvidia.com/gpu": "1", "memory": "48Gi"}, "limits": {"nvidia.com/gpu": "1"}},
    "startupProbe": {"httpGet": health, "periodSeconds": 10, "failureThreshold": 180},
    "readinessProbe": {"httpGet": health, "periodSeconds": 5},
    "env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf-token", "key": "HF_TOKEN"}}}],
}
own = kaito.KaitoWorkspace(
    "own",
    template={
        "spec": {
            "containers": [server],
            "imagePullSecrets": [{"name": "registry-pull"}],
            "tolerations": [{"key": "team", "operator": "Equal", "value": "ml", "effect": "NoSchedule"}],
        }
    },
    instance_type=kaito.Sizes.STANDARD_NC24ADS_A100_V4,
    location=config.require("location"),
    timeout_minutes=60,
)

pulumi.export("own", own.endpoint)

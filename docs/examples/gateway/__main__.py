"""Two models behind one private address: requests go by the model they name, and callers send a key.

The cluster has Istio; KAITO runs with its production stack (keys, body-based router) and the gate gatewayAPIInferenceExtension.
"""

import pulumi

import kaito_iac as kaito

place = {"instanceType": "Standard_NC24ads_A100_v4", "location": "eastus", "namespace": "models"}
chat = kaito.KaitoInferenceSet("chat", {**place, "preset": "phi-4-mini-instruct", "replicas": 2})
code = kaito.KaitoWorkspace("code", {**place, "preset": "qwen2.5-coder-7b-instruct"})
gateway = kaito.InferenceGateway(
    "models",
    {
        "namespace": "models",
        "hosts": ["models.ai.example.com"],
        "tlsSecret": "models-tls",
        "endpoints": {"chat": {"endpoint": chat.endpoint, "inferencePool": True}, "code": code.endpoint},
    },
)

pulumi.export("url", gateway.url)
pulumi.export("models", gateway.models)
pulumi.export("apiKeySecret", gateway.apiKeySecret)

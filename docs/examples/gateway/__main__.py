"""Two models behind one private address: requests are routed by the model that they name, and callers send a key.

Costs: three A100 nodes. The cluster has Istio; KAITO runs with its production stack (keys, body-based router) and the gate
gatewayAPIInferenceExtension.
"""

import pulumi

import kaito_iac as kaito

chat = kaito.KaitoInferenceSet(
    "chat",
    instance_type="Standard_NC24ads_A100_v4",
    location="eastus",
    namespace="models",
    preset="phi-4-mini-instruct",
    replicas=2,
)
code = kaito.KaitoWorkspace(
    "code", instance_type="Standard_NC24ads_A100_v4", location="eastus", namespace="models", preset="qwen2.5-coder-7b-instruct"
)
gateway = kaito.InferenceGateway(
    "models",
    namespace="models",
    hosts=["models.ai.example.com"],
    tls_secret="models-tls",
    endpoints={"chat": {"endpoint": chat.endpoint, "inference_pool": True}, "code": code.endpoint},
)

pulumi.export("url", gateway.url)
pulumi.export("models", gateway.models)
pulumi.export("apiKeySecret", gateway.api_key_secret)

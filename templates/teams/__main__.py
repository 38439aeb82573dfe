"""Several teams on one cluster: each has its namespace, its share of the GPUs, its budget, and a gateway with its own key.

The cluster has Istio, KEDA, Prometheus, and KAITO with its production stack; quota.yaml bounds all teams together.
"""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
kaito.guard(quota_file="quota.yaml")

watched = {}
for name, share in config.require_object("teams").items():
    team = kaito.KaitoNamespace(name, team=name, gpus=share["gpus"], allow_from=["monitoring", "keda"])
    served = {
        model: kaito.KaitoWorkspace(
            f"{name}-{model}",
            name=model,
            preset=preset,
            namespace=team.namespace,
            instance_type=config.require("instanceType"),
            location=config.require("location"),
            labels={"team": name},
        )
        for model, preset in share["models"].items()
    }
    gateway = kaito.InferenceGateway(
        f"{name}-gateway",
        name="models",
        namespace=team.namespace,
        hosts=[f"{name}.{config.require('domain')}"],
        tls_secret=config.require("tlsSecret"),
        endpoints={model: workspace.endpoint for model, workspace in served.items()},
    )
    watched |= {f"{name}-{model}": workspace.endpoint for model, workspace in served.items()}
    pulumi.export(name, {"url": gateway.url, "models": gateway.models, "apiKeySecret": gateway.api_key_secret})

kaito.KaitoMonitoring("models", endpoints=watched, namespace="monitoring")

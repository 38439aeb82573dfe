"""GPU nodes that Karpenter keeps, as the tests of their life on an API server want them."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
size = config.get("size") or "Standard_NC24ads_A100_v4"
pool = kaito.GpuNodePool("a100", kind="karpenter", instance_type=size, count=2, location="eastus", pool_name="kaito-iac-a100")
pulumi.export("selector", pool.selector)

"""A program whose mistakes type checkers find; each line says with which code mypy names it."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
context = config.require_secret_int("context")

kaito.KaitoWorkspace("chat", {"preset": "phi-4", "contxt": 8192})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", contxt=8192)  # expected: call-overload
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "context": "8192"})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", context="8192")  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", context=context)  # expected: call-overload
kaito.KaitoWorkspace("chat", preset=config.require_secret("preset"))  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", labels={"team": 7})  # expected: dict-item
kaito.KaitoWorkspace("chat", preset=kaito.Presets.PHI_4_MINI)  # expected: attr-defined
kaito.KaitoWorkspace("chat", {"preset": "phi-4"}, context=8192)  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", nodePool=7)  # expected: call-overload
kaito.GpuNodePool("a100", instance_type="Standard_NC24ads_A100_v4", count=True, spot="yes")  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", runtime="vlllm")  # expected: call-overload
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "expose": "publik"})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", replacement="bluegreen")  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", node_pool=7)  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", operator="yes")  # expected: call-overload
kaito.KaitoOperator("kaito", provisioner="karpentr")  # expected: call-overload
kaito.KaitoOperator("kaito", provisioner="byo", crds="kep")  # expected: call-overload
kaito.KaitoOperator("kaito", provisioner="byo", cluster="abc")  # expected: call-overload
kaito.KaitoCluster("models", tier="free")  # expected: call-overload
kaito.KaitoCluster("models", system_pool={"instanceType": "Standard_D4s_v5"})  # expected: call-overload
kaito.GpuNodePool("a100", instance_type="Standard_NC24ads_A100_v4", kind="akss")  # expected: call-overload
kaito.GpuNodePool("a100", instance_type="Standard_NC24ads_A100_v4", mig="1g.12gb")  # expected: call-overload
kaito.GpuNodePool("a100", instance_type="Standard_NC24ads_A100_v4", upgrade={"maxSurge": "1"})  # expected: call-overload
kaito.InferenceGateway("models")  # expected: call-overload
kaito.InferenceGateway("models", {"name": "models"})  # expected: call-overload
kaito.KaitoRagEngine("docs", storage={"sizeGiB": 8})  # expected: call-overload
kaito.KaitoRagEngine("docs", vector_store={"kind": 7})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", vllm={"max-num-seq": 64})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", partition={"profile": "2g.24gb"})  # expected: call-overload
kaito.KaitoWorkspace("chat", preset="phi-4", replicas=2)  # expected: call-overload
kaito.KaitoInferenceSet("chat", preset="phi-4", autoscale={"min_count": 1})  # expected: call-overload
kaito.KaitoTuning("law", training={"LoraConfig": {"rank": 8}})  # expected: call-overload
kaito.KaitoTuning("law", dataset={"url": "https://data.example.com/a"})  # expected: call-overload
place: kaito.KaitoWorkspaceArgs = {"preset": "phi-4", "expos": "cluster"}  # expected: typeddict-unknown-key
uri = kaito.KaitoRagEngine("docs", llm="https://llm.example.com/v1").uri  # expected: attr-defined
size = kaito.KaitoWorkspace("chat", preset="phi-4").instanceType  # expected: attr-defined

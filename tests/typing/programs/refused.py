"""A program whose mistakes type checkers find; each line says with which code mypy names it."""

import pulumi

import kaito_iac as kaito

config = pulumi.Config()
context = config.require_secret_int("context")

kaito.KaitoWorkspace("chat", {"preset": "phi-4", "contxt": 8192})  # expected: typeddict-unknown-key
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "context": "8192"})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "context": context})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": config.require_secret("preset")})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "labels": {"team": 7}})  # expected: dict-item
kaito.KaitoWorkspace("chat", {"preset": kaito.Presets.PHI_4_MINI})  # expected: attr-defined
kaito.GpuNodePool("a100", {"instance_type": "Standard_NC24ads_A100_v4", "count": True, "spot": "yes"})  # expected: typeddict-item
kaito.KaitoRagEngine("docs", {"storage": {1: 2}})  # expected: misc
kaito.KaitoRagEngine("docs", {"storage": {"sizeGiB": 8}})  # expected: typeddict-unknown-key
kaito.KaitoRagEngine("docs", {"vector_store": {"kind": 7}})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "vllm": {"max-num-seq": 64}})  # expected: typeddict-unknown-key
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "vllm": {"max-num-seqs": [64]}})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "partition": {"profile": "2g.24gb"}})  # expected: typeddict-item
kaito.KaitoWorkspace("chat", {"preset": "phi-4", "replicas": 2})  # expected: typeddict-unknown-key
kaito.KaitoInferenceSet("chat", {"preset": "phi-4", "autoscale": {"min_count": 1}})  # expected: typeddict-item
kaito.KaitoTuning("law", {"training": {"LoraConfig": {"rank": 8}}})  # expected: typeddict-unknown-key
kaito.KaitoTuning("law", {"dataset": {"url": "https://data.example.com/a"}})  # expected: typeddict-unknown-key
uri = kaito.KaitoRagEngine("docs", {"llm": "https://llm.example.com/v1"}).uri  # expected: attr-defined

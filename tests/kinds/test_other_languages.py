"""Messages through the component host speak of no Python."""

import pytest

from kaito_iac.kinds.other_languages import for_other_languages
from kaito_iac.project_url import pip_install


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("runtime='transformers'", 'runtime: "transformers"'),
        ("leave os_disk out, or os_disk='Managed'", 'leave osDisk out, or osDisk: "Managed"'),
        ("os_disk_gib=512, or spot=True", "osDiskGiB: 512, or spot: true"),
        ("hosts=['chat.models.example.com'], or auth='none'", 'hosts: ["chat.models.example.com"], or auth: "none"'),
        ("vector_store.kind='qdrant'", 'vectorStore.kind: "qdrant"'),
        ("expected True or False", "expected true or false"),
        ("kubectl create secret generic hf-token --from-literal=HF_TOKEN=…; access_secret='hf-token'",
         'kubectl create secret generic hf-token --from-literal=HF_TOKEN=…; accessSecret: "hf-token"'),
        ("featureGates.kubernetesGateway=true in KAITO's chart", "featureGates.kubernetesGateway=true in KAITO's chart"),
        ("pip install 'kaito-iac[azure]'",
         "run `pulumi package add` for kaito-iac again: the environment of the package has it"),
        (f"{pip_install(('wait',))}, or guard=False",
         "run `pulumi package add` for kaito-iac again: the environment of the package has it, or guard: false"),
        ("HF_TOKEN='x' stays", "HF_TOKEN='x' stays"),
        ("use upgrade={'max_surge': …}", 'use upgrade: {"maxSurge": …}'),
        ("use autoscale={'cron': [{'timezone': …}]}", 'use autoscale: {"cron": [{"timezone": …}]}'),
        ("use endpoints={NAME: {'inference_pool': …}}", 'use endpoints: {NAME: {"inferencePool": …}}'),
        ("use training={'TrainingArguments': {'learning_rate': …}}",
         'use training: {"TrainingArguments": {"learning_rate": …}}'),
        ("vllm={'max-num-seqs': …}", 'vllm: {"max-num-seqs": …}'),
        ("opts=pulumi.ResourceOptions(depends_on=[…])", "the option dependsOn"),
        ("else opts=pulumi.ResourceOptions(provider=cluster.provider())", "else the option provider"),
        ("no argument: opts=pulumi.ResourceOptions(transforms=[…]) sets it", "no argument: the option transforms sets it"),
    ],
)  # fmt: skip
def test_text_for_other_languages(text, said):
    """Arguments are keys with values as JSON has them; commands of a shell stay."""
    assert for_other_languages(text) == said

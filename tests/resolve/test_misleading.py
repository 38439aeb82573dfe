"""Messages that name the step that helps, for what people commonly write."""

import pytest

import kaito_iac as kaito
from kaito_iac.catalog.find import size_problems
from kaito_iac.offline.run import run_function

S = "Standard_NC24ads_A100_v4"
POOL = {"kind": "aks", "count": 1, "instance_type": S, "cluster_id": f"/subscriptions/{'0' * 8}-0000-0000-0000-{'0' * 12}"}
POOL["cluster_id"] += "/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
OUT = {"dataset": {"urls": ["https://x.invalid/a.json"]}, "output": {"image": "r.invalid/a:1", "push_secret": "p"}}


@pytest.mark.parametrize(
    ("program", "told"),
    [
        pytest.param(
            lambda: kaito.KaitoWorkspace("a", preset="phi-4", instance_type=S, namespace=kaito.KaitoNamespace("ns")),
            "namespace: a KaitoNamespace; expected lower-case letters, digits and '-', a letter or digit first, at most 63 "
            "characters [KS104]\n    fix: pass its output: namespace=NAME.namespace, with the variable that holds it",
            id="a component as namespace",
        ),
        pytest.param(
            lambda: kaito.KaitoRagEngine("a", llm=kaito.KaitoWorkspace("chat", preset="phi-4", instance_type=S)),
            "llm: a KaitoWorkspace; expected an address, or the endpoint of a component [KS102]\n"
            "    fix: llm=NAME.endpoint, with the variable that holds it",
            id="a component as llm",
        ),
        pytest.param(
            lambda: kaito.GpuNodePool("a", {**POOL, "mig": "2g.20gb"}),
            "mig: '2g.20gb', the profile of one slice; expected MIG1g or MIG2g or MIG3g or MIG4g or MIG7g [KS102]\n"
            "    fix: mig='MIG2g'",
            id="a MIG profile on a pool",
        ),
        pytest.param(
            lambda: kaito.KaitoTuning("a", {"preset": "phi-4", "method": "qlora", "instance_type": S, **OUT}),
            "preset: 'phi-4' is an inference preset; expected a tuning preset of `kaito-iac presets` [KS101]\n"
            "    fix: preset='phi-4-lora' or preset='phi-4-qlora'",
            id="an inference preset to tune",
        ),
        pytest.param(
            lambda: kaito.KaitoTuning("a", {"preset": "llama-3.1-8b-instruct-lora", "instance_type": S, **OUT}),
            "preset: 'llama-3.1-8b-instruct-lora' is not a preset; expected a tuning preset of `kaito-iac presets`, or model and "
            "method [KS101]\n    fix: KAITO 0.12 cannot tune llama-3.1-8b-instruct; kaito-iac models --tunable lists what it can",
            id="a model that KAITO cannot tune",
        ),
        pytest.param(
            lambda: kaito.KaitoWorkspace("a", template={"containers": [{"name": "a", "image": "b:1"}]}, instance_type=S),
            "template.containers: a key that Kubernetes does not know; expected a field of this object [KS306]\n"
            "    fix: move it to template.spec.containers",
            id="a pod without its spec",
        ),
        pytest.param(
            lambda: kaito.KaitoWorkspace(
                "a", preset="phi-4", node_pool=kaito.GpuNodePool("p", {**POOL, "count": None, "min_count": 0, "max_count": 2})
            ),
            "node_pool: 1 node is needed, the pool starts with 0; KAITO waits for ready nodes before it makes pods, so nothing "
            "makes the autoscaler add any; expected min_count of 1 or more on the pool [KS264]\n    fix: min_count=1 on the pool",
            id="a pool that starts empty",
        ),
    ],
)
def test_the_fix_names_what_helps(program, told):
    """A value that people commonly write is refused with what to write instead."""
    recording = run_function(lambda: program() and None)
    assert recording.error is not None
    assert told in recording.error.message


def test_sizes_of_a_product():
    """The name of a GPU product is answered with its sizes, the smallest first."""
    assert [problem.fix for problem in size_problems("A100", "azure", "size")] == [
        "did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC96ads_A100_v4'? "
        "kaito-iac sizes --gpu A100 lists all"
    ]

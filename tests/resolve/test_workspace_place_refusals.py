# ruff: noqa: E501 -- messages are whole lines
"""Messages about nodes that cannot serve the model: whole messages."""

import pytest


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "Standard_X99"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_X99' is not a size of KAITO 0.12; expected a size from `kaito-iac sizes` [KS201]""",
            id="size that does not exist",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC24ads_A100"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC24ads_A100' is not a size of KAITO 0.12: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC96ads_A100_v4'?""",
            id="size with a near miss",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NC6s_v3"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC6s_v3' (1 x Tesla V100, 16 GiB, which azure retired on 2025-09-30) is a real size that KAITO 0.12 does not serve: KAITO admits the name and then fails to size it; expected a size from `kaito-iac sizes` [KS201]
    fix: the cheapest with as much GPU memory: Standard_NV36ads_A10_v5 or Standard_NC24ads_A100_v4""",
            id="size that KAITO admits and cannot size",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "standard_nc24ads_a100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'standard_nc24ads_a100_v4' is not the canonical case: KAITO sizes it and never finds its nodes ready; expected 'Standard_NC24ads_A100_v4' [KS211]
    fix: write Standard_NC24ads_A100_v4""",
            id="size in another case",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "Standard_ND96asr_A100_v4"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_ND96asr_A100_v4' is in KAITO's table, but azure sells it as 'Standard_ND96asr_v4', which KAITO cannot size; neither can work; expected a size that both know [KS211]
    fix: choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`""",
            id="size that cannot be created under KAITO's name",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "Standard_NG32ads_V620_v1"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NG32ads_V620_v1' has AMD Radeon PRO V620: KAITO's pods request nvidia.com/gpu and would never be scheduled; expected a size with NVIDIA GPUs [KS211]
    fix: choose one of `kaito-iac sizes`""",
            id="size without NVIDIA GPUs",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "p5.48xlarge", "cloud": "azure"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'p5.48xlarge' is not a size of KAITO 0.12 on azure: it is a size of aws; expected a size from `kaito-iac sizes` [KS201]""",
            id="size of another cloud",
        ),
        pytest.param(
            {"preset": "phi-3-medium-128k-instruct", "instance_type": "Standard_NV36ads_A10_v5", "context": 131072},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: each GPU of Standard_NV36ads_A10_v5 has 24.0 GiB, 20.2 of them usable, and 131072 tokens of context reserve 27.3 GiB (overhead 2.3, KV cache 25.0): KAITO admits it and never gets ready; expected a size that holds the model [KS202]
    fix: see `kaito-iac fit phi-3-medium-128k-instruct`""",
            id="size that cannot hold the context's cache",
        ),
        pytest.param(
            {"preset": "deepseek-v3-0324", "instance_type": "Standard_NV36ads_A10_v5"},
            """\
KaitoWorkspace 'chat': 2 problems
  warning: instance_type: 39 x Standard_NV36ads_A10_v5 is estimated to leave room for 0 tokens of context beside the weights; expected room for 4096 or more [KS213]
    fix: choose a bigger size
  max_nodes: KAITO would use 39 x Standard_NV36ads_A10_v5 for this model; it has no limit of its own; expected at most 8 nodes [KS214]
    fix: choose a bigger size, or set max_nodes=39""",
            id="more nodes than anybody means",
        ),
        pytest.param(
            {
                "preset": "llama-3.3-70b-instruct",
                "instance_type": "Standard_NC24ads_A100_v4",
                "max_nodes": 1,
                "access_secret": "hf-token",
            },
            """\
KaitoWorkspace 'chat': 1 problem
  max_nodes: KAITO would use 3 x Standard_NC24ads_A100_v4 for this model; it has no limit of its own; expected at most 1 node [KS214]
    fix: choose a bigger size, or set max_nodes=3""",
            id="more nodes than allowed",
        ),
        pytest.param(
            {"preset": "microsoft/phi-4-mini-instruct"},
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: missing; expected instance_type or node_pool [KS102]
    fix: give node_pool for existing nodes, or instance_type for nodes that KAITO creates""",
            id="neither size nor pool",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "instance_type": "Standard_NC24ads_A100_v4",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  instance_type: 'Standard_NC24ads_A100_v4' together with node_pool, whose nodes exist already; expected either instance_type or node_pool [KS105]
    fix: leave instance_type out: the pool has its size""",
            id="size and pool",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "node_pool": {}},
            """\
KaitoWorkspace 'chat': 2 problems
  node_pool.instance_type: missing; expected a size from `kaito-iac sizes` [KS102]
    fix: give node_pool.instance_type
  node_pool.selector: missing; expected labels that the nodes carry already [KS102]
    fix: kubectl label node NODE apps=gpu; node_pool.selector={'apps': 'gpu'}""",
            id="empty pool",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "node_pool": ["a100"]},
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool: ['a100']; expected a mapping with text keys [KS102]""",
            id="pool that is a list",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {
                    "instancetype": "x",
                    "instance_type": "Standard_NC24ads_A100",
                    "selector": {"kaito.sh/workspace": "chat"},
                },
            },
            """\
KaitoWorkspace 'chat': 3 problems
  node_pool.instancetype: not an argument; expected one of selector, instance_type, gpu, max_count, location [KS102]
    fix: write instance_type
  node_pool.instance_type: 'Standard_NC24ads_A100' is not in the catalogue: the GPUs of its nodes are not known; expected a size from `kaito-iac sizes`, or gpu [KS201]
    fix: did you mean 'Standard_NC24ads_A100_v4' or 'Standard_NC48ads_A100_v4' or 'Standard_NC96ads_A100_v4'? Else state its GPUs: gpu={'product': …, 'count': …, 'memory_mib': …}, as in the labels of its nodes
  node_pool.selector.kaito.sh/workspace: 'kaito.sh/workspace' is KAITO's own: its provisioner deletes pools that carry it, and selectors drop it; expected a label of your own [KS208]
    fix: choose another key""",
            id="pool with unknown keys, wrong size, reserved label",
        ),
        pytest.param(
            {
                "preset": "llama-3.3-70b-instruct",
                "access_secret": "hf-token",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}, "max_count": 1},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool: 3 nodes are needed, the pool has at most 1; KAITO admits it and waits indefinitely; expected a pool of 3 or more nodes [KS202]
    fix: give it 3 nodes, or a bigger size""",
            id="pool that is too small",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "instance_type": "p5.48xlarge", "provisioner": "azure-gpu-provisioner"},
            """\
KaitoWorkspace 'chat': 1 problem
  provisioner: 'azure-gpu-provisioner' with a size of aws; expected karpenter [KS105]
    fix: provisioner='karpenter'""",
            id="provisioner of another cloud",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "provisioner": "byo"},
            """\
KaitoWorkspace 'chat': 1 problem
  provisioner: 'byo' without node_pool; expected node_pool with the labels of the nodes [KS105]
    fix: give node_pool""",
            id="byo without a pool",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "provisioner": "karpenter",
            },
            """\
KaitoWorkspace 'chat': 1 problem
  provisioner: 'karpenter' together with node_pool; expected byo, which a node pool implies [KS105]
    fix: leave provisioner out""",
            id="provisioner together with a pool",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "node_selector": {"kaito.sh/workspace": "chat"}},
            """\
KaitoWorkspace 'chat': 2 problems
  node_selector: nothing but labels of KAITO's own (kaito.sh/workspace); expected a label of your own [KS312]
  warning: node_selector.kaito.sh/workspace: a label of KAITO's own: it is ignored; expected a label of your own [KS208]""",
            id="reserved label alone",
        ),
        pytest.param(
            {"preset": "phi-4-mini-instruct", "partition": {"mode": "mig", "profile": "2g.24gb"}},
            """\
KaitoWorkspace 'chat': 1 problem
  partition: with provisioner azure-gpu-provisioner; expected own nodes (nodeProvisioner byo) [KS218]
    fix: give node_pool""",
            id="partition on provisioned nodes",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "mig", "profile": "2g.25gb"},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.profile: '2g.25gb' is not a MIG profile of KAITO; expected a MIG profile such as 2g.24gb [KS218]
    fix: did you mean '2g.45gb' or '2g.35gb' or '2g.24gb'?""",
            id="MIG profile that does not exist",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "mig"},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.profile: missing; expected a MIG profile such as 2g.24gb [KS218]""",
            id="MIG without profile",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "mig", "profile": "2g.24gb", "count": 1},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.count: 1 with mode mig; expected no count [KS218]
    fix: leave count out""",
            id="MIG with a count",
        ),
        pytest.param(
            {
                "preset": "phi-4",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "mig", "profile": "1g.10gb"},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  node_pool: phi-4 needs 31.9 GiB (weights 27.9), the MIG slice 1g.10gb has 10 GiB, 8.4 of them usable, and slices cannot be joined: KAITO admits it and never gets ready; expected a size that holds the model [KS202]
    fix: see `kaito-iac fit phi-4`""",
            id="MIG slice that is too small",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "accelerator"},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.count: missing; expected the number of whole GPUs [KS218]
    fix: give partition.count""",
            id="accelerators without count",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "accelerator", "profile": "2g.24gb", "count": 2},
            },
            """\
KaitoWorkspace 'chat': 2 problems
  partition.count: 2; expected at most 1, the GPUs of Standard_NC24ads_A100_v4 [KS218]
  partition.profile: '2g.24gb' with mode accelerator; expected no profile [KS218]
    fix: leave profile out""",
            id="accelerators with a profile and more than the node has",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.mode: missing; expected mig or accelerator [KS102]
    fix: give partition.mode""",
            id="partition without a mode",
        ),
        pytest.param(
            {
                "preset": "phi-4-mini-instruct",
                "node_pool": {"instance_type": "Standard_NC24ads_A100_v4", "selector": {"apps": "gpu"}},
                "partition": {"mode": "migs"},
            },
            """\
KaitoWorkspace 'chat': 1 problem
  partition.mode: 'migs'; expected mig or accelerator [KS102]
    fix: partition.mode='mig'""",
            id="partition mode that does not exist",
        ),
    ],
)
def test_nodes_that_cannot_serve(refusal, args, said):
    """A place where KAITO would refuse, never start or never find the nodes is refused before anything is created."""
    assert refusal("KaitoWorkspace", "chat", args) == said

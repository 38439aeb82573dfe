# ruff: noqa: E501 -- messages are whole lines
"""How a Workspace is replaced: under blueGreen its name changes exactly when something does that KAITO does not let change."""

from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kaito_iac as kaito
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"
ON_A100 = {"preset": "phi-4-mini-instruct", "instance_type": A100, "replacement": "blueGreen"}
PODS = {"spec": {"containers": [{"name": "a", "image": "b", "resources": {"limits": {"nvidia.com/gpu": 1}}}]}}
H100 = "Standard_NC40ads_H100_v5"


def pool(most: int | None = None, size: str = A100) -> dict[str, Any]:
    return {"instance_type": size, "selector": {"apps": "gpu"}, **({"max_count": most} if most else {})}


def made(args: dict[str, Any]) -> tuple[str, str]:
    """Return the name of the Workspace, and of its ConfigMap."""
    found = record(lambda: kaito.KaitoWorkspace("chat", args))
    config = [one.inputs["metadata"]["name"] for one in found.resources if one.name == "chat-config"]
    return found.by_name("chat-workspace").inputs["metadata"]["name"], "".join(config)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"preset": "phi-4"}, id="preset"),
        pytest.param({"instance_type": "Standard_NC40ads_H100_v5"}, id="VM size"),
        pytest.param({"node_selector": {"team": "a"}}, id="labels of the nodes"),
        pytest.param({"access_secret": "hf-token"}, id="token, which is in the preset"),
        pytest.param({"instance_type": None, "node_pool": pool(9)}, id="nodes that exist"),
        pytest.param({"preset": None, "template": PODS}, id="a pod template instead"),
        pytest.param({"preset": None, "template": PODS, "count": 2}, id="count of a pod template"),
        pytest.param(
            {
                "preset": "qwen3.5-2b",
                "instance_type": None,
                "node_pool": pool(9, H100),
                "partition": {"mode": "mig", "profile": "2g.24gb"},
            },
            id="part of a node",
        ),
        pytest.param({"annotations": {"kaito.sh/model-streaming": "true"}}, id="annotation that KAITO keeps"),
    ],
)
def test_name_changes(change):
    """A change that replaces a Workspace gives it another name of the same form."""
    before, after = made(ON_A100)[0], made({**ON_A100, **change})[0]
    assert after != before
    assert [len(after), after[:5]] == [len("chat-") + 6, "chat-"]


@pytest.mark.parametrize(
    ("args", "change"),
    [
        pytest.param(
            {**ON_A100, "preset": "llama-3.3-70b-instruct", "access_secret": "hf"}, {"context": 131072}, id="a longer context"
        ),
        pytest.param({**ON_A100, "preset": "phi-4", "runtime": "transformers"}, {"count": 2}, id="count"),
    ],
)
def test_name_changes_with_the_nodes(args, change):
    """Another plan of nodes is another name: KAITO counts once."""
    assert made(args)[0] != made({**args, **change})[0]


@settings(deadline=None, max_examples=50)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "context": st.sampled_from([2048, 8192]),
            "vllm": st.sampled_from([{"max-num-seqs": 8}, {"enforce-eager": True}]),
            "adapters": st.just([{"name": "law", "image": "example.com/law:1"}]),
            "labels": st.dictionaries(st.sampled_from(["team", "tier"]), st.sampled_from(["a", "b"])),
            "annotations": st.dictionaries(st.sampled_from(["owner", "note"]), st.sampled_from(["a", "b"])),
            "namespace": st.sampled_from(["models", "default"]),
            "location": st.sampled_from(["eastus", "westeurope"]),
            "performance_mode": st.just("throughput"),
            "benchmark": st.booleans(),
            "timeout_minutes": st.integers(60, 120),
            "max_nodes": st.integers(1, 9),
            "provisioner": st.just("karpenter"),
            "access_secret": st.none(),
        },
    )
)
def test_name_stays(change):
    """Whatever KAITO takes in place leaves the name as it is."""
    assert made({**ON_A100, **change})[0] == made(ON_A100)[0] == "chat-9c7b20"


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(["hf", "token"]), st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), min_size=1))
def test_an_output_names_as_its_value_does(secret, labels):
    """A token or label that comes as an Output gives the name that the plain value gives."""
    plain = {**ON_A100, "access_secret": secret, "node_selector": labels}
    late = {**plain, "access_secret": pulumi.Output.from_input(secret)}
    later = {**plain, "node_selector": {key: pulumi.Output.from_input(value) for key, value in labels.items()}}
    assert made(plain)[0] == _made_late(late) == _made_late(later)


def _made_late(args: dict[str, Any]) -> str:
    found = record(lambda: kaito.KaitoWorkspace("chat", args), preview=False)
    return str(found.by_name("chat-workspace").inputs["metadata"]["name"])


def test_config_map_follows_its_content_alone():
    """Generations with one engine configuration share its ConfigMap, whose name has no suffix of theirs."""
    before, after = (made({**ON_A100, "context": 8192, "preset": preset}) for preset in ("phi-4-mini-instruct", "phi-4"))
    assert before[0] != after[0]
    assert before[1] == after[1] == made({**ON_A100, "context": 8192, "replacement": "recreate"})[1]


@pytest.mark.parametrize("longest", [47, 48], ids=["as long as it may be", "a character more"])
def test_names_fit(longest, refusal):
    """A name of 47 characters becomes one of 54, KAITO's limit; a longer one is refused with a shorter one."""
    name = "c" * longest
    if longest == 47:
        assert len(made({**ON_A100, "name": name})[0]) == 54
        return
    assert (
        refusal("KaitoWorkspace", "chat", {**ON_A100, "name": name})
        == f"""\
KaitoWorkspace 'chat': 1 problem
  name: '{name}'; expected lower-case letters, digits and '-', a letter first, at most 47 characters [KS104]
    fix: name='{"c" * 47}'"""
    )


def test_recreate_is_what_it_was():
    """recreate says the default: the same name, and the old Workspace goes first."""
    plain = {key: value for key, value in ON_A100.items() if key != "replacement"}
    for args in (plain, {**plain, "replacement": "recreate"}):
        found = record(lambda args=args: kaito.KaitoWorkspace("chat", args)).by_name("chat-workspace")
        assert (found.inputs["metadata"]["name"], found.options.delete_before_replace) == ("chat", True)


ROOM = "expected a pool of {} or more nodes [KS276]"
PART = {"preset": "qwen3.5-2b", "replacement": "blueGreen", "partition": {"mode": "mig", "profile": "2g.24gb"}}
SHARED = {"preset": "phi-4", "replacement": "blueGreen", "partition": {"mode": "accelerator", "count": 2}}
TWO_NODES = {"preset": None, "template": PODS, "count": 2, "instance_type": None}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ON_A100,
            f"replacement: blueGreen holds 1 x {A100} (24 vCPUs) a second time while a replacement starts; expected quota for both [KS278]",
            id="nodes that KAITO creates",
        ),
        pytest.param(
            {**ON_A100, "wait": False, "instance_type": None, "node_pool": pool(2)},
            """\
replacement: blueGreen with wait false: the old one is deleted as soon as the new one is created, before it answers; expected wait, or a ReadinessGate [KS277]
  fix: leave wait out; with a ReadinessGate behind it all is well""",
            id="no one waits",
        ),
        pytest.param({**ON_A100, "instance_type": None, "node_pool": pool(2)}, "", id="a pool with room for both"),
        pytest.param(
            {**ON_A100, "instance_type": None, "node_pool": pool()},
            f"""\
node_pool: 2 nodes are needed while blueGreen replaces it, and the node count of the pool is not stated; {ROOM.format(2)}
  fix: max_count=2 or more on the pool, if that is so""",
            id="a pool no one counted",
        ),
        pytest.param(
            {**ON_A100, **TWO_NODES, "node_pool": pool(3)},
            f"""\
node_pool: at most 3 nodes: under blueGreen the new one waits indefinitely where the old one has as many; {ROOM.format(4)}
  fix: a pool with 4 nodes, or replacement='recreate'""",
            id="room for a smaller one alone",
        ),
    ],
)
def test_remarks(args, said, remarks):
    """What blueGreen takes is reported: nodes twice, a wait, a pool with room."""
    assert remarks("KaitoWorkspace", "chat", args) == said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {**ON_A100, "instance_type": None, "node_pool": pool(1)},
            f"""\
  node_pool: at most 1 node: under blueGreen the new one would wait indefinitely for those of the old one; {ROOM.format(2)}
    fix: a pool with 2 nodes, or replacement='recreate'""",
            id="a pool of one node",
        ),
        pytest.param(
            {**SHARED, "node_pool": pool(1, "Standard_NC96ads_A100_v4"), "partition": {"mode": "accelerator", "count": 3}},
            f"""\
  info: partition: refused unless the operator runs with the gate enableAccelerator, which is off by default [KO402]
    fix: featureGates.enableAccelerator=true in KAITO's chart
  node_pool: at most 1 node: under blueGreen the new one would wait indefinitely for those of the old one; {ROOM.format(2)}
    fix: a pool with 2 nodes, or replacement='recreate'""",
            id="three of four GPUs twice",
        ),
        pytest.param(
            {**ON_A100, "replacement": "rolling"},
            "  replacement: 'rolling'; expected recreate or blueGreen [KS102]",
            id="another word",
        ),
        pytest.param(
            {**ON_A100, "replacement": pulumi.Output.from_input("blueGreen")},
            """\
  replacement: an Output; expected a plain value: recreate or blueGreen [KS103]
    fix: give a plain value: it decides which resources exist, or how many, before anything is created""",
            id="known later",
        ),
    ],
)
def test_refusals(args, said, refusal):
    """A pool that can never hold both generations is refused, and so is what is no way to replace."""
    count = said.count("[K")
    assert refusal("KaitoWorkspace", "chat", args) == f"KaitoWorkspace 'chat': {count} problem{'s' * (count > 1)}\n{said}"


@pytest.mark.parametrize("args", [PART, SHARED], ids=["MIG slices", "two of four GPUs"])
def test_parts_share_a_node(args, remarks):
    """Two generations of a part of a node fit on one node with room for both: nothing but the gate is reported."""
    size = "Standard_NC40ads_H100_v5" if args is PART else "Standard_NC96ads_A100_v4"
    assert "KS276" not in remarks("KaitoWorkspace", "chat", {**args, "node_pool": pool(1, size)})

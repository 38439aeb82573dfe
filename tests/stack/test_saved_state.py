"""What a saved state holds: the same as the program that made it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kaito_iac as kaito
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.resource import Resource, Secret, Stack, reveal
from kaito_iac.stack.saved_state import load_state, plain, read_state
from kaito_iac.testing import record
from kaito_iac.testing_stacks import LOST, masks

MARK = "4dabf18193072939515e22adb298388d"
SECRET = {MARK: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:mKdr1EO6lMUjNBZ6:00ilDEZ91mXba9LDaPzdTSinhL5V"}
HIDDEN = Unknown("a secret")
A100 = "Standard_NC24ads_A100_v4"
POOL = "azure-native:containerservice:AgentPool"


def urn(name, token=POOL):
    return f"urn:pulumi:dev::shop::{token}::{name}"


def exported(*resources, version=3, **more):
    return json.dumps({"version": version, "deployment": {"manifest": {}, "resources": list(resources), **more}})


def saved(name="gpu", token=POOL, inputs=None, **more):
    found = {"urn": urn(name, token), "custom": True, "type": token, "inputs": {"vmSize": A100} if inputs is None else inputs}
    return {**found, **more}


def gpus(state):
    return [found.gpus for found in demands(state.resources)]


def test_resources():
    """Components and resources are kept with their inputs; providers and what only Pulumi knows are left out."""
    team = "kaito-iac:index:Team"
    stack = {"urn": urn("shop-dev", "pulumi:pulumi:Stack"), "custom": False, "type": "pulumi:pulumi:Stack"}
    provider = saved("default", "pulumi:providers:kubernetes")
    around = saved("t", team, {"labels": {"team": "search"}, "hidden": SECRET}, custom=False, parent=stack["urn"])
    inner = {**saved(parent=around["urn"], outputs={"vmSize": "other"}), "urn": f"urn:pulumi:dev::shop::{team}${POOL}::gpu"}
    state = read_state(exported(stack, provider, around, inner))
    assert state == Stack(
        (
            Resource(stack["urn"], "pulumi:pulumi:Stack", "shop-dev", None, {}, custom=False),
            Resource(
                urn=around["urn"],
                type=team,
                name="t",
                parent=stack["urn"],
                inputs={"labels": {"team": "search"}, "hidden": HIDDEN},
                custom=False,
            ),
            Resource(inner["urn"], POOL, "gpu", around["urn"], {"vmSize": A100}, outputs={"vmSize": A100}),
        ),
        (),
    )
    assert [(found.component, found.team, found.gpus) for found in demands(state.resources)] == [("t", "search", Range(1, 1, 1))]


def test_checkpoint():
    """A checkpoint of a file backend is read like an export; a stack that was never updated holds nothing."""
    checkpoint = {"version": 3, "checkpoint": {"stack": "dev", "latest": {"resources": [saved()]}}}
    assert read_state(json.dumps(checkpoint)) == read_state(exported(saved()))
    assert read_state(json.dumps({"version": 3, "deployment": {"manifest": {}}})) == Stack((), ())


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(SECRET, HIDDEN, id="a secret"),
        pytest.param({**SECRET, "plaintext": '"abc"'}, HIDDEN, id="a secret in clear text is not read either"),
        pytest.param({MARK: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}, Unknown("an asset"), id="an asset"),
        pytest.param({MARK: "0def7320c3a5731c473e5ecbe6d01bc7", "path": "."}, Unknown("an archive"), id="an archive"),
        pytest.param(
            {MARK: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x"}, Unknown("a reference to a resource"), id="a reference"
        ),
        pytest.param({MARK: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": {"a": 1}}, {"a": 1}, id="an output that is known"),
        pytest.param(
            {MARK: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, Unknown("known only after the update"), id="an output that is not"
        ),
        pytest.param({MARK: "1"}, Unknown("a value of an unknown kind"), id="another mark"),
        pytest.param({MARK: [1]}, Unknown("a value of an unknown kind"), id="a mark that is none"),
        pytest.param(
            ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"], [Unknown("known only after the update")], id="what stands for the unknown"
        ),
        pytest.param({"a": [1, None, {"b": SECRET}]}, {"a": [1, None, {"b": HIDDEN}]}, id="inside"),
    ],
)
def test_values(value, read):
    """Values are plain data; what is secret, an asset or not known is Unknown, with the reason."""
    assert plain(value) == read


def test_looked_up():
    """What the stack only looks up is not created by it."""
    assert gpus(read_state(exported(saved(external=True)))) == []


def test_waiting_for_deletion():
    """A replaced pool that waits for its deletion exists, and is counted until it is gone; its successor stands for the name."""
    state = read_state(exported(saved(delete=True, inputs={"vmSize": A100, "count": 2}), saved()))
    assert gpus(state) == [Range(1, 1, 1), Range(2, 2, 2)]
    told = "replaced, and waits for its deletion: counted, as it exists until then"
    assert [(found.headline, found.severity) for found in state.problems] == [(f"gpu: {told} [KQ152]", "warning")]


def test_interrupted():
    """A resource whose creation was interrupted may exist, and is counted; other interrupted operations change nothing."""
    operations = [{"resource": saved("new"), "type": "creating"}, {"resource": saved(), "type": "updating"}]
    operations.append({"resource": saved(), "type": "creating"})
    state = read_state(exported(saved(), pending_operations=operations))
    assert [found.name for found in state.resources] == ["gpu", "new"]
    told = "an update was interrupted while creating it: counted, as it may exist"
    assert [(found.headline, found.severity) for found in state.problems] == [(f"new: {told} [KQ153]", "warning")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "state: no JSON: Expecting value: line 1 column 1 (char 0); expected {} [KQ150]", id="nothing"),
        pytest.param("[]", "state: neither a deployment nor a checkpoint; expected {} [KQ150]", id="a list"),
        pytest.param("{}", "state: neither a deployment nor a checkpoint; expected {} [KQ150]", id="another document"),
        pytest.param(exported(version=1), "state: version: 1; expected 3 or 4 [KQ150]", id="an old version"),
        pytest.param(
            json.dumps({"version": 4, "features": ["hooks", "warp"], "deployment": {"manifest": {}}}),
            'state: features: "warp", which this release cannot read; expected features of byteString, '
            "extensionParameterization, hooks, refreshBeforeUpdate, replaceWith, snippets-prototype, taint, views [KQ150]",
            id="a feature that does not exist",
        ),
        pytest.param(exported(version=None), "state: version: null; expected 3 or 4 [KQ150]", id="no version"),
        pytest.param(
            '{"version": 3, "deployment": {"resources": {}}}', "state: resources: a dict; expected a list [KQ151]", id="no list"
        ),
        pytest.param(exported(3), "state: resources[0]: a resource without a URN; expected a resource [KQ151]", id="a number"),
        pytest.param(
            exported({"urn": "gpu"}), "state: resources[0]: a resource without a URN; expected a resource [KQ151]", id="no URN"
        ),
        pytest.param(
            exported(saved(inputs=[])),
            "state: resources[0].inputs: inputs are no mapping but a list; expected a mapping [KQ151]",
            id="inputs of a wrong type",
        ),
        pytest.param(
            exported(saved(inputs=SECRET)), "state: resources[0].inputs: a secret; expected a mapping [KQ151]", id="secret inputs"
        ),
        pytest.param(
            exported(pending_operations=[{"type": "creating"}]),
            "state: pending_operations[0].resource: a resource without a URN; expected a resource [KQ151]",
            id="an operation on nothing",
        ),
    ],
)
def test_unreadable(text, said):
    """What cannot be read is a problem; a resource whose inputs cannot be read holds an unknown number of GPUs."""
    state = read_state(text)
    assert [found.headline for found in state.problems] == [said.replace("{}", "what `pulumi stack export` writes")]
    assert all(isinstance(found, Unknown) for found in gpus(state))
    assert {found.fix for found in state.problems} == {"pulumi stack export --file state.json"}


def test_files(tmp_path):
    """A file is read by its path; one that is not there, or no text, is a problem under its name."""
    path = tmp_path / "state.json"
    assert [found.headline.partition(";")[0] for found in load_state(path).problems] == ["state.json: No such file or directory"]
    path.write_bytes(b"\xff\xfe")
    assert [found.code for found in load_state(path).problems] == ["KQ150"]
    path.write_text(exported(saved()))
    assert load_state(path) == read_state(exported(saved()))


def test_nested_too_deep():
    """Values nested without end are unreadable, not an end of everything."""
    deep = exported(saved(inputs={"tags": 0})).replace('"tags": 0', '"tags": ' + "[" * 900 + "]" * 900)
    for text in (deep, "[" * 200_000):
        state = read_state(text)
        assert all(found.code in ("KQ150", "KQ151") for found in state.problems)
        assert len(state.resources) + len(state.problems) > 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from((MARK, urn("gpu"), POOL, A100)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("urn", "type", "inputs", "parent", "vmSize", "count", "delete", "external", "resource", MARK)),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(resources=JSON | st.lists(JSON), operations=JSON, version=st.sampled_from((3, 4, 2, None)))
def test_anything_is_read(resources, operations, version):
    """Whatever a state holds, reading it gives resources or problems, and demand answers; nothing raises."""
    document = {"version": version, "deployment": {"resources": resources, "pending_operations": operations}}
    demands(read_state(json.dumps(document)).resources)


@given(text=st.text())
def test_any_text_is_read(text):
    """A text that is no state is a problem."""
    assert read_state(text).problems


def as_state(value):
    """A value as the engine writes it."""
    if value is LOST or isinstance(value, Secret | Unknown):
        return SECRET
    if isinstance(value, dict):
        return {key: as_state(part) for key, part in value.items()}
    return [as_state(part) for part in value] if isinstance(value, list | tuple) else value


def hidden(value):
    """A value with a secret in every place where nothing is known."""
    if isinstance(value, Secret | Unknown):
        return HIDDEN
    if isinstance(value, dict):
        return {key: hidden(part) for key, part in value.items()}
    return [hidden(part) for part in value] if isinstance(value, list | tuple) else value


def test_a_stack_and_its_export_hold_the_same():
    """Two thousand random stacks, some of their values secret: what they hold is what their exports hold."""
    for _, stack in masks(2_000, 11, each=1):
        whole = [replace(fact, inputs=hidden(fact.inputs), urn=urn(fact.name, fact.type)) for fact in stack]
        names = {fact.urn: found.urn for fact, found in zip(stack, whole, strict=True)}
        known = [replace(found, parent=names.get(found.parent or "")) for found in whole]
        state = read_state(
            exported(
                *(
                    {
                        "urn": found.urn,
                        "type": found.type,
                        "parent": found.parent,
                        "inputs": as_state(found.inputs),
                        "custom": True,
                    }
                    for found in known
                )
            )
        )
        assert demands(state.resources) == demands(known)


CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"


def _pool_and_chat():
    pool = kaito.GpuNodePool(
        "a100", {"cluster_id": CLUSTER, "instance_type": A100, "max_count": 2, "location": "eastus", "tags": {"team": "ads"}}
    )
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "node_pool": pool})


def _created():
    kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "instance_type": A100, "location": "eastus"})
    kaito.KaitoInferenceSet(
        "set", {"preset": "phi-4", "instance_type": A100, "location": "eastus", "autoscale": {"max_count": 3}}
    )


@pytest.mark.parametrize("program", [pytest.param(_pool_and_chat, id="a pool"), pytest.param(_created, id="nodes KAITO makes")])
def test_a_program_and_its_export_hold_the_same(program):
    """What a recorded program holds is what the state holds that it leaves behind."""
    recording = record(program)
    entries = [
        {"urn": found.urn, "type": found.type, "parent": found.parent, "inputs": as_state(found.inputs)}
        for found in recording.resources
    ]
    planned = demands(
        [Resource(found.urn, found.type, found.name, found.parent, reveal(found.inputs)) for found in recording.resources]
    )
    assert demands(read_state(exported(*entries)).resources) == planned
    assert len(planned) == 2

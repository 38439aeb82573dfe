"""Stacks that an earlier version made are kept: nothing is deleted, renamed, replaced or moved to another provider unasked."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAVED = sorted(HERE.glob("*/*.json"))

CHANGED = {}
"""(version, program, resource) to the sentence of CHANGELOG.md that tells it, and how to keep the resource."""

FORCES = {
    "kubernetes:": ("apiVersion", "kind", "metadata.name", "metadata.namespace"),
    "kubernetes:core/v1:PersistentVolumeClaim": ("spec.storageClassName", "spec.accessModes", "spec.volumeName"),
    "kubernetes:storage.k8s.io/v1:StorageClass": ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    "kubernetes:helm.sh/v3:Release": ("name", "namespace"),
    "azure-native:": ("location", "resourceGroupName", "resourceName"),
    "azure-native:containerservice:AgentPool": ("agentPoolName", "vmSize", "gpuInstanceProfile", "osDiskType", "osDiskSizeGB"),
    "azure-native:containerservice:ManagedCluster": (
        "dnsPrefix",
        "networkProfile.networkPlugin",
        "networkProfile.networkDataplane",
    ),
    "azure-native:authorization:RoleAssignment": ("principalId", "roleDefinitionId", "scope"),
}
"""Start of a type to the inputs whose change makes the provider replace the resource, by the providers' schemas."""


def recorder():
    spec = importlib.util.spec_from_file_location("record_states", ROOT / "tools" / "record_states.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDER = recorder()
PROGRAMS = {name: (name, *rest) for name, *rest in RECORDER.programs()}


def at(value, path):
    """Return the value at a path such as `a.b["c"]`; `[*]` stands for the whole list."""
    for step in re.findall(r'\["([^"]+)"\]|([^.\[\]"*]+)', path.partition("[*]")[0]):
        value = value.get(step[0] or step[1]) if isinstance(value, dict) else None
    return value


def losses(before, now):
    """Say of every resource of a state what the next update would do to it beyond an update in place."""
    found = {}
    present = {resource["urn"]: resource for resource in now}
    former = {alias: resource for resource in now for alias in resource.get("aliases", ())}
    for old in before:
        if old["type"] == "pulumi:pulumi:Stack":
            continue
        new = present.get(old["urn"]) or former.get(old["urn"])
        name = old["urn"].rpartition("::")[2]
        if new is None:
            found[name] = "deleted or renamed"
        elif place(old) != place(new):
            found[name] = f"moved from provider {place(old) or 'default'} to {place(new) or 'default'}"
        elif old.get("custom") and (
            forced := [path for path in paths(new) if at(old["inputs"], path) != at(new["inputs"], path)]
        ):
            found[name] = f"replaced by {', '.join(forced)}"
    return found


def place(resource):
    return resource.get("provider", "").rpartition("::")[0]


def paths(resource):
    fixed = [path for start, those in FORCES.items() if resource["type"].startswith(start) for path in those]
    return [*fixed, *resource.get("replaceOnChanges", ())]


def resources(text):
    return json.loads(text)["deployment"]["resources"]


@pytest.mark.parametrize("file", SAVED, ids=lambda file: f"{file.stem} of {file.parent.name}")
def test_a_saved_stack_is_kept(file):
    """What an earlier version registered is registered again, under its name, type and provider, without a replacement."""
    version, program = file.parent.name, file.stem
    now = resources(RECORDER.state(*PROGRAMS[program]))
    unasked = {
        name: loss for name, loss in losses(resources(file.read_text()), now).items() if (version, program, name) not in CHANGED
    }
    assert unasked == {}


def test_every_program_has_a_state():
    """Every version recorded every stack and example there was; a program that is gone would delete what it made."""
    assert {file.stem for file in SAVED} <= set(PROGRAMS)
    assert len(SAVED) >= 38


def test_the_changelog_tells_every_exception():
    """Every listed exception is a sentence of the changelog."""
    text = " ".join((ROOT / "CHANGELOG.md").read_text().split())
    assert [told for told in CHANGED.values() if told not in text] == []


STATE = [
    {"urn": "u::a::x::pool", "type": "azure-native:containerservice:AgentPool", "custom": True, "inputs": {"vmSize": "A"}},
    {
        "urn": "u::a::x::chat",
        "type": "kubernetes:kaito.sh/v1beta1:Workspace",
        "custom": True,
        "provider": "p::k::1",
        "inputs": {},
    },
]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({}, {}, id="unchanged"),
        pytest.param({"urn": "u::a::x::other"}, {"pool": "deleted or renamed"}, id="renamed"),
        pytest.param({"urn": "u::a::x::other", "aliases": ["u::a::x::pool"]}, {}, id="renamed with an alias"),
        pytest.param({"inputs": {"vmSize": "B"}}, {"pool": "replaced by vmSize"}, id="another size"),
        pytest.param({"provider": "p::k::1"}, {"pool": "moved from provider default to p::k"}, id="another provider"),
        pytest.param({"inputs": {"vmSize": "A", "count": 2}}, {}, id="an update in place"),
        pytest.param(
            {"inputs": {"vmSize": "A", "x": {"y/z": 1}}, "replaceOnChanges": ['x["y/z"]']},
            {"pool": 'replaced by x["y/z"]'},
            id="a property that the component replaces on",
        ),
    ],
)
def test_losses_are_seen(change, said):
    """A deletion, a rename, a move and a replacement are each found; an update in place is none of them."""
    assert losses(STATE, [{**STATE[0], **change}, STATE[1]]) == said

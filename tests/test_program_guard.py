"""The guard in a program: what goes over is refused before it is registered, all problems at once."""

import json
from datetime import date

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.request import Program
from kaito_iac.testing import record

SIZE = "Standard_NC24ads_A100_v4"
FEWER = "use fewer or smaller nodes"
CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c"
KNOWN = "expected a number the budget can count"


def chat(name="chat", **more):
    kaito.KaitoWorkspace(name, {"preset": "phi-4-mini-instruct", "instance_type": SIZE, "location": "eastus", **more})


def raw_pool(name="raw", **more):
    """A pool of azure-native itself, in the spelling of its Python SDK."""
    from pulumi_azure_native import containerservice

    terms = {"resource_group_name": "g", "resource_name_": "c", "vm_size": SIZE, "count": 1, **more}
    containerservice.AgentPool(name, **terms)


def raw_cluster():
    """A cluster with a GPU pool inside, written with the classes of the SDK."""
    from pulumi_azure_native import containerservice

    pool = containerservice.ManagedClusterAgentPoolProfileArgs(
        name="gpu", vm_size=SIZE, enable_auto_scaling=True, min_count=0, max_count=3, scale_set_priority=spot(containerservice)
    )
    containerservice.ManagedCluster("aks", resource_group_name="g", location="East US", agent_pool_profiles=[pool])


def karpenter():
    """A Karpenter pool that may create nodes of two sizes."""
    needs = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [SIZE, "Standard_NV36ads_A10_v5"]}]
    spec = {"template": {"spec": {"requirements": needs}}, "limits": {"nvidia.com/gpu": "8"}}
    pulumi.CustomResource("kubernetes:karpenter.sh/v1:NodePool", "karpenter", {"metadata": {"name": "k"}, "spec": spec})


def spot(containerservice):
    return containerservice.ScaleSetPriority.SPOT


def raw_workspace(name="raw"):
    fields = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    kaito.Workspace(name, metadata={"name": name, "namespace": "rag"}, **fields)


def untyped_workspace():
    """A KAITO object as a plain resource of another program's own class."""
    fields = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", "plain", {"metadata": {"name": "plain"}, **fields})


def autoscaled():
    kaito.KaitoInferenceSet(
        "set",
        {
            "preset": "phi-4-mini-instruct",
            "instance_type": SIZE,
            "location": "eastus",
            "autoscale": {"max_count": 3},
            "context": 4096,
        },
    )


def roles():
    size = {"instance_type": SIZE}
    kaito.KaitoMultiRoleInference("roles", {"preset": "phi-4", "location": "eastus", "prefill": size, "decode": size})


def pool():
    kaito.GpuNodePool("pool", {"cluster_id": CLUSTER, "instance_type": SIZE, "max_count": 3, "location": "eastus"})


def machine():
    """A machine that is created one by one."""
    pulumi.CustomResource("aws:ec2/instance:Instance", "box", {"instanceType": "g5.xlarge"})


def listed():
    """Two Workspaces inside a list."""
    fields = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:WorkspaceList", "many", {"items": [fields, fields]})


def patched():
    pulumi.CustomResource("kubernetes:karpenter.sh/v1:NodePoolPatch", "more", {"spec": {"limits": {"nvidia.com/gpu": "16"}}})


def tried(*steps, **limits):
    """Return what a program says that calls the guard first, and what was registered of it."""

    def program():
        kaito.guard(**limits)
        for step in steps:
            step()

    recording = record(program, allow_error=True)
    said = recording.error.cause if recording.error else None
    assert said is None or isinstance(said, SpecError)
    return str(said) if said else "", [resource.name for resource in recording.resources[1:]]


@pytest.mark.parametrize(
    ("steps", "limits", "said", "registered"),
    [
        pytest.param([chat], {"gpus": 1}, "", ["chat", "chat-workspace"], id="exactly the budget"),
        pytest.param(
            [chat, lambda: chat("more")],
            {"gpus": 1},
            "Workspace 'more-workspace': 1 problem\n  stack: 2 GPUs (chat 1, more 1); expected at most 1 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["chat", "chat-workspace", "more"],
            id="one above: the Workspace is never registered, its component costs nothing",
        ),
        pytest.param(
            [machine],
            {"gpus": 0},
            f"Instance 'box': 1 problem\n  stack: 1 GPU (box 1); expected at most 0 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            [],
            id="machines one by one",
        ),
        pytest.param(
            [patched, listed],
            {"gpus": 16},
            f"Workspace 'many': 1 problem\n  stack: 18 GPUs (more 16, many 2); expected at most 16 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["more"],
            id="a patch of what is in the cluster, and a list",
        ),
        pytest.param(
            [lambda: chat(context=8192)],
            {"gpus": 1},
            "",
            ["chat", "chat-config", "chat-workspace"],
            id="context in a ConfigMap",
        ),
        pytest.param(
            [autoscaled],
            {"gpus": 2, "gpus_by_product": {"A100": 2}, "usd_per_month": 3000},
            "InferenceSet 'set-inferenceset': 3 problems\n"
            f"  stack: 3 GPUs (set 3); expected at most 2 [KQ101]\n    fix: {FEWER}, or raise maxGpus of gpu-budget\n"
            "  stack: 3 A100 GPUs (set 3); expected at most 2 [KQ105]\n"
            f"    fix: {FEWER}, use another product, or raise maxGpus of gpu-products\n"
            "  stack: 8,043.87 USD a month (set 8,043.87); expected at most 3,000 [KQ110]\n"
            f"    fix: {FEWER}, use spot nodes, or raise maxUsdPerMonth of stack-cost",
            ["set", "set-config"],
            id="every limit at once, a set at its maximum",
        ),
        pytest.param(
            [roles],
            {"gpus": 1},
            "MultiRoleInference 'roles-multiroleinference': 1 problem\n  stack: 2 GPUs (roles 2); expected at most 1 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["roles", "roles-prefill-config", "roles-decode-config"],
            id="roles together",
        ),
        pytest.param(
            [pool],
            {"gpus": 2},
            "AgentPool 'pool-nodes': 1 problem\n  stack: 3 GPUs (pool 3); expected at most 2 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["pool"],
            id="a pool of ours",
        ),
        pytest.param(
            [lambda: raw_pool(enable_auto_scaling=True, min_count=0, max_count=3)],
            {"gpus": 2},
            "AgentPool 'raw': 1 problem\n  stack: 3 GPUs (raw 3); expected at most 2 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            [],
            id="a pool of azure-native",
        ),
        pytest.param(
            [raw_cluster],
            {"gpus": 2},
            "ManagedCluster 'aks': 1 problem\n  stack: 3 GPUs (aks 3); expected at most 2 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            [],
            id="a pool inside a cluster of azure-native",
        ),
        pytest.param(
            [karpenter],
            {"gpus": 7},
            "NodePool 'karpenter': 1 problem\n  stack: 8 GPUs (karpenter 8); expected at most 7 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            [],
            id="a pool of Karpenter at its limit",
        ),
        pytest.param(
            [raw_workspace, untyped_workspace],
            {"gpus": 1},
            "Workspace 'plain': 1 problem\n  stack: 2 GPUs (plain 1, raw 1); expected at most 1 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["raw"],
            id="KAITO objects without a component",
        ),
        pytest.param(
            [lambda: raw_pool(count=pulumi.Output.from_input(1))],
            {"gpus": 2},
            f"AgentPool 'raw': 1 problem\n  raw: GPU count unknown (set by an output); {KNOWN} [KQ101]",
            [],
            id="a number that only the update knows",
        ),
        pytest.param(
            [lambda: raw_pool(count=pulumi.Output.from_input(1)), lambda: raw_pool("b", count=3)],
            {"gpus": 2, "on_unknown": "warn"},
            "AgentPool 'b': 1 problem\n  stack: 3 GPUs (b 3); expected at most 2 [KQ101]"
            f"\n    fix: {FEWER}, or raise maxGpus of gpu-budget",
            ["raw"],
            id="let through on purpose, the rest is still counted",
        ),
        pytest.param(
            [lambda: raw_pool(vm_size="Standard_D4s_v5", count=50)], {"gpus": 0, "usd_per_month": 0}, "", ["raw"], id="no GPUs"
        ),
    ],
)
def test_guard(steps, limits, said, registered):
    """A resource is refused when it and all before it go over; what is refused is never registered."""
    found, names = tried(*steps, **limits)
    assert found == said
    assert set(names) <= set(registered)  # an error may overtake what is still on its way to the engine
    if not said:
        assert sorted(names) == sorted(registered)


NOT_SOLD = f"""\
date: {date.today()}
subscriptions:
  s:
    regions:
      eastus: {{families: {{StandardNCADSA100v4Family: {{limit: 96}}}}, sizes: {{Standard_NC40ads_H100_v5: []}}}}
"""


def quota_file(limit=48, budgets=""):
    limits = f"{{family: StandardNCADSA100v4Family, region: eastus, limit: {limit}}}"
    return f"date: {date.today()}\nlimits: [{limits}]\n{budgets}"


@pytest.mark.parametrize(
    ("text", "steps", "said"),
    [
        pytest.param(quota_file(), [chat, lambda: chat("b")], "", id="exactly the quota"),
        pytest.param(
            quota_file(47),
            [chat, lambda: chat("b")],
            "Workspace 'b-workspace': 1 problem\n  StandardNCADSA100v4Family in eastus: 48 vCPUs (b 24, chat 24); "
            f"expected at most 47 (47 less 0 used) [KQ102]\n    fix: {FEWER}, or ask for quota",
            id="over quota",
        ),
        pytest.param(
            quota_file(budgets="budgets: {teams: {search: {gpus: 0}}, namespaces: {rag: {gpus: 0}}}"),
            [lambda: chat(namespace="rag", labels={"team": "search"})],
            "Workspace 'chat-workspace': 2 problems\n"
            "  team search: 1 GPU (chat 1); expected at most 0 [KQ107]\n"
            "    fix: hold less, or raise the budget of the team in quota.yaml\n"
            "  namespace rag: 1 GPU (chat 1); expected at most 0 [KQ108]\n"
            "    fix: hold less, or raise the budget of the namespace in quota.yaml",
            id="over the budgets of a team and a namespace",
        ),
        pytest.param(
            NOT_SOLD,
            [lambda: kaito.GpuNodePool("gpu", {"cluster_id": CLUSTER, "instance_type": SIZE, "location": "eastus"})],
            "AgentPool 'gpu-nodes': 1 problem\n"
            f"  gpu: {SIZE} cannot be ordered in eastus (not listed); expected a size that is available in its region [KS281]\n"
            "    fix: nearest: Standard_NC40ads_H100_v5 in eastus",
            id="a pool of a size that cannot be ordered",
        ),
    ],
)
def test_guard_by_a_quota_file(tmp_path, monkeypatch, text, steps, said):
    """A quota file beside the program limits vCPUs, teams and namespaces."""
    (tmp_path / "quota.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert tried(*steps, quota_file="quota.yaml")[0] == said


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        pytest.param(
            {},
            "guard: 1 problem\n  guard: no limit is given; expected gpus, gpus_by_product, usd_per_month or quota_file [KS102]"
            "\n    fix: correct the arguments of kaito_iac.guard",
            id="nothing to guard",
        ),
        pytest.param(
            {"gpus": "8", "quota_file": "none.yaml", "ledger": ["plans"], "on_unknown": "warn"},
            "guard: 3 problems\n"
            "  gpus: '8'; expected a whole number [KQ101]\n    fix: correct the arguments of kaito_iac.guard\n"
            "  none.yaml: No such file or directory; expected a readable quota file [KQ103]\n"
            "    fix: name the file, or write one: kaito-iac quota fetch --subscription ID --region REGION\n"
            "  plans: No such file or directory; expected a readable plan [KQ112]\n"
            "    fix: write it again with `kaito-iac plan --json`",
            id="a wrong type, and files that are not there",
        ),
        pytest.param(
            {"gpus_by_product": {"A100": -1}, "usd_per_month": -2},
            "guard: 2 problems\n"
            "  gpus_by_product.A100: -1; expected at least 0 [KQ105]\n    fix: correct the arguments of kaito_iac.guard\n"
            "  usd_per_month: -2; expected at least 0 [KQ110]\n    fix: correct the arguments of kaito_iac.guard",
            id="amounts below nothing",
        ),
    ],
)
def test_a_guard_that_cannot_work(limits, said):
    """A guard that cannot work refuses the program at once, with all problems."""
    assert tried(chat, **limits) == (said, [])


def test_other_resources_are_left_alone():
    """Without any GPU the guard changes nothing of what is registered."""

    def program():
        parent = pulumi.ComponentResource("a:b:C", "c")
        pulumi.CustomResource("random:index/randomId:RandomId", "d", {"x": 1}, pulumi.ResourceOptions(parent=parent))

    def guarded():
        kaito.guard(gpus=0)
        program()

    assert record(guarded).resources == record(program).resources


def test_a_plan_tells_everything_that_is_refused(tmp_path):
    """A plan goes on after a refusal: every resource that does not fit into what is left is reported, ours or not."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi, kaito_iac as kaito\n"
        "kaito.guard(gpus=1)\n"
        f"size = {{'instance_type': '{SIZE}', 'location': 'eastus'}}\n"
        "for name in ('a', 'b', 'c'):\n"
        "    kaito.KaitoWorkspace(name, {'preset': 'phi-4-mini-instruct', **size})\n"
        f"pulumi.CustomResource('azure-native:containerservice:AgentPool', 'raw', {{'vmSize': '{SIZE}', 'count': 5}})\n"
    )
    assert [problem.headline for problem in make_plan(Program(tmp_path)).problems if problem.severity == "error"] == [
        "Workspace 'b-workspace': stack: 2 GPUs (a 1, b 1); expected at most 1 [KQ101]",
        "Workspace 'c-workspace': stack: 2 GPUs (a 1, c 1); expected at most 1 [KQ101]",
        "AgentPool 'raw': stack: 6 GPUs (raw 5, a 1); expected at most 1 [KQ101]",
    ]


def test_spot_and_regular_nodes_of_one_size_count_together():
    """A budget of GPUs counts spot and regular nodes of one size together, a quota of vCPUs apart."""

    def regular():
        raw_pool("regular", count=2)

    def cheap():
        raw_pool("cheap", count=2, scale_set_priority="Spot")

    said, registered = tried(regular, cheap, gpus=3)
    assert said.splitlines()[1] == "  stack: 4 GPUs (cheap 2, regular 2); expected at most 3 [KQ101]"
    assert registered == ["regular"]
    assert tried(regular, cheap, gpus=4) == ("", ["regular", "cheap"])


@pytest.mark.parametrize(
    ("many", "few", "family"),
    [
        pytest.param("Regular", "Spot", "lowPriorityCores", id="spot runs out"),
        pytest.param("Spot", "Regular", "StandardNCADSA100v4Family", id="regular runs out"),
    ],
)
def test_plenty_of_one_priority_hides_no_lack_of_the_other(many, few, family, tmp_path):
    """Nodes of one size count against the quota of their own priority, whichever was registered first."""
    limits = {name: {"limit": 48 if name == family else 480} for name in ("StandardNCADSA100v4Family", "lowPriorityCores")}
    quota = {"date": date.today().isoformat(), "subscriptions": {"s": {"regions": {"eastus": {"families": limits}}}}}
    file = tmp_path / "quota.yaml"
    file.write_text(json.dumps(quota))

    def pools(*names):
        return [lambda name=name: raw_pool(name, count=1, scale_set_priority=name.partition("-")[0]) for name in names]

    within = [f"{few}-0", f"{few}-1", f"{many}-0", f"{many}-1"]
    assert tried(*pools(*within), quota_file=str(file), region="eastus") == ("", within)
    said, registered = tried(*pools(*within, f"{few}-2"), quota_file=str(file), region="eastus")
    holders = ", ".join(f"{few}-{index} 24" for index in range(3))
    assert said.splitlines()[1] == f"  {family} in eastus: 72 vCPUs ({holders}); expected at most 48 (48 less 0 used) [KQ102]"
    assert registered == within


def test_a_quota_file_without_a_name(tmp_path, monkeypatch):
    """An empty path, as an unset variable leaves it, is refused and never taken for no quota file."""
    monkeypatch.chdir(tmp_path)
    assert tried(chat, quota_file="")[0].splitlines()[1].endswith("Is a directory; expected a readable quota file [KQ103]")


def scaled_set(name="set", replicas=1):
    fields = {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
    spec = {"replicas": replicas, "template": fields}
    metadata = {"name": name, "namespace": "chat"}
    pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:InferenceSet", name, {"metadata": metadata, "spec": spec})


def keda(name="set", most=50):
    spec = {"scaleTargetRef": {"kind": "InferenceSet", "name": name}, "maxReplicaCount": most}
    metadata = {"name": f"{name}-scaler", "namespace": "chat"}
    pulumi.CustomResource("kubernetes:keda.sh/v1alpha1:ScaledObject", f"{name}-scaler", {"metadata": metadata, "spec": spec})


def hpa(name="set", most=50):
    target = {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "name": name}
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": most}
    metadata = {"name": f"{name}-scaler", "namespace": "chat"}
    kind = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
    pulumi.CustomResource(kind, f"{name}-scaler", {"metadata": metadata, "spec": spec})


def chart(name="serving"):
    pulumi.CustomResource("kubernetes:helm.sh/v3:Release", name, {"chart": "vllm", "namespace": "chat"})


def refused_by(*steps, **limits):
    """Say what a guard refuses of a program, and which resource it was."""
    said = []

    def program():
        kaito.guard(**limits)
        for step in steps:
            try:
                step()
            except SpecError as error:
                said.append((str(error).partition("\n")[0].partition(":")[0], *(one.headline for one in error.problems)))

    record(program)
    return said


@pytest.mark.parametrize("scaler", [keda, hpa])
@pytest.mark.parametrize("later", [False, True], ids=["before what it scales", "after what it scales"])
def test_autoscaler_at_its_maximum(scaler, later):
    """The guard counts what an autoscaler allows at most, whichever of the two is registered first."""
    steps = (scaled_set, scaler) if later else (scaler, scaled_set)
    found = refused_by(*steps, gpus=8)
    assert [problems for _, *problems in found] == [["stack: 50 GPUs (set 50); expected at most 8 [KQ101]"]]
    assert refused_by(*steps, gpus=50) == []


def test_autoscaler_counts_once():
    """What an autoscaler raises takes the place of what was counted before it; one of another object raises nothing."""

    def other():
        keda("other", 50)

    def few():
        keda("set", 4)

    def second():
        scaled_set("second")

    assert refused_by(scaled_set, other, few, second, gpus=5) == []
    found = refused_by(scaled_set, other, few, second, gpus=4)
    assert [problems for _, *problems in found] == [["stack: 5 GPUs (set 4, second 1); expected at most 4 [KQ101]"]]


@pytest.mark.parametrize(("on_unknown", "refused"), [("deny", True), ("warn-unread", False), ("warn", False)])
def test_chart(on_unknown, refused):
    """A chart may hold GPUs that no one counts: refused, unless that is left to a warning."""
    reason = "what kubernetes:helm.sh/v3:Release installs is not seen"
    said = [[f"serving: GPU count unknown ({reason}); {KNOWN} [KQ101]"]] if refused else []
    assert [problems for _, *problems in refused_by(chart, gpus=8, on_unknown=on_unknown)] == said


def own_namespace(**more):
    """Two workloads in the namespace of a team, each given as the output of its KaitoNamespace."""
    team = kaito.KaitoNamespace("search", **more)
    for name in ("chat", "again"):
        chat(name, namespace=team.namespace)


TEAMS = {"date": "2026-11-20", "budgets": {"teams": {"search": {"gpus": 1}}}}
SPACES = {"date": "2026-11-20", "budgets": {"namespaces": {"search": {"gpus": 1}}}}
LOWER = "fix: hold less, or raise the budget of the"


@pytest.mark.parametrize(
    ("quota", "more", "told"),
    [
        pytest.param(
            TEAMS,
            {"team": "search"},
            "team search: 2 GPUs (again 1, chat 1); expected at most 1 [KQ107]\n    " + LOWER + " team in quota.json",
            id="team",
        ),
        pytest.param(TEAMS, {"team": "games"}, None, id="another team"),
        pytest.param(
            SPACES,
            {},
            "namespace search: 2 GPUs (again 1, chat 1); expected at most 1 [KQ108]\n    " + LOWER + " namespace in quota.json",
            id="namespace",
        ),
    ],
)
def test_namespaces_of_components_are_known(quota, more, told, tmp_path):
    """The guard knows the namespace that a KaitoNamespace hands on; a file of budgets alone limits no family."""
    (tmp_path / "quota.json").write_text(json.dumps(quota))

    def program():
        kaito.guard(quota_file=tmp_path / "quota.json")
        own_namespace(**more)

    error = record(program, allow_error=True).error
    assert (error.message if error else None) == (
        f"Workspace 'again-workspace': 1 problem\n  {told}".replace("in quota.json", f"in {tmp_path / 'quota.json'}")
        if told
        else None
    )


class Template(pulumi.CustomResource):
    """A launch template, as an SDK registers it."""

    def __init__(self):
        inputs = {"instanceType": "p5.48xlarge", "name": None, "latestVersion": None}
        super().__init__("aws:ec2/launchTemplate:LaunchTemplate", "big", inputs)


def group():
    """A group of up to four machines with eight GPUs each, by the outputs of its launch template."""
    template = Template()
    launch = {"id": template.id, "version": template.__dict__["latestVersion"].apply(str)}
    pulumi.CustomResource("aws:autoscaling/group:Group", "nodes", {"minSize": 1, "maxSize": 4, "launchTemplate": launch})


def grow():
    inputs = {"autoscalingGroupName": "nodes", "maxSize": 10}
    pulumi.CustomResource("aws:autoscaling/schedule:Schedule", "grow", inputs)


def test_group_of_a_launch_template():
    """The guard counts a group as the plan does: by its launch template, and by schedules that are registered later."""
    assert tried(group, gpus=32)[0] == ""
    said, _ = tried(group, gpus=31)
    assert said.splitlines()[:2] == [
        "AutoScalingGroup 'nodes': 1 problem",
        "  stack: 32 GPUs (nodes 32); expected at most 31 [KQ101]",
    ]
    said, _ = tried(group, grow, gpus=79)
    assert said.splitlines()[:2] == ["Schedule 'grow': 1 problem", "  stack: 80 GPUs (nodes 80); expected at most 79 [KQ101]"]
    assert tried(group, grow, gpus=80)[0] == ""


VMSS = {"sku": {"name": "Standard_ND96isr_H100_v5", "capacity": 0}}


def scale_set():
    pulumi.CustomResource("azure-native:compute:VirtualMachineScaleSet", "nodes", VMSS)


def node_group():
    scaling = {"minSize": 0, "maxSize": 1, "desiredSize": 0}
    pulumi.CustomResource("aws:eks/nodeGroup:NodeGroup", "nodes", {"instanceTypes": ["p5.48xlarge"], "scalingConfig": scaling})


def grow_it():
    inputs = {"autoscalingGroupName": pulumi.Output.from_input("x"), "maxSize": 10}
    pulumi.CustomResource("aws:autoscaling/schedule:Schedule", "grow", inputs)


def autoscale():
    pulumi.CustomResource("azure:monitoring/autoscaleSetting:AutoscaleSetting", "grow", {"profiles": []})


def mutate():
    rules = [{"name": "more", "mutate": {"patchStrategicMerge": {"spec": {"replicas": 50}}}}]
    pulumi.CustomResource("kubernetes:kyverno.io/v1:ClusterPolicy", "more", {"spec": {"rules": rules}})


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        pytest.param([scale_set], "", id="a scale set of no machines"),
        pytest.param([scale_set, autoscale], "an AutoscaleSetting of the stack may scale it", id="scaled later"),
        pytest.param([autoscale, scale_set], "an AutoscaleSetting of the stack may scale it", id="scaled before"),
        pytest.param([node_group], "", id="a node group of one machine"),
        pytest.param([node_group, grow_it], "stack: 80 GPUs (nodes 80); expected at most 8", id="scheduled later"),
        pytest.param([grow_it, node_group], "stack: 80 GPUs (nodes 80); expected at most 8", id="scheduled before"),
        pytest.param([mutate], "its rules make or change what creates nodes", id="a policy that changes others"),
    ],
)
def test_what_raises_groups(programs, told):
    """The guard counts what scales a group, whatever the order of registration, and rules that change others, as a plan does."""
    said, _ = tried(*programs, gpus=8)
    assert told in said
    assert bool(told) is bool(said)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {"gpus_by_product": {}}, "gpus_by_product: no product; expected a limit by product [KS102]", id="no product"
        ),
        pytest.param(
            {"gpus": 8, "ledger": ["plans"]},
            "ledger: without quota_file; expected the limits that the plans are held against [KS102]",
            id="plans without a quota file",
        ),
        pytest.param(
            {"gpus": 8, "ledger": "plans"}, "ledger: 'plans'; expected a list of files and folders [KS102]", id="one text"
        ),
    ],
)
def test_arguments_that_limit_nothing(given, told):
    """An argument that switches nothing on is refused where the guard is called, before anything is registered."""
    said, _ = tried(**given)
    assert told in said

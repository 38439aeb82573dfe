"""KO406: production does not run on nodes that the cloud takes back."""

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.production_spot import RULE
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")


def thing(kind, inputs, stack="prod"):
    return Resource(f"urn:pulumi:{stack}::shop::{kind}::a", kind, "a", None, inputs)


def pool(priority, stack="prod", **inputs):
    return thing("azure-native:containerservice:AgentPool", {"scaleSetPriority": priority, **inputs}, stack)


def cluster(*priorities):
    profiles = [{"name": f"p{index}", "scaleSetPriority": priority} for index, priority in enumerate(priorities)]
    return thing("azure-native:containerservice/v20250101:ManagedCluster", {"agentPoolProfiles": profiles})


def karpenter(operator, *values, key="karpenter.sh/capacity-type", stack="prod", labels=None):
    spec = {"template": {"spec": {"requirements": [{"key": key, "operator": operator, "values": list(values)}]}}}
    return thing("kubernetes:karpenter.sh/v1:NodePool", {"metadata": {"labels": labels}, "spec": spec}, stack)


@pytest.mark.parametrize(
    ("resources", "settings", "said"),
    [
        pytest.param(pool(None), {}, [], id="regular capacity"),
        pytest.param(pool("Regular"), {}, [], id="regular capacity in words"),
        pytest.param(
            pool("Spot"),
            {},
            [
                "scaleSetPriority: spot capacity in production; expected regular capacity [KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="spot in production",
        ),
        pytest.param(pool("Spot", "dev"), {}, [], id="spot elsewhere"),
        pytest.param(pool("Spot", "preprod"), {}, [], id="a name that only ends alike"),
        pytest.param(
            pool("Spot", "live"),
            {"stacks": "^(prod|live)$"},
            [
                "scaleSetPriority: spot capacity in production; expected regular capacity [KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="production by another name",
        ),
        pytest.param(
            pool("Spot", "dev", tags={"environment": "production"}),
            {},
            [
                "scaleSetPriority: spot capacity in production; expected regular capacity [KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="production by its tag",
        ),
        pytest.param(pool("Spot", "dev", tags={"environment": "production"}), {"tagValues": ""}, [], id="tags do not count"),
        pytest.param(pool("Spot"), {"stacks": "", "tagValues": ""}, [], id="nothing is production"),
        pytest.param(
            cluster("Regular", "Spot"),
            {},
            [
                "agentPoolProfiles[1].scaleSetPriority: spot capacity in production; expected regular capacity "
                "[KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="a pool inside a cluster",
        ),
        pytest.param(karpenter("In", "on-demand"), {}, [], id="Karpenter on demand"),
        pytest.param(
            karpenter("In", "spot", "on-demand"),
            {},
            [
                "spec.template.spec.requirements[0]: spot capacity in production; expected regular capacity "
                "[KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="Karpenter may take spot",
        ),
        pytest.param(karpenter("NotIn", "spot"), {}, [], id="Karpenter must not"),
        pytest.param(
            karpenter("Exists"),
            {},
            [
                "spec.template.spec.requirements[0]: spot capacity in production; expected regular capacity "
                "[KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="Karpenter takes whatever there is",
        ),
        pytest.param(karpenter("In", "spot", key="zone"), {}, [], id="another requirement"),
        pytest.param(
            karpenter("In", "spot", stack="dev", labels={"environment": "prod"}),
            {},
            [
                "spec.template.spec.requirements[0]: spot capacity in production; expected regular capacity "
                "[KO406]"
                "\n  fix: use regular capacity, or move it out of production"
            ],
            id="production by its label",
        ),
        pytest.param(
            pool(LATER),
            {},
            ["scaleSetPriority: unknown (set by an output); expected regular capacity [KO406]"],
            id="a priority that is not known",
        ),
        pytest.param(pool(LATER), {"onUnknown": "warn"}, [], id="left to unknown-values"),
        pytest.param(
            pool("Spot", "dev", tags=LATER),
            {},
            ["scaleSetPriority: unknown (set by an output); expected regular capacity [KO406]"],
            id="tags that are not known",
        ),
        pytest.param(pool(None, "dev", tags=LATER), {}, [], id="tags that do not matter"),
        pytest.param(
            karpenter("In", LATER),
            {},
            ["spec.template.spec.requirements[0]: unknown (set by an output); expected regular capacity [KO406]"],
            id="capacities that are not known",
        ),
        pytest.param(
            karpenter(LATER, "on-demand"),
            {},
            ["spec.template.spec.requirements[0]: unknown (set by an output); expected regular capacity [KO406]"],
            id="an operator that is not known",
        ),
        pytest.param(
            pool(1),
            {},
            ["scaleSetPriority: unknown (scaleSetPriority is a number, not a text); expected regular capacity [KO406]"],
            id="a number for the priority",
        ),
        pytest.param(
            pool("Spot"),
            {"stacks": "("},
            ["production-spot.stacks: '('; expected a regular expression [KO406]\n  fix: correct the policy configuration"],
            id="a pattern that is none",
        ),
    ],
)
def test_production_spot(told, resources, settings, said):
    """Production, by the stack's name or a tag, gets regular capacity alone."""
    assert told(RULE, [resources], settings) == said

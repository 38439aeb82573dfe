"""A value that is not known yet never lets a stack pass that would be stopped if it were known."""

import random
from datetime import date

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.rules.gpu_quota import RULES
from kaito_iac.rules.rule import StackFacts, StackRule
from kaito_iac.stack.resource import Resource

LATER = Unknown("set by an output")
SIZES = ("Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5", "Standard_D4s_v5", "Standard_ND_of_tomorrow")
QUOTA = """\
date: 2026-06-30
subscriptions:
  research:
    regions:
      eastus:
        families:
          StandardNCADSA100v4Family: {limit: 48}
          StandardNVADSA10v5Family: {limit: 72}
          lowPriorityCores: {limit: 48}
          cores: {limit: 96}
budgets:
  teams:
    search: {namespaces: [chat], gpus: 1, gpusByProduct: {A100: 1}, usdPerMonth: 6000}
  namespaces:
    chat: {gpus: 2, vcpusByFamily: {StandardNCADSA100v4Family: 24}}
"""
FILE = {"quotaFile": "quota.yaml"}
SETTINGS = {
    "gpu-budget": {"maxGpus": 3},
    "vcpu-quota": FILE,
    "quota-age": FILE,
    "unknown-demand": {},
    "unread-resources": {},
    "gpu-products": {"maxGpus": {"A100": 2}},
    "team-budget": FILE,
    "namespace-budget": FILE,
    "autoscaler-maximum": {"maxTimesMin": 2, "maxNodes": 3},
    "stack-cost": {"maxUsdPerMonth": 9000},
    "resource-cap": {"maxGpus": 2, "maxUsdPerMonth": 7000, "deniedSizes": ["Standard_NV36ads_A10_v5"]},
    "ledger-age": {},
    "declared-demand": {},
    "waivers": {},
}
STACKS, MASKS = 500, 20


def pool(pick):
    found = {"vmSize": pick.choice(SIZES), "count": pick.randint(0, 3), "location": pick.choice(("eastus", "East US"))}
    if pick.random() < 0.4:
        found |= {"enableAutoScaling": True, "minCount": pick.randint(0, 2), "maxCount": pick.randint(2, 5)}
    if pick.random() < 0.3:
        found["scaleSetPriority"] = pick.choice(("Spot", "Regular"))
    if pick.random() < 0.5:
        found["tags"] = {"team": pick.choice(("search", "ads"))}
    if pick.random() < 0.8:
        found["nodeLabels"] = {"pool": pick.choice(("gpu", "big"))}
    return "azure-native:containerservice:AgentPool", {**found, "agentPoolName": pick.choice(("gpu", "big"))}


def workspace(pick):
    label = {pick.choice(("pool", "agentpool")): pick.choice(("gpu", "big"))}
    byo = pick.random() < 0.6
    place = {"labelSelector": {"matchLabels": label}} if byo else {"instanceType": pick.choice(SIZES[:2])}
    labels = {"labels": {"team": "search"}} if pick.random() < 0.3 else {}
    inputs = {
        "metadata": {"name": "w", "namespace": pick.choice(("chat", "rag")), **labels},
        "resource": {**place, "count": 1},
        "inference": {"preset": {"name": "phi-4-mini-instruct"}},
    }
    return "kubernetes:kaito.sh/v1beta1:Workspace", inputs


def facts(stack):
    kinds = enumerate(stack)
    return [
        Resource(f"urn:pulumi:dev::shop::{kind}::r{index}", kind, f"r{index}", None, inputs) for index, (kind, inputs) in kinds
    ]


def masked(value, pick, share):
    """Return a value in which any part may be unknown, or the whole of it."""
    if pick.random() < share:
        return LATER
    return {key: masked(inner, pick, share) for key, inner in value.items()} if isinstance(value, dict) else value


def stopping(stack, folder):
    """Return the rules that have something against a stack."""
    resources = facts(stack)
    seen = StackFacts.of(resources, date(2026, 6, 30), folder)
    found = set()
    for rule in RULES:
        asked = [seen] if isinstance(rule, StackRule) else [one for one in resources if rule.concerns(one.type)]
        if any(next(rule.judge(one, SETTINGS[rule.name]), None) for one in asked):
            found.add(rule.name)
    return found


@pytest.mark.parametrize("part", range(10))
def test_no_mask_opens_a_rule(tmp_path, part):
    """Of 10,000 stacks with any part unknown, none passes a rule that stops it when everything is known."""
    (tmp_path / "quota.yaml").write_text(QUOTA)
    pick = random.Random(part)
    stopped = set()
    for _ in range(STACKS // 10):
        stack = [pick.choice((pool, workspace))(pick) for _ in range(pick.randint(1, 5))]
        full = stopping(stack, tmp_path)
        stopped |= full
        for _ in range(MASKS):
            share = pick.choice((0.05, 0.2, 0.6))
            hidden = [(kind, masked(inputs, pick, share)) for kind, inputs in stack]
            assert full - stopping(hidden, tmp_path) == set(), (stack, hidden)
    assert stopped == set(SETTINGS) - {"quota-age", "ledger-age", "unread-resources", "declared-demand", "waivers"}

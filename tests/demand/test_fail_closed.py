"""Fail closed: whichever values of a stack get lost, nothing it holds becomes a smaller number that counts as known."""

from collections.abc import Callable, Hashable

import pytest

from kaito_iac.demand.demand import Demand, with_gpus
from kaito_iac.demand.range import Range
from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.testing_stacks import masks

MASKS = 10_000
SHARES: dict[str, Callable[[Demand], Range | Unknown]] = {
    "GPUs": lambda demand: demand.gpus,
    "vCPUs": lambda demand: demand.vcpus,
    "USD": lambda demand: demand.usd_per_month,
}
KEYS: dict[str, Callable[[Demand], Hashable]] = {
    "stack": lambda demand: "stack",
    "product": lambda demand: demand.gpu_model,
    "family": lambda demand: demand.family,
    "region": lambda demand: demand.region,
    "namespace": lambda demand: demand.namespace,
    "team": lambda demand: demand.team,
}


def held(found: list[Demand], key: Callable[[Demand], Hashable], share: Callable[[Demand], Range | Unknown]):
    """The most of everything by key, and whether something is not known of what or how much it is."""
    sums: dict[Hashable, float] = {}
    open_end = False
    for demand in found:
        name, value = key(demand), share(demand)
        if isinstance(name, Unknown) or isinstance(value, Unknown):
            open_end = True
        else:
            sums[name] = sums.get(name, 0) + value.high
    return sums, open_end


def bought(stack) -> list[Demand]:
    return [demand for demand in with_gpus(demands(stack, region="eastus")) if demand.bought]


def used(stack) -> list[Demand]:
    """What workloads use, on nodes of their own or of others."""
    return [
        demand for demand in demands(stack) if demand.kind in ("Workspace", "InferenceSet", "Deployment", "MultiRoleInference")
    ]


def smaller(full: list[Demand], part: list[Demand], keys, shares) -> list[tuple]:
    """Every total by a key that has become smaller, with nothing beside it that is not known."""
    found = []
    for by, key in keys.items():
        for what, share in shares.items():
            before, (after, open_end) = held(full, key, share)[0], held(part, key, share)
            if not open_end and any(after.get(name, 0) < most for name, most in before.items()):
                found.append((what, by, before, after))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_total_gets_smaller(seed):
    """A total by stack, product, family, region, namespace or team is at least as high as with all values known, or open."""
    seen, wrong = None, []
    for known, masked in masks(MASKS // 4, seed):
        if known is not seen:
            seen, full = known, (bought(known), used(known))
        wrong += smaller(full[0], bought(masked), KEYS, SHARES)
        wrong += smaller(full[1], used(masked), {by: KEYS[by] for by in ("stack", "namespace", "team")}, {"GPUs": SHARES["GPUs"]})
    assert wrong[:1] == [], f"{len(wrong)} totals"


@pytest.mark.parametrize("seed", [5, 6, 7, 8])
def test_no_resource_gets_smaller(seed):
    """Every resource by itself holds at least as much, or an unknown number; whose and what it is stays, or becomes unknown."""
    seen, wrong = None, []
    for known, masked in masks(MASKS // 4, seed):
        if known is not seen:
            seen, full = known, by_resource(demands(known, region="eastus"))
        part = by_resource(demands(masked, region="eastus"))
        for urn, before in full.items():
            after = part.get(urn, [])
            wrong += smaller(only_bought(before), only_bought(after), {urn: lambda _: 0}, SHARES)
            if len(after) == len(before):  # a pool that is lost is one demand at most, so none can stand for another
                pairs = [
                    (getattr(one, name), getattr(two, name)) for one, two in zip(before, after, strict=True) for name in WORDS
                ]
                wrong += [
                    (urn, one, two)
                    for one, two in pairs
                    if two != one and not isinstance(one, Unknown) and not isinstance(two, Unknown)
                ]
    assert wrong[:1] == [], f"{len(wrong)} resources"


def only_bought(found: list[Demand]) -> list[Demand]:
    return [demand for demand in with_gpus(found) if demand.bought]


WORDS = ("gpu_model", "family", "region", "namespace", "team", "spot")


def by_resource(found: tuple[Demand, ...]) -> dict[str, list[Demand]]:
    groups: dict[str, list[Demand]] = {}
    for demand in found:
        groups.setdefault(demand.urn, []).append(demand)
    return groups


def test_enough_of_it_is_seen():
    """Of the stacks the laws are tried on, many stay wholly known with a value lost, so that numbers are compared."""
    compared = 0
    for known, masked in masks(1_000, 1):
        before, after = held(bought(known), KEYS["stack"], SHARES["GPUs"]), held(bought(masked), KEYS["stack"], SHARES["GPUs"])
        compared += not before[1] and not after[1] and any(before[0].values())
    assert compared > 300


def test_a_careless_reader_is_caught():
    """A reader that takes what is not known for nothing at all breaks the law within a hundred masks."""
    careless = {"GPUs": lambda demand: Range.exactly(0) if isinstance(demand.gpus, Unknown) else demand.gpus}
    assert any(smaller(bought(known), bought(masked), {"stack": KEYS["stack"]}, careless) for known, masked in masks(100, 1))

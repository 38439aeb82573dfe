"""Random stacks and the values they lose: what laws about the unknown are tried on."""

from random import Random

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.testing_stacks import LOST, lost, masks, random_stack


def count(value) -> int:
    """How often something is lost inside a value."""
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    return sum(map(count, value)) if isinstance(value, list) else int(value is LOST)


def test_same_seed_same_stacks():
    """A seed names a series: it can be had again, and another one differs."""
    assert list(masks(50, 1)) == list(masks(50, 1))
    assert list(masks(50, 1)) != list(masks(50, 2))


def test_masks_of_one_stack():
    """So many masks in a row are of one stack, in which every value is known."""
    pairs = list(masks(6, 1, each=3))
    assert [pairs[0][0] is known for known, _ in pairs] == [True, True, True, False, False, False]
    assert sum(count(fact.inputs) for known, _ in pairs for fact in known) == 0


def test_what_is_lost():
    """One to six values are lost, and nothing else is changed: neither order, nor names, nor the stack itself."""
    random = Random(3)
    stack = random_stack(random)
    before = repr(stack)
    seen = set()
    for _ in range(200):
        masked = lost(random, stack)
        assert [(fact.urn, fact.type, fact.name, fact.parent) for fact in masked] == [
            (fact.urn, fact.type, fact.name, fact.parent) for fact in stack
        ]
        seen.add(sum(count(fact.inputs) for fact in masked))
    assert seen == {1, 2, 3, 4, 5, 6}
    assert repr(stack) == before


def test_kinds():
    """The stacks hold every kind of demand."""
    kinds = {demand.kind for known, _ in masks(2_000, 1) for demand in demands(known)}
    clusters = {"AgentPool", "ManagedCluster", "NodeGroup", "NodePool"}
    assert kinds == clusters | {"Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "Deployment", "ScaledObject"}
    assert Unknown("set by an output") == LOST

"""What the policy SDK shows of a stack holds what the stack holds: floats, proxies, unknowns and secrets change nothing."""

from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from google.protobuf import json_format, struct_pb2

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.analyzer import shown_resources
from kaito_iac.stack.resource import Resource
from kaito_iac.testing_stacks import LOST, masks

pytest.importorskip("pulumi_policy")
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
OPTIONS = SimpleNamespace(protect=False, custom_timeouts=SimpleNamespace(create_seconds=0.0), additional_secret_outputs=[])


def sent(value, random: Random):
    """A value as the engine sends it: what is not known as a text that stands for it, some of the rest as secrets."""
    if value is LOST:
        told = UNKNOWN_TEXT
    elif isinstance(value, dict):
        told = {key: sent(part, random) for key, part in value.items()}
    else:
        told = [sent(part, random) for part in value] if isinstance(value, list) else value
    return {**SECRET, "value": told} if random.random() < 0.1 else told


def shown(stack: list[Resource], random: Random) -> list[SimpleNamespace]:
    """Resources as the SDK hands them to a stack policy, through a protobuf Struct, its deserializer and its proxies."""
    from pulumi_policy.deserialize import deserialize_properties
    from pulumi_policy.proxy import unknown_checking_proxy

    found: dict[str, SimpleNamespace] = {}
    for fact in stack:
        struct = struct_pb2.Struct()
        struct.update({key: sent(part, random) for key, part in fact.inputs.items()})
        props = unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(struct)))
        found[fact.urn] = SimpleNamespace(
            urn=fact.urn, resource_type=fact.type, name=fact.name, parent=None, props=props, opts=OPTIONS
        )
    for fact in stack:
        found[fact.urn].parent = found.get(fact.parent or "")
    return list(found.values())


def later(value):
    """A value with what the SDK says in the place of what is lost."""
    if value is LOST:
        return Unknown("known only after the update")
    if isinstance(value, dict):
        return {key: later(part) for key, part in value.items()}
    return [later(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", [1, 2])
def test_demand_through_the_sdk(seed):
    """Five hundred random stacks with lost values and secrets: the same demand, seen through the SDK and directly."""
    random = Random(seed)
    for _, stack in masks(500, seed, each=1):
        readable = [fact for fact in stack if isinstance(fact.inputs, dict)]
        known = [replace(fact, inputs=later(fact.inputs)) for fact in readable]
        assert demands(shown_resources(shown(readable, random))) == demands(known)

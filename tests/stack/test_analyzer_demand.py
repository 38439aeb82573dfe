"""What the engine sends of a stack holds what the stack holds: floats, unknowns and secrets change nothing."""

from dataclasses import replace
from random import Random

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from kaito_iac.demand.stack import demands
from kaito_iac.problem import Unknown
from kaito_iac.stack.analyzer import shown_resources
from kaito_iac.stack.resource import Resource
from kaito_iac.testing_stacks import LOST, masks

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def sent(value, random: Random):
    """A value as the engine sends it: what is not known as a text that stands for it, some of the rest as secrets."""
    if value is LOST:
        told = UNKNOWN_TEXT
    elif isinstance(value, dict):
        told = {key: sent(part, random) for key, part in value.items()}
    else:
        told = [sent(part, random) for part in value] if isinstance(value, list) else value
    return {**SECRET, "value": told} if random.random() < 0.1 else told


def shown(stack: list[Resource], random: Random) -> list[analyzer_pb2.AnalyzerResource]:
    """Resources as the engine sends them to a pack."""
    found = []
    for fact in stack:
        struct = struct_pb2.Struct()
        struct.update({key: sent(part, random) for key, part in fact.inputs.items()})
        found.append(
            analyzer_pb2.AnalyzerResource(
                urn=fact.urn, type=fact.type, name=fact.name, parent=fact.parent or "", properties=struct
            )
        )
    return found


def later(value):
    """A value with what a pack sees in the place of what is lost."""
    if value is LOST:
        return Unknown("known only after the update")
    if isinstance(value, dict):
        return {key: later(part) for key, part in value.items()}
    return [later(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", [1, 2])
def test_demand_through_the_engine(seed):
    """Five hundred random stacks with lost values and secrets: the same demand, seen through the engine and directly."""
    random = Random(seed)
    for _, stack in masks(500, seed, each=1):
        readable = [fact for fact in stack if isinstance(fact.inputs, dict)]
        known = [replace(fact, inputs=later(fact.inputs)) for fact in readable]
        assert demands(shown_resources(shown(readable, random))) == demands(known)

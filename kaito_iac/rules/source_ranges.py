"""KN302: a public load balancer lets in only the ranges that are named."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.exposure import SERVICE, annotated, is_public
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.reading import entries, field
from kaito_iac.stack.resource import Resource
from kaito_iac.validation import Whole

_ANNOTATION: Final = "service.beta.kubernetes.io/load-balancer-source-ranges"
_PATH: Final = "spec.loadBalancerSourceRanges"


class Config(Watchful):
    """Settings of the rule."""

    min_prefix: Whole = Field(
        8, ge=0, le=32, description="Shortest prefix of an IPv4 range; a wider range counts as open to everyone."
    )
    min_prefix_v6: Whole = Field(32, ge=0, le=128, description="Shortest prefix of an IPv6 range.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge the ranges of every Service with a public address."""
    public = is_public(fact)
    if public is False:
        return
    ranges = _ranges(fact)
    if isinstance(ranges, Unknown):
        yield from config.unread("KN302", _PATH, ranges, "ranges that are known")
    elif not ranges:
        if isinstance(public, Unknown):
            yield from config.unread("KN302", "spec.type", public, "no public address, or ranges that may reach it")
        else:
            yield Problem("KN302", _PATH, "none: open to every address", "the ranges that may reach it", "name your networks")
    for index, entry in enumerate([] if isinstance(ranges, Unknown) else ranges):
        yield from _entry(f"{_PATH}[{index}]", entry, config)


def _ranges(fact: Resource) -> tuple[Any, ...] | Unknown:
    """Return the ranges of a Service: its field, else its annotation."""
    named = entries(field(fact.inputs, "spec", "loadBalancerSourceRanges"), _PATH)
    if named:
        return named
    found = annotated(fact)
    value = found if isinstance(found, Unknown) else found.get(_ANNOTATION)
    if value is None or isinstance(value, Unknown):
        return value or ()
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else Unknown("no text")


def _entry(path: str, entry: Any, config: Config) -> Iterator[Problem]:
    if isinstance(entry, Unknown):
        yield from config.unread("KN302", path, entry, "a range that is known")
        return
    try:
        network = ipaddress.ip_network(str(entry), strict=False)
    except ValueError:
        yield Problem("KN302", path, f"{str(entry)[:60]!r} is no range", "a range such as 10.0.0.0/8")
        return
    least = config.min_prefix if network.version == 4 else config.min_prefix_v6
    if network.prefixlen < least:
        fix = "name your networks"
        yield Problem("KN302", path, f"{entry}, which is nearly the whole internet", f"a prefix of /{least} or longer", fix)


RULE = ResourceRule(
    code="KN302",
    name="source-ranges",
    title="A public load balancer accepts only the listed address ranges",
    config=Config,
    check=check,
    about=SERVICE,
    why="Without source ranges a public address is found and used within hours.",
    fix="List your networks in spec.loadBalancerSourceRanges.",
    tags=("exposure",),
)

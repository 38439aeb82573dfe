"""KO413: values that the other rules cannot judge are reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.kaito_object import KAITO
from kaito_iac.rules.pool import AKS, KARPENTER
from kaito_iac.rules.rule import ResourceRule, RuleConfig
from kaito_iac.stack.resource import Resource
from kaito_iac.validation import Whole

_JUDGED = "kubernetes:(core/v1:(Service|ConfigMap)|apps/v1:.*|helm[.]sh/.*|networking[.]k8s[.]io/.*|gateway[.].*|rbac[.].*)"


class Config(RuleConfig):
    """Settings of the rule."""

    most: Whole = Field(8, ge=1, description="Number of values listed for one resource; the rest are counted.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """List what is not known of the resources that the rules of this pack judge."""
    found = list(_unknown(dict(fact.inputs), ""))
    for path, value in found[: config.most]:
        yield Problem("KO413", path, str(value), "a value that rules can judge before the update", "use a plain value")
    if len(found) > config.most:
        yield Problem(
            "KO413", fact.name, f"{len(found) - config.most} more values that are not known", "values that rules can judge"
        )


def _unknown(value: Any, path: str) -> Iterator[tuple[str, Unknown]]:
    if isinstance(value, Unknown):
        yield path, value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            if path or (key not in ("status", "id", "urn") and not key.startswith("__")):
                yield from _unknown(entry, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _unknown(entry, f"{path}[{index}]")


RULE = ResourceRule(
    code="KO413",
    name="unknown-values",
    title="Every value that rules need is known before the update",
    config=Config,
    check=check,
    about=f"{KAITO}|{AKS}|{KARPENTER}|{_JUDGED}",
    level="advisory",
    why="Values that are unknown before the update are not checked: a rule with onUnknown warn allows them.",
    fix="Use plain values, or values of the stack configuration, for what rules check.",
    severity="low",
    tags=("unknown",),
)

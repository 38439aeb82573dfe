"""KN306: no object lets Secrets be read across namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from kaito_iac.problem import Problem, Unknown
from kaito_iac.rules.reach import reached
from kaito_iac.rules.rule import ResourceRule, Watchful
from kaito_iac.stack.resource import Resource

_RBAC: Final = "kubernetes:rbac[.]authorization[.]k8s[.]io/v1:(ClusterRole|ClusterRoleBinding|RoleBinding)"
_GATEWAY: Final = "kubernetes:gateway[.]networking[.]k8s[.]io/[^:]+:(Gateway|ReferenceGrant)"


class Config(Watchful):
    """Settings of the rule."""

    allow: tuple[str, ...] = Field((), description="Logical names of resources that may reach Secrets of other namespaces.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Judge roles and their bindings, grants between namespaces, and the certificates of Gateways."""
    if fact.name in config.allow:
        return
    for path, message, accepted in reached(fact):
        if isinstance(message, Unknown):
            yield from config.unread("KN306", path, message, accepted)
        else:
            yield Problem("KN306", path, message, accepted, "name the Secrets, or copy them into the namespace that needs them")


RULE = ResourceRule(
    code="KN306",
    name="secret-reach",
    title="No object lets Secrets be read across namespaces",
    config=Config,
    check=check,
    about=f"{_RBAC}|{_GATEWAY}",
    why="A team that reads another team's Secrets has its tokens, its keys and its data.",
    fix="Keep a Secret in the namespace that uses it, and name it in resourceNames of a Role there.",
    tags=("exposure", "secret"),
)

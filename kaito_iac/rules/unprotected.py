"""KO405: clusters and data are protected against deletion."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, StrictBool

from kaito_iac.problem import Problem
from kaito_iac.rules.pool import CLUSTER
from kaito_iac.rules.rule import ResourceRule, RuleConfig
from kaito_iac.stack.resource import Resource

_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


class Config(RuleConfig):
    """Settings of the rule."""

    clusters: StrictBool = Field(True, description="Whether AKS clusters have to be protected.")
    data: StrictBool = Field(True, description="Whether volume claims, which hold indexes and results, have to be protected.")
    ignore: tuple[str, ...] = Field((), description="Logical names of resources that may be deleted.")


def check(fact: Resource, config: Config) -> Iterator[Problem]:
    """Ask for the option protect, which children inherit from their component."""
    asked = config.data if fact.type == _CLAIM else config.clusters
    if asked and not fact.options.protect and fact.name not in config.ignore:
        what = "data" if fact.type == _CLAIM else "a cluster"
        yield Problem("KO405", "protect", f"{what} that one wrong word deletes", "the option protect", "set protect=True")


RULE = ResourceRule(
    code="KO405",
    name="unprotected",
    title="Clusters and data are protected against deletion",
    config=Config,
    check=check,
    about=f"{CLUSTER}|{_CLAIM}",
    level="advisory",
    why="A renamed resource is deleted and recreated: the index, the adapters or the cluster are lost.",
    fix="Set the option protect. The engine does not show retainOnDelete to policies: it does not count here.",
    severity="high",
    tags=("operation", "data"),
)

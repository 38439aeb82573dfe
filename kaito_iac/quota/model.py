"""Contents of a quota file: limits and use by subscription, region and family, and budgets by team and namespace."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from kaito_iac.catalog.load import sizes
from kaito_iac.catalog.other_size import other_sizes
from kaito_iac.catalog.quota_family import AZURE_SPOT, EC2_QUOTAS
from kaito_iac.demand.demand import region_key
from kaito_iac.quota.iso_day import iso_day
from kaito_iac.quota.price_file import PriceFile
from kaito_iac.validation import StrictRecord, Whole, integral

ALL_FAMILIES: Final = "cores"
"""Family name of the regional limit over all families; spot nodes do not count against it."""
SPOT: Final = AZURE_SPOT
"""Family name of the regional limit over all spot nodes."""


Amount = Annotated[int, Field(strict=True, ge=0), BeforeValidator(integral)]
"""A whole number of GPUs or vCPUs."""


def _product(name: str) -> str:
    """Refuse a product that no size has: a budget for it would never stop anything."""
    known = sorted({size.gpu_model for size in (*sizes().values(), *other_sizes().values())})
    if not any(is_product(name, found) for found in known):
        raise ValueError(f"one of {', '.join(known)}")
    return name


def _family(name: str) -> str:
    """Refuse a family that no GPU size counts against."""
    every = (*sizes().values(), *other_sizes().values())
    known = sorted({SPOT, *EC2_QUOTAS.values(), *(size.quota_family for size in every if isinstance(size.quota_family, str))})
    if family_key(name) not in map(family_key, known):
        raise ValueError(f"one of {', '.join(known)}")
    return name


Product = Annotated[str, AfterValidator(_product)]
"""Name of a GPU product, with or without its maker: `A100`, `NVIDIA A100`."""
Family = Annotated[str, AfterValidator(_family)]
"""Name of a quota family of GPU sizes."""
Usd = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""US dollars."""
Name = Annotated[str, Field(min_length=1)]
"""Name of something."""


class Limit(StrictRecord):
    """vCPUs of one family in one region: how files of the first version say it, and settings of a rule."""

    family: str = Field(
        min_length=1,
        description="Quota family as the cloud names it; blanks and case do not matter. `cores`: all families together.",
    )
    region: str = Field(min_length=1, description="Region the limit holds in.")
    limit: Whole = Field(ge=0, description="vCPUs the subscription may use.")
    used: Whole = Field(0, ge=0, description="vCPUs in use by others than this stack.")
    subscription: str = Field("", description="Subscription or account, for readers.")

    @property
    def key(self) -> tuple[str, str]:
        """Return family and region in the one spelling that limits are looked up by."""
        return family_key(self.family), region_key(self.region)


class FamilyQuota(StrictRecord):
    """vCPUs of one family."""

    limit: Whole = Field(ge=0, description="vCPUs the subscription may use.")
    used: Whole = Field(0, ge=0, description="vCPUs in use in the cloud on the day of the file, by any user.")


class Region(StrictRecord):
    """Limits of one region, and whose nodes the use is."""

    families: dict[Name, FamilyQuota] = Field(
        description="By quota family as the cloud names it. `cores`: all families together; `lowPriorityCores`: all spot nodes."
    )
    sizes: dict[Name, tuple[Name, ...]] | None = Field(
        default=None,
        description="GPU sizes that the subscription can order here, with their zones; no other can be had. Left out: not known.",
    )
    refused: dict[Name, str] = Field(
        default_factory=dict, description="Why sizes cannot be ordered here, in the words of the cloud."
    )
    running: dict[Name, dict[Name, Amount]] = Field(
        default_factory=dict,
        description="By project/stack, then by family: vCPUs within `used` that are this stack's, so that they count once.",
    )

    @cached_property
    def zones_by_size(self) -> dict[str, tuple[str, ...]]:
        """Return the zones of the sizes that can be ordered, by their names in lower case."""
        return {name.lower(): zones for name, zones in (self.sizes or {}).items()}


class Subscription(StrictRecord):
    """Limits of one subscription or account."""

    name: str = Field("", description="Name for readers; a stack may choose the subscription by it.")
    regions: dict[Name, Region] = Field(description="By region.")


class Budget(StrictRecord):
    """Maximum that a team or namespace may hold at once, autoscalers at their maximum; what is left out is not limited."""

    gpus: Amount | None = Field(default=None, description="GPUs.")
    gpus_by_product: dict[Product, Amount] = Field(default_factory=dict, description="GPUs by product, such as `A100`.")
    vcpus_by_family: dict[Family, Amount] = Field(default_factory=dict, description="vCPUs by quota family, over all regions.")
    usd_per_month: Usd | None = Field(default=None, description="US dollars a month at list price.")


class TeamBudget(Budget):
    """Budget of a team."""

    namespaces: tuple[Name, ...] = Field((), description="Namespaces of the team; a label on a workload takes precedence.")


class Budgets(StrictRecord):
    """Budgets of all stacks together."""

    teams: dict[Name, TeamBudget] = Field(default_factory=dict, description="By team.")
    namespaces: dict[Name, Budget] = Field(default_factory=dict, description="By namespace.")

    def owner(self, namespace: str) -> str | None:
        """Return the team a namespace belongs to."""
        return next((team for team, budget in self.teams.items() if namespace in budget.namespaces), None)


class SizeFacts(StrictRecord):
    """Facts of a VM size that the catalogue does not have."""

    vcpus: Whole = Field(ge=1, description="vCPUs of a node.")
    family: str = Field(min_length=1, description="Quota family its vCPUs count against, as the cloud names it.")
    gpus: Whole = Field(0, ge=0, description="GPUs of a node.")
    gpu_model: str = Field("", description="GPU product, such as `NVIDIA B200`.")


class QuotaFile(StrictRecord):
    """Limits, read on one day, and budgets."""

    date: Annotated[datetime.date, BeforeValidator(iso_day)] = Field(description="Day the limits and uses were read.")
    source: str = Field("", description="Where limits and uses were read, for readers.")
    subscriptions: dict[Name, Subscription] = Field(default_factory=dict, description="By id of the subscription or account.")
    budgets: Budgets = Field(default_factory=Budgets, description="Budgets by team and namespace.")
    sizes: dict[Name, SizeFacts] = Field(
        default_factory=dict, description="Facts of VM sizes that the catalogue does not have, by name."
    )
    prices: PriceFile | None = Field(default=None, description="Rates of your own, discounts and currency, as in a price file.")
    limits: tuple[Limit, ...] = Field(
        default=(), description="First version: one entry per family and region, instead of `subscriptions`."
    )


def without_null(schema: dict[str, Any]) -> None:
    """Let the schema of a setting that may be left out name its values alone: the engine fills defaults in, and has no null."""
    schema.pop("default", None)
    schema.update(schema.pop("anyOf")[0])


def family_key(name: str) -> str:
    """Return a family name as Azure's lists agree on it: without blanks, in lower case."""
    return "".join(name.split()).lower()


def is_product(name: str, found: str) -> bool:
    """Return whether a name means a GPU product; the maker may be left out."""
    return family_key(name) in (family_key(found), family_key(found.partition(" ")[2]))

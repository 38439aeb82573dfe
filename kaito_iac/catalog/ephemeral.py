"""How large an ephemeral OS disk a size of Azure has room for, as far as Azure publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kaito_iac.catalog.load import table_of


@cache
def ephemeral_gib() -> Mapping[str, int]:
    """Return size to GiB; AKS puts the disk on the cache if there is one, else on the temp disk.

    Azure answers for sizes that are missing when the pool is made.
    """
    return MappingProxyType({name: row["gib"] for name, row in table_of("ephemeral.json")["gib"].items()})

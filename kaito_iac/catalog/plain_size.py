"""Sizes without GPUs that the catalogue does not list: what their names tell."""

from __future__ import annotations

import re
from typing import Final

_GENERAL: Final = re.compile(r"Standard_D(?P<vcpus>[1-9]\d{0,2})[a-z]{0,4}_v[3-9]", re.IGNORECASE)


def plain_vcpus(name: str) -> int | None:
    """Return the vCPUs of a general purpose size of Azure, third generation or later, whose name begins with them (D4s_v5: 4).

    None for every other size. Source: Azure's naming of VM sizes, https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
    """
    found = _GENERAL.fullmatch(name)
    return int(found["vcpus"]) if found else None

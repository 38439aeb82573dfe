"""Sizes without GPUs that the catalogue does not list: what their names state."""

from __future__ import annotations

import re
from typing import Final

_GENERAL: Final = re.compile(r"standard_(?P<series>[d])(?P<vcpus>[1-9]\d{0,2})(?P<letters>[a-z]{0,4})_v(?P<version>[3-9])", re.I)
_EC2: Final = re.compile(r"(?:[cmr][5-9]\w*|t[34]\w*)\.(?:(?P<times>\d{0,3})(?P<x>x))?large")
_SMALL: Final = re.compile(r"t(3a?|4g)\.(nano|micro|small|medium)")


def plain_vcpus(name: str) -> int | None:
    """Return the vCPUs of a general purpose size of Azure, third generation or later, whose name contains them (D4s_v5: 4).

    Of EC2 those of the families C, M, R, and of T by their size: large is 2, xlarge 4, 2xlarge 8; smaller ones of T3 and T4g are
    2 as well. None for every other size.
    Sources: Azure's naming of VM sizes, https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions;
    the generated instance types of karpenter-provider-aws.
    """
    found = _GENERAL.fullmatch(name)
    if found:
        return int(found["vcpus"])
    if _SMALL.fullmatch(name):
        return 2
    sold = _EC2.fullmatch(name)
    if not sold:
        return None
    return 4 * int(sold["times"] or 1) if sold["x"] else 2


def plain_cloud(name: str) -> str:
    """Return the cloud that a size name is of."""
    return "azure" if name.lower().startswith(("standard_", "basic_")) else "aws"


def plain_name(name: str) -> str:
    """Return the name of a size as its cloud spells it, where that is known: Azure takes any case."""
    found = _GENERAL.fullmatch(name.strip())
    if not found:
        return name.strip()
    return f"Standard_{found['series'].upper()}{found['vcpus']}{found['letters'].lower()}_v{found['version']}"

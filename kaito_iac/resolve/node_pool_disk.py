"""Resolves the OS disk of new nodes: large enough for the models that are to run there, ephemeral where the size has room."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kaito_iac.catalog.ephemeral import ephemeral_gib
from kaito_iac.catalog.record import GpuSize
from kaito_iac.problem import Problem
from kaito_iac.resolve.model_choice import choose_model
from kaito_iac.resolve.reading import Reader

SMALLEST_GIB: Final = 128
"""No disk that is sized from weights is smaller; images of the engine and the system take about 60 GiB of it."""


def read_disk(reader: Reader, size: GpuSize | None, *, largest: int) -> int | None:
    """Read os_disk_gib and for_models: the disk in GiB, or None to leave it to the cloud; problems go to the reader."""
    given = reader.number("os_disk_gib", 64, largest, "GiB")
    needs = _needs(reader)
    needed = max((gib for _, gib in needs), default=0)
    largest_model = next((name for name, gib in needs if gib == needed), "")
    if given is not None and given < needed:
        message = f"{given} GiB, while {largest_model} needs {needed}"
        message += ", except on its NVMe disk" if size and size.nvme else ": weights, images and system"
        reader.add(Problem("KS262", "os_disk_gib", message, f"{needed} GiB or more", "leave os_disk_gib out", "warning"))
    return given if given is not None else (max(needed, SMALLEST_GIB) if needs else None)


def _needs(reader: Reader) -> list[tuple[str, int]]:
    """Return the models of for_models with the disk that KAITO asks for each; one of them runs on a node at a time."""
    found = []
    for index, name in enumerate(reader.items("for_models")):
        inner = Reader({"preset": name}, ("preset",), prefix=f"for_models[{index}].", title=reader.title)
        card = choose_model(inner).card
        reader.problems += [replace(problem, path=f"for_models[{index}]") for problem in inner.problems]
        if card is not None:
            found.append((card.name, card.disk_gib))
    return found


def read_disk_type(reader: Reader, size: GpuSize | None, gib: int | None) -> str | None:
    """Read os_disk: Managed, or Ephemeral on the cache or temp disk of the size."""
    given = reader.text("os_disk")
    room = ephemeral_gib().get(size.name) if size else None
    if given == "Ephemeral" and room is not None and gib is not None and gib > room:
        assert size is not None  # there is no room without a size
        message = f"Ephemeral with {gib} GiB"
        fix = f"os_disk_gib={room}, or os_disk='Managed'"
        reader.add(Problem("KS263", "os_disk", message, f"at most {room} GiB, all that {size.name} has room for", fix))
    return given

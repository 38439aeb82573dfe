"""Two spellings of one name: snake_case in Python, camelCase in the schema, in state and in files that people write."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

UNITS: Final = {
    "osDiskGiB": "os_disk_gib",
    "gpuMemoryGiB": "gpu_memory_gib",
    "sizeGiB": "size_gib",
    "weightsGiB": "weights_gib",
    "memoryMiB": "memory_mib",
}
"""Names whose units do not survive the way there and back."""
_FROM_PYTHON: Final = {snake: camel for camel, snake in UNITS.items()}
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_WORD: Final = re.compile(r"_([a-z0-9])")


def snake(name: str) -> str:
    """Return a camelCase name as Python spells it; a name without capitals stays as it is."""
    return UNITS.get(name) or _CAPITAL.sub(lambda found: f"_{found[1].lower()}", name)


def camel(name: str) -> str:
    """Return a snake_case name as the schema and files spell it; a name without underscores stays as it is."""
    return _FROM_PYTHON.get(name) or _WORD.sub(lambda found: found[1].upper(), name)


def pythonic(given: Mapping[str, Any], known: Collection[str] | None = None) -> dict[str, Any]:
    """Return a mapping with its keys in snake_case, such as outputs from the state of another stack; unknown keys stay."""

    def own(key: Any) -> Any:
        name = snake(key) if isinstance(key, str) else key
        return name if known is None or name in known else key

    return {own(key): value for key, value in given.items()}

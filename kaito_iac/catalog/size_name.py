"""Names of VM sizes as people write them: one spelling to compare by, and what a GPU size looks like."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_GPU_LIKE: Final = re.compile(r"(standard|basic)?(n[cdvg][a-z]*\d|ncc|ndm)|standardn|(p|gr?|trn|inf|dl)\d")


def visible_name(name: str) -> str:
    """Return a name without invisible characters, in the letters that look the same: full-width ones, zero-width spaces."""
    return "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf").strip()


def looks_like_gpus(name: str) -> bool:
    """Return whether a name is like those of GPU sizes, however it is punctuated, with or without `Standard_`."""
    return _GPU_LIKE.match(re.sub(r"[\W_]", "", visible_name(name)).lower()) is not None

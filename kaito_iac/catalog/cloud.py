"""The clouds, apart from the records of the catalogue: every command names them, few need the records."""

from __future__ import annotations

from typing import Final, Literal

Cloud = Literal["azure", "aws", "arc"]
"""The clouds KAITO knows VM sizes of (`cloudProviderName` of its chart)."""

CLOUDS: Final[tuple[Cloud, ...]] = ("azure", "aws", "arc")
"""All clouds, the default first."""

"""The mark of a line that names the place of its argument in the registered manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ANNOTATIONS: Final = "metadata.annotations"


@dataclass(frozen=True, slots=True)
class At:
    """A dotted path in the manifest, below the path of the argument that holds this one; a bracket holds a key with dots."""

    path: str
    words: Mapping[Any, str] = field(default_factory=dict)
    """Value of the argument to the text of the manifest, where they differ; a value that is not named is not written."""
    default: Any = None
    """Value that the manifest means when it has nothing at the path."""
    own: Any = None
    """Value that the component takes when the argument is left out; None: that of the manifest."""

    def __post_init__(self) -> None:
        if self.own is None:
            object.__setattr__(self, "own", self.default)

    def __hash__(self) -> int:
        return hash(self.path)


def annotation(key: str, words: Mapping[Any, str] | None = None, default: Any = None, own: Any = None) -> At:
    """Return the mark of an argument that is an annotation."""
    return At(f"{ANNOTATIONS}[{key}]", words or {}, default, own)

"""Resolves where a tuning job reads its data and writes its adapter."""

from __future__ import annotations

from typing import Any, Final

from kaito_iac.kinds.manifest import write
from kaito_iac.kinds.nested import DatasetArgs, TuningOutputArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_subdomain, http_url, some_text

EMPTY: Final[tuple[Any, ...]] = ("", [], (), {})
"""Values that say nothing."""


def resolve_dataset(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `dataset`: urls, an image, or a volume; return KAITO's input."""
    source = reader.inner("dataset", DatasetArgs)
    urls = [source.checked(source.path(f"urls[{index}]"), url, no_credentials) for index, url in enumerate(source.items("urls"))]
    values = {
        "name": source.text("name", "a name for the data"),
        "urls": urls or None,
        "image": source.late("image", some_text),
        "image_pull_secrets": source.words("image_pull_secrets") or None,
        **_volume(source),
    }
    _exactly_one(source, "dataset", ("urls", "image", "claim", "volume"), reader.problems_at("dataset"))
    reader.take(source)
    return write(DatasetArgs, values)


def resolve_target(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `output`: an image with its push secret, or a volume; return KAITO's output."""
    target = reader.inner("output", TuningOutputArgs)
    values = {
        "image": target.late("image", some_text),
        "push_secret": target.late("push_secret", dns_subdomain),
        **_volume(target),
    }
    if target.has("push_secret") and not target.has("image"):
        target.add(Problem("KS105", "output.push_secret", "without image", "image, or no push_secret", "leave push_secret out"))
    _exactly_one(target, "output", ("image", "claim", "volume"), reader.problems_at("output"))
    reader.take(target)
    return write(TuningOutputArgs, values)


def _exactly_one(reader: Reader, path: str, keys: tuple[str, ...], wrong: bool) -> None:
    given = [key for key in keys if reader.has(key) and reader.args[key] not in EMPTY]
    if len(given) == 1 or wrong:
        return
    message = " and ".join(given) if given else "missing" if not reader.args else f"none of {', '.join(keys)}"
    code = "KS105" if given else "KS102"
    reader.add(Problem(code, path, message, f"exactly one of {', '.join(keys[:-1])} and {keys[-1]}"))


def _volume(reader: Reader) -> dict[str, Any]:
    """Read a claim by its name, or else a volume."""
    claim = reader.late("claim", dns_subdomain)
    return {"claim": claim} if claim is not None else {"volume": reader.manifest("volume")}


def no_credentials(path: str, value: Any) -> Problem | None:
    """Check for text without credentials in it; which addresses KAITO fetches from, its rules know."""
    found = http_url(path, value) if isinstance(value, str) else some_text(path, value)
    return found if found and (found.code == "KS221" or not isinstance(value, str)) else None

"""Resolves where a tuning job reads its data and writes its adapter, by the rules of KAITO's admission."""

from __future__ import annotations

from typing import Any, Final

from kaito_iac.kinds.nested import DatasetArgs, TuningOutputArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.kubernetes.names import host_of, port_of, source_problem
from kaito_iac.problem import Problem
from kaito_iac.resolve.kubernetes_part import part_problems
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_subdomain, http_url, image, shown

EMPTY: Final[tuple[Any, ...]] = ("", [], (), {})
"""Values that say nothing."""


def resolve_dataset(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `dataset`: urls, an image, or a volume; return KAITO's input."""
    source = reader.inner("dataset", keys_of(DatasetArgs))
    urls = [source.checked(source.path(f"urls[{index}]"), url, public_url) for index, url in enumerate(source.items("urls"))]
    fields = {
        "name": source.text("name", "a name for the data"),
        "urls": urls or None,
        "image": source.late("image", image("KS227")),
        "imagePullSecrets": source.words("image_pull_secrets") or None,
        "volumeSource": _volume(source),
    }
    _exactly_one(source, "dataset", ("urls", "image", "claim", "volume"), reader.problems_at("dataset"))
    reader.take(source)
    return {key: value for key, value in fields.items() if value is not None}


def resolve_target(reader: Reader) -> dict[str, Any]:
    """Resolve the argument `output`: an image with its push secret, or a volume; return KAITO's output."""
    target = reader.inner("output", keys_of(TuningOutputArgs))
    fields = {
        "image": target.late("image", image("KS227")),
        "imagePushSecret": target.late("push_secret", dns_subdomain),
        "volumeSource": _volume(target),
    }
    if target.has("image") and not target.has("push_secret"):
        fix = "kubectl create secret docker-registry NAME …; push_secret='NAME'"
        target.add(Problem("KS227", "output.push_secret", "missing", "the name of a Secret that may push the image", fix))
    if target.has("push_secret") and not target.has("image"):
        target.add(Problem("KS105", "output.push_secret", "without image", "image, or no push_secret", "leave push_secret out"))
    if "emptyDir" in target.mapping("volume"):
        told = "an emptyDir: the adapter is lost with the pod of the job"
        target.add(Problem("KS236", "output.volume", told, "a volume that stays", "use claim, or image", "warning"))
    _exactly_one(target, "output", ("image", "claim", "volume"), reader.problems_at("output"))
    reader.take(target)
    return {key: value for key, value in fields.items() if value is not None}


def _exactly_one(reader: Reader, path: str, keys: tuple[str, ...], wrong: bool) -> None:
    given = [key for key in keys if reader.has(key) and reader.args[key] not in EMPTY]
    if len(given) == 1 or wrong:
        return
    told = " and ".join(given) if given else "missing" if not reader.args else f"none of {', '.join(keys)}"
    reader.add(Problem("KS227", path, told, f"exactly one of {', '.join(keys[:-1])} and {keys[-1]}"))


def _volume(reader: Reader) -> Any:
    claim = reader.late("claim", dns_subdomain)
    if claim is not None:
        return {"persistentVolumeClaim": {"claimName": claim}}
    volume = reader.mapping("volume") or None
    reader.problems += part_problems("VolumeSource", reader.path("volume"), volume)
    return volume


def public_url(path: str, value: Any) -> Problem | None:
    """Check for an http or https address that is neither local, private, nor a cloud's metadata service."""
    found = http_url(path, value)
    if found and found.code == "KS221":
        return found
    if found or port_of(value) == -1:
        return Problem("KS227", path, shown(value), "an absolute http or https address")
    told = source_problem(value)
    accepted = "an http or https address outside the cluster: KAITO refuses others"
    return Problem("KS227", path, f"host {host_of(value)}, {told}", accepted) if told else None

"""Resolves where a tuning job reads its data and writes its adapter, by the rules of KAITO's admission."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from kaito_iac.problem import Problem
from kaito_iac.resolve.check import dns_subdomain, http_url, manifest, shown
from kaito_iac.resolve.reading import Reader

SOURCE_KEYS: Final = ("name", "urls", "image", "imagePullSecrets", "claim", "volume")
TARGET_KEYS: Final = ("image", "pushSecret", "claim", "volume")
METADATA_HOSTS: Final = frozenset({"metadata.google.internal", "metadata.google", "instance-data.ec2.internal"})
IMAGE: Final = re.compile(r"[a-z0-9A-Z]([-._:a-zA-Z0-9]*/)?[-._/a-z0-9]*(:[\w][-.\w]{0,127})?(@sha256:[0-9a-f]{64})?", re.ASCII)


def resolve_dataset(reader: Reader) -> dict[str, Any]:
    """Resolves the argument `dataset`: urls, an image, or a volume; gives KAITO's input."""
    source = reader.inner("dataset", SOURCE_KEYS)
    urls = [source.checked(source.path(f"urls[{index}]"), url, public_url) for index, url in enumerate(source.items("urls"))]
    fields = {
        "name": source.text("name", "a name for the data"),
        "urls": urls or None,
        "image": source.late("image", image),
        "imagePullSecrets": source.words("imagePullSecrets") or None,
        "volumeSource": _volume(source),
    }
    _exactly_one(source, "dataset", ("urls", "image", "claim", "volume"), reader.problems_at("dataset"))
    reader.take(source)
    return {key: value for key, value in fields.items() if value is not None}


def resolve_target(reader: Reader) -> dict[str, Any]:
    """Resolves the argument `output`: an image with its push secret, or a volume; gives KAITO's output."""
    target = reader.inner("output", TARGET_KEYS)
    fields = {
        "image": target.late("image", image),
        "imagePushSecret": target.late("pushSecret", dns_subdomain),
        "volumeSource": _volume(target),
    }
    if target.has("image") and not target.has("pushSecret"):
        fix = "kubectl create secret docker-registry NAME …; pushSecret='NAME'"
        target.add(Problem("KS227", "output.pushSecret", "missing", "the name of a Secret that may push the image", fix))
    if target.has("pushSecret") and not target.has("image"):
        target.add(Problem("KS105", "output.pushSecret", "without image", "image, or no pushSecret", "leave pushSecret out"))
    if "emptyDir" in target.mapping("volume"):
        told = "an emptyDir: the adapter is lost with the pod of the job"
        target.add(Problem("KS227", "output.volume", told, "a volume that stays", "use claim, or image", "warning"))
    _exactly_one(target, "output", ("image", "claim", "volume"), reader.problems_at("output"))
    reader.take(target)
    return {key: value for key, value in fields.items() if value is not None}


def _exactly_one(reader: Reader, path: str, keys: tuple[str, ...], wrong: bool) -> None:
    given = [key for key in keys if reader.has(key)]
    if len(given) == 1 or wrong:
        return
    told = " and ".join(given) if given else "missing" if not reader.args else f"none of {', '.join(keys)}"
    reader.add(Problem("KS227", path, told, f"exactly one of {', '.join(keys[:-1])} and {keys[-1]}"))


def _volume(reader: Reader) -> Any:
    claim = reader.late("claim", dns_subdomain)
    if claim is not None:
        return {"persistentVolumeClaim": {"claimName": claim}}
    volume = reader.mapping("volume") or None
    reader.add(manifest(reader.path("volume"), volume))
    return volume


def image(path: str, value: Any) -> Problem | None:
    """Checks for a reference to a container image."""
    good = isinstance(value, str) and len(value) < 512 and IMAGE.fullmatch(value) and not value.endswith(("/", ":", "-", "."))
    return None if good else Problem("KS227", path, shown(value), "an image, such as registry.example.com/team/data:1")


def public_url(path: str, value: Any) -> Problem | None:
    """Checks for an http or https address that is neither local, private, nor a cloud's metadata service."""
    found = http_url(path, value)
    if found:
        return Problem("KS227", path, found.found, found.accepted) if found.code == "KS102" else found
    host = (urlsplit(value).hostname or "").lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or host in METADATA_HOSTS:
        return Problem("KS227", path, f"host {host}", "no local host and no metadata service: KAITO refuses them")
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback or mapped.is_link_local or (mapped.is_private and _refused_range(mapped)):
        return Problem("KS227", path, f"host {host}", "no loopback, private or link-local address: KAITO refuses them")
    return None


def _refused_range(address: Any) -> bool:
    """Tells whether a private address lies in RFC 1918 or fc00::/7; KAITO lets other special ranges pass."""
    text = str(address)
    if address.version == 6:
        return bool(re.match("f[cd]", text))
    first, second = (int(part) for part in text.split(".")[:2])
    return first == 10 or (first, second) == (192, 168) or (first == 172 and 16 <= second <= 31)

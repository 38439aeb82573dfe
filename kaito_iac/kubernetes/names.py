"""How Kubernetes checks names, labels, image references and addresses."""

from __future__ import annotations

import math
import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

DNS_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
DNS_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)
_NAME_PART: Final = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", re.ASCII)
_DOMAIN: Final = (
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
)
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE: Final = re.compile(
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_PART}(?:/{_PART})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_BAD_HOSTS: Final = frozenset({"localhost", "metadata.google.internal", "metadata.google", "instance-data.ec2.internal"})
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPE: Final = re.compile(r"%(?![0-9a-fA-F]{2})")


def is_label(text: str) -> bool:
    """Return whether a text is an RFC 1123 label."""
    return len(text) <= 63 and DNS_LABEL.fullmatch(text) is not None


def is_subdomain(text: str) -> bool:
    """Return whether a text is an RFC 1123 subdomain."""
    return len(text) <= 253 and DNS_SUBDOMAIN.fullmatch(text) is not None


def is_label_key(text: str) -> bool:
    """Return whether a text is the key of a label or annotation."""
    prefix, slash, name = text.rpartition("/")
    if slash and (not is_subdomain(prefix)):
        return False
    return 0 < len(name) <= 63 and _NAME_PART.fullmatch(name) is not None


def is_label_value(text: str) -> bool:
    """Return whether a text is the value of a label."""
    return text == "" or (len(text) <= 63 and _NAME_PART.fullmatch(text) is not None)


def is_share(text: Any) -> bool:
    """Return whether a text is a number that is neither below 0 nor above 1, as Go reads numbers."""
    if not isinstance(text, str) or text != text.strip() or not text.isascii():
        return False
    try:
        number = float.fromhex(text) if text.lower().lstrip("+-").startswith("0x") else float(text)
    except (ValueError, OverflowError):
        return False
    return math.isnan(number) or 0 <= number <= 1


def is_image(text: str) -> bool:
    """Return whether a text is an image reference; names are those of a registry, or of Docker's own."""
    if len(text) > 1024 or re.fullmatch(r"[a-f0-9]{64}", text):
        return False
    head, slash, rest = text.partition("/")
    if slash and not ("." in head or ":" in head or head == "localhost" or head.lower() != head):
        head, rest = "", text
    elif not slash:
        head, rest = "", text
    found = _IMAGE.fullmatch(f"{head}/{rest}" if head else f"docker.io/{rest}")
    if found is None or len(found["path"]) + len(head) > 255:
        return False
    digest = found["digest"]
    sizes = {"sha256": 64, "sha384": 96, "sha512": 128}
    return (
        digest is None
        or re.fullmatch(f"[a-f0-9]{{{sizes.get(digest.partition(':')[0], 0)}}}", digest.partition(":")[2]) is not None
    )


def is_request_uri(text: str) -> bool:
    """Return whether a text is an absolute address or an absolute path, as Go reads one."""
    if not text or _CONTROL.search(text):
        return False
    scheme, colon, rest = text.partition(":")
    if colon and _SCHEME.fullmatch(scheme):
        return not rest.startswith("/") or _authority_fits(rest)
    return text == "*" or (text.startswith("/") and _ESCAPE.search(text.partition("?")[0]) is None)


def _authority_fits(rest: str) -> bool:
    path = rest.partition("?")[0]
    if path.startswith("//") and not path.startswith("///"):
        authority, _slash, path = path[2:].partition("/")
        user, at, host = authority.rpartition("@")
        if at and not re.fullmatch(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*", user):
            return False
        if not _host_fits(host):
            return False
    return _ESCAPE.search(path) is None


def _host_fits(host: str) -> bool:
    if host.startswith("["):
        end = host.rfind("]")
        return end > 0 and re.fullmatch(r"(:[0-9]*)?", host[end + 1 :]) is not None
    _name, colon, port = host.rpartition(":")
    if colon and not re.fullmatch(r"[0-9]*", port):
        return False
    return re.search(r"[ \\^`{|}]", host) is None and _ESCAPE.search(host) is None


def _authority(text: str) -> str:
    return re.split(r"[/?]", text.partition("://")[2], maxsplit=1)[0]


def host_of(text: str) -> str | None:
    """Return the host of an address in lower case; None when it has none."""
    authority = _authority(text).rpartition("@")[2]
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return (authority.rpartition(":")[0] if ":" in authority else authority).lower() or None


def scheme_of(text: str) -> str:
    """Return the scheme of an address in lower case; empty when it has none."""
    return text.partition(":")[0].lower() if ":" in text else ""


def port_of(text: str) -> int | None:
    """Return the port an address names; None when it names none, or none that exists."""
    try:
        return urlsplit(text).port
    except ValueError:
        return -1


def source_problem(text: str) -> str | None:
    """Report why KAITO takes no data from an address; None: it does."""
    if not is_request_uri(text) or scheme_of(text) == "" or "://" not in text or not _authority(text):
        return "not an absolute address with a host"
    if scheme_of(text) not in ("http", "https"):
        return "neither http nor https"
    return local_problem(text)


def local_problem(text: str) -> str | None:
    """Report why an address is one of the cluster or the machine itself; None: it is not."""
    host = host_of(text) or ""
    if host in _BAD_HOSTS or host.endswith(".localhost"):
        return "a local or metadata host"
    address = _address(host.partition("%")[0])
    if address is not None and _private(address):
        return "a loopback, private or link-local address"
    return None


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


_PRIVATE4: Final = tuple(
    (int(ip_address(start)), bits)
    for start, bits in (
        ("10.0.0.0", 8),
        ("172.16.0.0", 12),
        ("192.168.0.0", 16),
        ("127.0.0.0", 8),
        ("169.254.0.0", 16),
        ("224.0.0.0", 24),
    )
)


def _private(address: IPv4Address | IPv6Address) -> bool:
    number = int(address)
    if isinstance(address, IPv4Address):
        return any(number >> (32 - bits) == start >> (32 - bits) for start, bits in _PRIVATE4)
    scope = number >> 112 & 0xFF0F
    return number == 1 or number >> 121 == 0xFC >> 1 or number >> 118 == 0xFE80 >> 6 or scope == 0xFF02

"""Names of Services and InferencePools, as addresses in a cluster hold them."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

POOL_SUFFIX: Final = "-inferencepool"
"""What KAITO 0.12 appends to the name of an InferenceSet or MultiRoleInference for its InferencePool."""


def service_of(url: Any) -> tuple[str, str] | None:
    """Return name and namespace of the Service an address in the cluster names; None for every other address."""
    try:
        host = (urlsplit(url).hostname or "") if isinstance(url, str) else ""
    except ValueError:
        return None
    name, _, rest = host.partition(".")
    namespace, _, domain = rest.partition(".")
    return (name, namespace) if name and namespace and domain in ("svc", "svc.cluster.local") else None

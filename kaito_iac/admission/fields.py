"""Fields that a CRD does not declare, and a Workspace whose fields were written one level too deep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.load import DEFAULT_VERSION
from kaito_iac.kubernetes.schema import Found, Reading

WRAPPED: Final = "a Workspace has no spec: its fields belong one level up"
_BODY: Final = frozenset({"resource", "inference", "tuning"})


def lifted(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Workspace with what was written under spec one level up; empty when nothing of it belongs there."""
    spec = manifest.get("spec")
    if not isinstance(spec, Mapping) or not spec.keys() & _BODY or manifest.keys() & _BODY:
        return {}
    return {**{key: value for key, value in manifest.items() if key != "spec"}, **spec}


def undeclared(reading: Reading, env: Environment) -> Iterator[Found]:
    """Return each field that the CRD lacks, the reason, and how to fix it.

    Strict validation and server-side apply refuse such a field; a release whose CRDs are not held may have it.
    """
    message = "a field that the CRD does not have: kubectl and server-side apply refuse the object"
    if env.newer:
        message = f"a field that the CRD of KAITO {DEFAULT_VERSION} lacks; one of KAITO {env.version} may have it"
    for path in reading.pruned:
        yield path, message, reading.fixes.get(path, "")

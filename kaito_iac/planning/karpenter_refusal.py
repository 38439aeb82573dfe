"""What the CRD of Karpenter refuses of a plain NodePool: labels and requirements that it keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kaito_iac.catalog.label import KEPT_LABELS
from kaito_iac.problem import Problem
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_POOL: Final = re.compile(r"kubernetes:karpenter[.]sh/v\w+:NodePool")
_NEVER: Final = ("karpenter.sh/nodepool", "kubernetes.io/hostname")
_TAKEN: Final[Mapping[str, re.Pattern[str]]] = {
    "karpenter.sh": re.compile(r"capacity-type"),
    "karpenter.azure.com": re.compile(r"sku-[a-z-]+|aksnodeclass|placement-scope"),
    "kubernetes.azure.com": re.compile(
        r"mode|scalesetpriority|priority|fips_enabled|os-sku|cluster|sku-cpu|sku-memory|ebpf-dataplane|ebpf-host-routing"
        r"|network-policy|hostedvm"
    ),
}
"""Domain that Karpenter keeps to the names in it that a NodePool may have."""
_OF_AZURE: Final = ("karpenter.azure.com", "kubernetes.azure.com")


def karpenter_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report labels and requirements that the API server refuses by the CRD.

    Source: Azure/karpenter-provider-azure, pkg/apis/crds/karpenter.sh_nodepools.yaml (x-kubernetes-validations); those of
    karpenter.sh are the same on AWS.
    """
    for resource in resources:
        if not _POOL.fullmatch(resource.type):
            continue
        template = field(resource.inputs, "spec", "template")
        azure = field(template, "spec", "nodeClassRef", "group") == "karpenter.azure.com"
        for path, key in _keys(template):
            if _restricted(key, azure):
                message = "which Karpenter keeps to itself: the API server refuses the object"
                where = f"{resource.name}: spec.template.{path}"
                yield Problem("KS261", where, f"{key!r}, {message}", "a label of your own", "choose another key")


def _keys(template: Any) -> Iterator[tuple[str, str]]:
    labels, requirements = field(template, "metadata", "labels"), field(template, "spec", "requirements")
    for key in labels if isinstance(labels, Mapping) else ():
        yield "metadata.labels", str(key)
    for index, one in enumerate(requirements if isinstance(requirements, list | tuple) else ()):
        key = one.get("key") if isinstance(one, Mapping) else None
        if isinstance(key, str):
            yield f"spec.requirements[{index}].key", key


def _restricted(key: str, azure: bool) -> bool:
    if key in _NEVER or (azure and key in KEPT_LABELS):
        return True
    domain, _, name = key.rpartition("/")
    for kept, taken in _TAKEN.items():
        if domain.endswith(kept) and (azure or kept not in _OF_AZURE):
            return domain != kept or taken.fullmatch(name) is None
    return False

"""Node groups of EKS whose image has no driver for the GPUs of their nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kaito_iac.catalog.find import find_any_size
from kaito_iac.demand.eks import EKS_TOKENS, instance_types
from kaito_iac.problem import Problem, Unknown
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import Resource

_PLAIN: Final = re.compile(r"(AL2|AL2023|BOTTLEROCKET)_\w+?(_STANDARD)?")
_DRIVEN: Final = re.compile(r"\w*(NVIDIA|GPU)\w*")


def image_problems(resources: Iterable[Resource]) -> Iterator[Problem]:
    """Report node groups with GPUs and an image without NVIDIA's driver; images of your own are left alone."""
    for resource in resources:
        image = field(resource.inputs, "amiType") if resource.type in EKS_TOKENS else None
        sizes = instance_types(resource) if isinstance(image, str) else ()
        if not isinstance(image, str) or isinstance(sizes, Unknown) or _DRIVEN.fullmatch(image) or not _PLAIN.fullmatch(image):
            continue
        found = next((size for name in sizes if isinstance(name, str) and (size := find_any_size(name, "aws"))), None)
        if found is not None and found.schedulable:
            message = f"{image} on {found.cloud_name}, an image without NVIDIA's driver: nodes would offer no GPU"
            accepted = "an accelerated image, such as AL2023_x86_64_NVIDIA"
            fix = "amiType AL2023_x86_64_NVIDIA, or the GPU operator with its own driver"
            yield Problem("KS283", f"{resource.name}: amiType", message, accepted, fix, "warning")

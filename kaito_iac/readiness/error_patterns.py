"""Error messages of clouds, registries and engines, and the cause each one means."""

from __future__ import annotations

import re
from typing import Final

_CLOUD: Final = (
    (
        "cluster-start",
        r"OriginalEtagNotExpect|EtagMismatch|"
        r"OperationNotAllowed.{0,400}\b(?:Starting|Stopping|Stopped|in-progress (?:start|stop))\b|"
        r"[Cc]luster.{0,80}\bis (?:in )?(?:the )?(?:stopped|stopping|starting)\b",
    ),
    (
        "identity",
        r"AuthorizationFailed|LinkedAuthorizationFailed|AuthorizationPermissionMismatch|AADSTS\d+|UnauthorizedOperation|"
        r"AccessDenied|does not have authorization|not authorized to perform|ManagedIdentityCredential authentication failed|"
        r"InvalidIdentityToken|WebIdentityErr",
    ),
    (
        "quota",
        r"QuotaExceeded|SubscriptionQuotaReached|exceeding approved [\w ]+quota|results in exceeding quota|"
        r"OperationNotAllowed.{0,400}\b[Qq]uota|VcpuLimitExceeded|InsufficientVCPUQuota|InstanceLimitExceeded|"
        r"MaxSpotInstanceCountExceeded|subscription quota|family vCPU quota",
    ),
    (
        "not-offered",
        r"NotAvailableForSubscription|SKUNotAvailable|not available (?:for|in) (?:this|the current|your) subscription|"
        r"VMSizeNotSupported|InvalidVMSize|UnsupportedVMSize|VMSizeIsNotAvailable|(?:VM|vm) size .{0,200}is not supported|"
        r"not (?:offered|supported) in (?:this |the )?(?:location|region|zone|your requested Availability Zone)|"
        r"Unsupported: Your requested instance type|InvalidInstanceType|no instance types? (?:available|satisf)",
    ),
    (
        "capacity",
        r"SkuNotAvailable|AllocationFail(?:ed|ure)|ZonalAllocationFail(?:ed|ure)|Overconstrained(?:Zonal)?Allocation|"
        r"InsufficientInstanceCapacity|InsufficientCapacity|insufficient capacity|UnfulfillableCapacity|out of capacity|"
        r"SpotMaxPriceTooLow|OverconstrainedAllocationRequest|all requested instance types were unavailable",
    ),
)
"""Azure's, EC2's and Karpenter's codes and words. The first that fits counts: a quota that is refused may name capacity too."""

_CLOUD_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _CLOUD)

_IMAGE: Final = (
    ("image-limit", r"toomanyrequests|429|rate limit"),
    (
        "image-rights",
        r"unauthorized|401|403|denied|no basic auth credentials|authentication required|insufficient_scope|authorization failed",
    ),
    ("image-missing", r"not found|manifest unknown|name unknown|InvalidImageName|invalid reference format|ErrImageNeverPull|404"),
    ("image-network", r""),
)
_IMAGE_PATTERNS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _IMAGE)

_LOG: Final = (
    (
        "token",
        r"GatedRepoError|Access to model \S+ is restricted|Cannot access gated repo|Invalid (?:user )?token|"
        r"40[13] Client Error.{0,200}huggingface|huggingface\.co.{0,200}\b40[13]\b|You are trying to access a gated repo",
    ),
    (
        "argument",
        r"unrecognized arguments|error: argument -|ambiguous option|expected one argument|"
        r"max_model_len.{0,60}is greater than the derived max_model_len",
    ),
    (
        "gpu-memory",
        r"CUDA out of memory|OutOfMemoryError|No available memory for the cache blocks|"
        r"larger than the maximum number of tokens that can be stored in (?:the )?KV cache|larger than the available KV cache|"
        r"less than desired GPU memory utilization|exceeds available Mamba cache blocks|Cannot auto-fit max_model_len",
    ),
    ("disk", r"No space left on device|ENOSPC"),
    ("dataset", r"Failed to download \S+ after 3 attempts"),
)
_LOG_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _LOG)


def cloud_refusal(message: str) -> str | None:
    """Return the cause that a cloud or provisioner names; None for words that name none."""
    return next((name for name, pattern in _CLOUD_PATTERNS if pattern.search(message)), None)


def image_refusal(reason: str, message: str) -> str:
    """Return the cause of an image that is not pulled."""
    words = f"{reason} {_without_names(message)}"
    return next(name for name, pattern in _IMAGE_PATTERNS if pattern.search(words))


def _without_names(message: str) -> str:
    """Leave out what is quoted and hexadecimal digests: a tag may read like a status."""
    return re.sub(r"\"[^\"]*\"|sha256:[0-9a-f]+|\S+/\S+:\S+", " ", message)


def log_refusal(lines: str) -> tuple[str, str] | None:
    """Return the cause that a log names, and the line that names it; None when it names none."""
    for name, pattern in _LOG_PATTERNS:
        for line in reversed(lines.splitlines()):
            if pattern.search(line):
                found = _status_before(lines, line) if name == "dataset" else line
                return name, found
    return None


def _status_before(lines: str, line: str) -> str:
    """Add the last HTTP status to the line that gives up a download."""
    statuses = re.findall(r"HTTP status code: (\d+)", lines)
    return f"{line.strip()} (HTTP status {statuses[-1]})" if statuses else line


def last_lines(lines: str, most: int = 3) -> str:
    """Return the end of a log, joined."""
    return " | ".join([line.strip() for line in lines.splitlines() if line.strip()][-most:])

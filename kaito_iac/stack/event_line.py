"""Reads lines of engine events: what nothing depends on is left out before it is parsed."""

from __future__ import annotations

import errno
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

MOST_LINE_BYTES: Final = 64 * 1024 * 1024
"""A longer line is no event that anybody can read."""
MOST_SKIPPED_BYTES: Final = 1024 * 1024 * 1024
"""What is skipped of one such line."""
MOST_BYTES: Final = 8 * 1024 * 1024 * 1024
"""Longest stream, unpacked."""
MOST_LINES: Final = 20_000_000
"""Lines of a stream at most; a gigabyte of events has less than a million."""
_GZIP: Final = b"\x1f\x8b"
_RESOURCE: Final = re.compile(
    rb'\s*\{"sequence":\s*\d+,\s*"timestamp":\s*\d+,\s*"(resourcePreEvent|resOutputsEvent)":\s*\{"metadata":\s*\{'
    rb'"op":\s*"([^"\\]*)",\s*"urn":\s*"([^"\\]*)",\s*"type":\s*"([^"\\]*)"'
)
_NOISE: Final = re.compile(rb'"severity":\s*"(?:debug|info|info#err)"')
_DIAGNOSTIC: Final = re.compile(rb'\s*\{"sequence":\s*\d+,\s*"timestamp":\s*\d+,\s*"diagnosticEvent":')
_BULK: Final = re.compile(
    rb"kubernetes:(?:core/v1:(?:Secret|ServiceAccount|Event|Endpoints|PersistentVolume(?:Claim)?|LimitRange|Node)$"
    rb"|(?:admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events"
    rb"|flowcontrol\.apiserver|networking|node|policy|rbac\.authorization|scheduling|storage)(?:\.k8s\.io)?/(?!.*(?:List|Patch)$)"
    rb"|(?:cert-manager|external-secrets|networking\.istio|security\.istio)\.io/|monitoring\.coreos\.com/)"
    rb"|aws:(?:cloudwatch|dynamodb|ecr|iam|kms|lambda|route53|s3|secretsmanager|sns|sqs|ssm)/"
    rb"|azure-native:(?:authorization|containerregistry|insights|keyvault|managedidentity|network|operationalinsights|privatedns|storage):"
    rb"|(?:azuread|cloudflare|github|null|random|time|tls):"
)
"""Types that hold no nodes and no pods, whatever their inputs say, and that stacks have many of: their inputs are not kept."""
_WITH_OUTPUTS: Final = (b"kaito-iac:", b"pulumi:pulumi:Stack")


def _parser() -> Callable[[bytes], Any]:
    try:
        import orjson
    except ImportError:
        return json.loads
    # orjson states no types where it is not installed
    return cast(Callable[[bytes], Any], orjson.loads)


_parse: Final = _parser()


def relevant(token: str) -> bool:
    """Return whether what a resource of a type holds can depend on its inputs."""
    return _BULK.match(token.encode(errors="replace")) is None


def parsed(line: bytes) -> Any:
    """Return a line as JSON; None for what is none."""
    try:
        return _parse(line)
    except ValueError:
        pass
    except RecursionError:
        return None
    try:
        return json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


class Head:
    """What the beginning of a line of a resource contains."""

    __slots__ = ("is_pre", "op", "type", "urn")

    def __init__(self, found: re.Match[bytes]) -> None:
        kind, self.op, self.urn, self.type = found.groups()
        self.is_pre = kind == b"resourcePreEvent"

    @property
    def relevant(self) -> bool:
        """Return whether demand can depend on its inputs."""
        return _BULK.match(self.type) is None

    @property
    def with_outputs(self) -> bool:
        """Return whether its outputs are reported."""
        return self.type.startswith(_WITH_OUTPUTS)


def head(line: bytes) -> Head | None:
    """Return the facts about a resource at the beginning of a line; None for other lines, and for lines written otherwise."""
    found = _RESOURCE.match(line)
    return Head(found) if found else None


def noise(line: bytes) -> bool:
    """Return whether a line is a diagnostic that is not shown."""
    return _DIAGNOSTIC.match(line) is not None and _NOISE.search(line) is not None


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Return the lines of a stream, plain or gzipped, one at a time; a line that is too long comes as an empty one.

    Raises OSError for what does not end, such as a device.
    """
    first = stream.read(2)
    # a reader of what was read already and the rest has what is read of a file
    rest: IO[bytes] = cast(IO[bytes], _Rejoined(first, stream))
    # gzip files have what is read of a file
    source = cast(IO[bytes], gzip.GzipFile(fileobj=rest)) if first == _GZIP else rest
    # buffered readers take raw streams, which these are by what they can
    reader = io.BufferedReader(cast(io.RawIOBase, source), 1 << 20) if first == _GZIP else io.BufferedReader(rest, 1 << 20)  # type: ignore[arg-type, type-var, unused-ignore]
    total = number = 0
    while line := reader.readline(MOST_LINE_BYTES):
        total, number = _bounded(total + len(line), MOST_BYTES), _bounded(number + 1, MOST_LINES, "lines")
        if not line.endswith(b"\n") and len(line) >= MOST_LINE_BYTES:
            skipped = 0
            while (more := reader.readline(1 << 20)) and not more.endswith(b"\n"):
                skipped = _bounded(skipped + len(more), MOST_SKIPPED_BYTES)
            line = b"\n"
        yield line


def _bounded(size: int, most: int, what: str = "bytes") -> int:
    if size > most:
        raise OSError(errno.EFBIG, f"no end within {most:,} {what}")
    return size


def until_broken(found: Iterator[bytes]) -> Iterator[bytes]:
    """Return the lines until the end of the file, or until a gzipped file breaks off."""
    try:
        yield from found
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._first or self._rest.read(len(target))
        if len(data) > len(target):  # pragma: no cover - a reader asks for more than two bytes
            data, self._first = data[: len(target)], data[len(target) :]
        else:
            self._first = b""
        target[: len(data)] = data
        return len(data)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, or standard input for `-`; raises OSError, also where that is closed."""
    import sys

    if str(path) != "-":
        return path.open("rb")
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed", "-")
    return sys.stdin.buffer

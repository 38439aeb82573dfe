"""Reads a cluster: lists as plain JSON, and what went wrong in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from threading import Lock
from time import monotonic
from typing import Any, Final

from kaito_iac.readiness.connection import (
    ANSWER_SECONDS,
    Answer,
    ClusterError,
    Connection,
    NoClient,
    NoConfig,
    Unreachable,
    connect,
)
from kaito_iac.readiness.redact import one_line

__all__ = ["Absent", "Cluster", "ClusterError", "Forbidden", "NoClient", "NoConfig", "Unreachable", "open_cluster"]

PAGE: Final = 500
"""Objects of one page of a list."""
MOST_ITEMS: Final = 200_000
"""Most objects of a list; no cluster that Kubernetes supports has more pods."""
MOST_PAGES: Final = 2_000
"""Most pages of a list."""
LIST_SECONDS: Final = 300.0
"""How long a whole list may take."""
FRESH_SECONDS: Final = 2.0
"""How long an answer is good for others that ask the same in this process."""
_ALWAYS: Final = ("/api/v1/", "/apis/apps/v1/", "/apis/batch/v1/", "/apis/apiextensions.k8s.io/v1/")
"""Lists that every API server has: one without them is none."""


_NO_LISTS: Final = ("Status", "Table", "APIResourceList", "APIGroupList")
"""What an API server answers where it has no list of objects for us."""


class Forbidden(ClusterError):
    """Report that the user may not read something."""


class Absent(ClusterError):
    """Report that the API server has no such kind or object."""


class _Expired(Exception):
    """Report that the server has forgotten the version a list was begun at."""


class Cluster:
    """One API server; safe to use from several threads."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._lock = Lock()
        self._answers: dict[str, tuple[float, Any]] = {}
        self._now: tuple[float, float] | None = None
        self.deadline: float | None = None
        """Moment of the monotonic clock after which nothing is asked any more."""

    @property
    def now(self) -> float | None:
        """Return the cluster's time, seconds since 1970, by its last answer; None: there was no answer."""
        return self._now[0] + monotonic() - self._now[1] if self._now else None

    def items(self, path: str, *, selector: str = "") -> Sequence[Mapping[str, Any]]:
        """Return a whole list; raises Absent for a kind that is not there, Forbidden, Unreachable."""
        key = f"{path}?{selector}"
        with self._lock:
            when, found = self._answers.get(key, (0.0, ()))
        if monotonic() - when < FRESH_SECONDS:
            return tuple(found)
        found, _ = self.listed(path, selector)
        with self._lock:
            self._answers[key] = (monotonic(), tuple(found))
        return found

    def listed(self, path: str, selector: str = "") -> tuple[list[Mapping[str, Any]], str]:
        """Return a whole list and its version; one that the server forgets while it is read is begun again."""
        for _ in range(3):
            found: list[Mapping[str, Any]] = []
            version = ""
            try:
                for items, version in self._pages(path, selector):  # noqa: B007  # the last page has the version
                    found += items
                    if len(found) > MOST_ITEMS:
                        raise ClusterError(f"{path}: more than {MOST_ITEMS:,} objects")
                return found, version
            except _Expired:
                continue
        raise Unreachable(f"{path}: the list changes faster than it can be read")

    def _pages(self, path: str, selector: str) -> Iterator[tuple[list[Mapping[str, Any]], str]]:
        first = [("limit", str(PAGE)), *([("labelSelector", selector)] if selector else [])]
        token, seen, ends = "", set[str](), monotonic() + LIST_SECONDS
        while True:
            if len(seen) > MOST_PAGES or monotonic() > ends:
                raise ClusterError(f"{path}: the list has more than {MOST_PAGES:,} pages, or takes more than {LIST_SECONDS:g} s")
            page = self.read(path, [*first, ("continue", token)] if token else first)
            if "items" not in page or page.get("kind", "List") in _NO_LISTS:
                message = (
                    f": {one_line(str(page['message']), 160)}" if page.get("kind") == "Status" and page.get("message") else ""
                )
                raise Unreachable(f"the API server answers {path} with no list of objects{message}")
            items, metadata = page["items"], page.get("metadata")
            items, metadata = [] if items is None else items, {} if metadata is None else metadata
            if not isinstance(items, list) or not all(isinstance(one, dict) for one in items) or not isinstance(metadata, dict):
                raise Unreachable(f"the API server answers {path} with no list of objects")
            yield items, str(metadata.get("resourceVersion") or "")
            token = str(metadata.get("continue") or "")
            if not token:
                return
            if token in seen or not items:
                raise Unreachable(f"{path}: the list does not end")
            seen.add(token)

    def read(self, path: str, query: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        """Return one answer as a JSON object."""
        try:
            found = json.loads(self._ask(path, query))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Unreachable(f"the API server answers {path} with no JSON object: is a proxy or a login page in between?")
        return found

    def text(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return one answer as text."""
        return self._ask(path, query).decode("utf-8", "replace")

    def _ask(self, path: str, query: Sequence[tuple[str, str]]) -> bytes:
        answer = self._send(path, query)
        if answer.status == 401:  # a token of an exec plugin may have run out: the kubeconfig is read again, once
            with self._lock:
                self._connection = None
            answer = self._send(path, query)
        self._hear(answer.headers)
        if answer.status == 200:
            return answer.body
        raise _refusal(answer, path)

    def _send(self, path: str, query: Sequence[tuple[str, str]]) -> Answer:
        return self.connection().get(path, query, self.left(ANSWER_SECONDS))

    def left(self, seconds: float) -> float:
        """Return so many seconds, or fewer where the deadline is nearer; raises Unreachable after it."""
        if self.deadline is None:
            return seconds
        rest = self.deadline - monotonic()
        if rest <= 0:
            raise Unreachable("time is up")
        return min(seconds, rest)

    def connection(self) -> Connection:
        """Return the connection, which the first call opens."""
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return self._connection

    def _hear(self, headers: Mapping[str, str]) -> None:
        try:
            self._now = (parsedate_to_datetime(headers.get("Date", "")).timestamp(), monotonic())
        except (ValueError, TypeError, OverflowError, OSError):
            pass


def _refusal(answer: Answer, path: str) -> Exception:
    """Return what an answer that is no success means."""
    status, message = answer.status, _message(answer.body) or f"status {answer.status}"
    if status == 410:
        return _Expired()
    if status == 401:
        return ClusterError(f"the API server does not accept the credentials of the kubeconfig: {message}")
    if status == 403:
        return Forbidden(message)
    if status == 404 and not (path.startswith(_ALWAYS) and not path.endswith("/log")):
        return Absent(message)
    if status == 404:
        return ClusterError(f"{path} is not there: the address of the kubeconfig is of no Kubernetes API server")
    if status == 429 or status >= 500:
        return Unreachable(f"the API server answers {status}: {message}", _seconds(answer.headers.get("Retry-After")))
    return ClusterError(f"the API server answers {status} to {path}: {message}")


def _message(data: bytes) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return one_line(data[:4096].decode("utf-8", "replace"), 160)
    return one_line(str(found.get("message") or ""), 240) if isinstance(found, Mapping) else ""


def _seconds(written: str | None) -> float:
    try:
        return max(0.0, min(float(written or 0), 60.0))
    except ValueError:
        return 0.0


def open_cluster(*, kubeconfig: str | None = None, context: str | None = None) -> Cluster:
    """Open the cluster of a kubeconfig: a path or its content; else KUBECONFIG, ~/.kube/config, or the pod's own cluster.

    Raises NoClient without the extra `wait`, NoConfig when there is none or it has no such context.
    """
    cluster = Cluster(lambda: connect(kubeconfig, context))
    cluster.connection()
    return cluster

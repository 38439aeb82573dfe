"""Keeps lists of a cluster fresh by the API's watch: one list, then what changes; a list again where a watch is not to be had."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from threading import Condition, Lock, Thread
from time import monotonic, sleep
from typing import Any, Final

from kaito_iac.readiness.cluster import Cluster
from kaito_iac.readiness.connection import ClusterError, NoWatch

WATCH_SECONDS: Final = 60
"""How long one watch runs: the server ends it, and the next look begins with a list, so a dead connection hides little."""
LEAST_SECONDS: Final = 0.5
"""Least time between two looks."""
Thing = Mapping[str, Any]
_CHANGES: Final = frozenset(("ADDED", "MODIFIED", "DELETED"))


class WatchedCluster:
    """The lists of one cluster, watched from the first time they are asked for."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lists: dict[tuple[str, str], _Watched] = {}
        self._changed = Condition()
        self._news = False
        self._lock = Lock()

    @property
    def now(self) -> float | None:
        """Return the cluster's time."""
        return self._cluster.now

    def items(self, path: str, *, selector: str = "") -> Sequence[Thing]:
        """Return a whole list: what was watched since the first list, or a new list where no watch runs."""
        key = (path, selector)
        with self._lock:
            if key not in self._lists:
                self._lists[key] = _Watched(self._cluster, path, selector, self._notify)
            watched = self._lists[key]
        return watched.items()

    def text(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return one answer as text."""
        return self._cluster.text(path, query)

    def sleep(self, seconds: float) -> None:
        """Wait until a watched list has changed, or so many seconds have passed; changes of half a second count as one."""
        begun = monotonic()
        with self._changed:
            if not self._news:
                self._changed.wait(seconds)
        rest = min(seconds, LEAST_SECONDS) - (monotonic() - begun)
        if rest > 0:
            sleep(rest)
        with self._changed:
            self._news = False

    def _notify(self) -> None:
        with self._changed:
            self._news = True
            self._changed.notify_all()


class _Watched:
    """One list."""

    def __init__(self, cluster: Cluster, path: str, selector: str, notify: Any) -> None:
        self._cluster, self._path, self._selector, self._notify = cluster, path, selector, notify
        self._lock = Lock()
        self._things: dict[str, Thing] = {}
        self._running = False
        self._refused = False

    def items(self) -> list[Thing]:
        """Return the objects, listed anew unless a watch keeps them fresh."""
        with self._lock:
            if self._running:
                return list(self._things.values())
            refused = self._refused
        if refused:
            return list(self._cluster.items(self._path, selector=self._selector))
        found, version = self._cluster.listed(self._path, self._selector)
        with self._lock:
            self._things = {_identity(one): one for one in found}
            if version and not self._running:
                self._running = True
                Thread(target=self._follow, args=(version,), daemon=True).start()
        return found

    def _follow(self, version: str) -> None:
        """Take changes until the watch ends; one that the server refuses is not tried again."""
        query = [("watch", "true"), ("resourceVersion", version), ("timeoutSeconds", str(WATCH_SECONDS))]
        query += [("labelSelector", self._selector)] if self._selector else []
        try:
            for kind, thing in _changes(self._cluster.connection().lines(self._path, query, WATCH_SECONDS + 15.0)):
                with self._lock:
                    if kind == "DELETED":
                        self._things.pop(_identity(thing), None)
                    else:
                        self._things[_identity(thing)] = thing
                self._notify()
        except NoWatch:
            self._refused = True
        except ClusterError:  # dropped, or away: the next look begins with a list
            pass
        except (ValueError, RecursionError):  # no events: what answers there knows no watch
            self._refused = True
        finally:
            with self._lock:
                self._running = False
            self._notify()


def _identity(thing: Thing) -> str:
    metadata = thing.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    return f"{given.get('namespace', '')}/{given.get('name', '')}"


def _changes(lines: Iterator[bytes]) -> Iterator[tuple[str, Thing]]:
    """Return kind and object of each event; an error of the server, such as a version it has forgotten, ends it."""
    for line in lines:
        event = json.loads(line)
        if not isinstance(event, dict):
            raise ValueError("no event")
        if event.get("type") == "ERROR":
            return
        thing = event.get("object")
        if event.get("type") in _CHANGES and isinstance(thing, dict):
            yield event["type"], thing

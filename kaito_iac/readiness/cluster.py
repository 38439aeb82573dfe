"""Reads a cluster over the official Kubernetes client: lists as plain JSON, and what went wrong in words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Final

from kaito_iac.readiness.redact import told

TIMEOUT: Final = (5, 30)
"""Seconds to connect, and to answer."""
PAGE: Final = 500
"""Objects of one page of a list."""
FRESH_SECONDS: Final = 2.0
"""How long an answer is good for others that ask the same in this process."""


class ClusterError(Exception):
    """Says that the cluster cannot be read, in words for the user."""


class NoClient(ClusterError):
    """Says that the Kubernetes client is not installed."""


class NoConfig(ClusterError):
    """Says that no kubeconfig names a cluster."""


class Unreachable(ClusterError):
    """Says that the API server does not answer now; trying again may help."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after
        """Seconds to leave it alone, when it says so."""


class Forbidden(ClusterError):
    """Says that the user may not read something."""


class Absent(ClusterError):
    """Says that the API server has no such kind or object."""


class Cluster:
    """One API server; safe to use from several threads."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._api: Any = None
        self._lock = Lock()
        self._answers: dict[str, tuple[float, Any]] = {}
        self.now: float | None = None
        """The cluster's time as it last said, seconds since 1970."""

    def items(self, path: str, *, selector: str = "") -> Sequence[Mapping[str, Any]]:
        """Return a whole list; raises Absent for a kind that is not there, Forbidden, Unreachable."""
        key = f"{path}?{selector}"
        with self._lock:
            when, found = self._answers.get(key, (0.0, ()))
        if monotonic() - when < FRESH_SECONDS:
            return tuple(found)
        found = tuple(self._pages(path, selector))
        with self._lock:
            self._answers[key] = (monotonic(), found)
        return found

    def _pages(self, path: str, selector: str) -> Iterator[Mapping[str, Any]]:
        for attempt in range(3):
            try:
                found: list[Mapping[str, Any]] = []
                token = ""
                while True:
                    query = [("limit", str(PAGE)), *([("labelSelector", selector)] if selector else [])]
                    page = self.read(path, [*query, ("continue", token)] if token else query)
                    found += page.get("items") or []
                    token = str((page.get("metadata") or {}).get("continue") or "")
                    if not token:
                        return iter(found)
            except _Expired:
                if attempt == 2:
                    raise Unreachable(f"{path}: the list changes faster than it can be read") from None
        return iter(())

    def read(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        """Return one answer as JSON."""
        return json.loads(self._ask(path, query) or b"{}")

    def text(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return one answer as text."""
        return self._ask(path, query).decode("utf-8", "replace")

    def _ask(self, path: str, query: Sequence[tuple[str, str]]) -> bytes:
        status, headers, data = self._send(path, query)
        if status == 401:  # a token of an exec plugin may have run out: the kubeconfig is read again, once
            self._api = None
            status, headers, data = self._send(path, query)
        self._hear(headers)
        if status < 400:
            return data
        message = _message(data) or f"status {status}"
        if status == 410:
            raise _Expired
        if status == 404:
            raise Absent(message)
        if status in (401, 403):
            raise Forbidden(message)
        if status == 429 or status >= 500:
            raise Unreachable(f"the API server answers {status}: {message}", _seconds(headers.get("Retry-After")))
        raise ClusterError(f"the API server answers {status} to {path}: {message}")

    def _send(self, path: str, query: Sequence[tuple[str, str]]) -> tuple[int, Mapping[str, str], bytes]:
        from urllib3.exceptions import HTTPError

        api = self._client()
        request = api.param_serialize(
            method="GET", resource_path=path, query_params=list(query), auth_settings=["BearerToken"], header_params={}
        )
        try:
            answer = api.call_api(*request, _request_timeout=TIMEOUT)
            answer.read()
        except (HTTPError, OSError) as error:
            if "certificate" in str(error).lower():
                raise ClusterError(f"the API server {api.configuration.host} is not trusted: {told(str(error), 160)}") from error
            raise Unreachable(f"the API server {api.configuration.host} cannot be reached: {told(str(error), 160)}") from error
        return answer.status, dict(answer.getheaders()), answer.data or b""

    def _client(self) -> Any:
        with self._lock:
            if self._api is None:
                self._api = self._connect()
            return self._api

    def _hear(self, headers: Mapping[str, str]) -> None:
        try:
            self.now = parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except ValueError:
            pass


class _Expired(Exception):
    """Says that the server has forgotten the version a list was begun at."""


def _message(data: bytes) -> str:
    try:
        found = json.loads(data)
    except ValueError:
        return told(data.decode("utf-8", "replace"), 160)
    return told(str(found.get("message", "")), 240) if isinstance(found, Mapping) else ""


def _seconds(written: str | None) -> float:
    try:
        return max(0.0, min(float(written or 0), 60.0))
    except ValueError:
        return 0.0


def open_cluster(*, kubeconfig: str | None = None, context: str | None = None) -> Cluster:
    """Open the cluster of a kubeconfig: a path or its content; else KUBECONFIG, ~/.kube/config, or the pod's own cluster.

    Raises NoClient without the extra `wait`, NoConfig when there is none or it has no such context.
    """
    try:
        from kubernetes import client, config
    except ImportError as error:
        raise NoClient("the Kubernetes client is not installed; pip install 'kaito-iac[wait]'") from error

    loader: Any = config  # its functions carry no types

    def connect() -> Any:
        settings = client.Configuration()
        settings.retries = False  # whoever waits tries again, and says so
        try:
            if kubeconfig and "\n" in kubeconfig:
                loader.load_kube_config_from_dict(_content(kubeconfig), context, settings, persist_config=False)
            elif kubeconfig or context or os.environ.get("KUBECONFIG") or not os.environ.get("KUBERNETES_SERVICE_HOST"):
                path = str(Path(kubeconfig).expanduser()) if kubeconfig else None
                loader.load_kube_config(path, context, settings, persist_config=False)
            else:
                loader.load_incluster_config(settings)
            return client.ApiClient(settings)
        except config.ConfigException as error:
            raise NoConfig(f"no cluster: {told(str(error), 200)}") from error
        except OSError as error:
            raise NoConfig(f"cannot read the kubeconfig {error.filename}: {error.strerror}") from error

    cluster = Cluster(connect)
    cluster._client()
    return cluster


def _content(kubeconfig: str) -> Any:
    """Read the content of a kubeconfig; what is wrong with it is not repeated, as it holds credentials."""
    import yaml

    try:
        found = yaml.safe_load(kubeconfig)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise NoConfig("no cluster: the kubeconfig is no YAML mapping")
    return found

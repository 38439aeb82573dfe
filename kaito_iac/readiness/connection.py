"""One connection to an API server: the kubeconfig, and answers that are bounded in size and time."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from kaito_iac.files import FileError, read_text
from kaito_iac.kubernetes.yaml_file import read_yaml
from kaito_iac.project_url import pip_install
from kaito_iac.readiness.exchange import cut_after
from kaito_iac.readiness.redact import one_line
from kaito_iac.secrecy import KNOWN, OF_ENVIRONMENT, VARIABLES

CONNECT_SECONDS: Final = 5.0
"""How long a connection may take."""
ANSWER_SECONDS: Final = 30.0
"""How long the server may be silent, and how long a whole answer may take."""
ANSWER_BYTES: Final = 64 * 2**20
"""Longest answer, unpacked."""
_CHUNK: Final = 65536
_AKS: Final = re.compile(r"^https://[^/]*\.azmk8s\.(io|us|cn)(:\d+)?$")
_NO_NAME: Final = re.compile(
    r"NameResolution|getaddrinfo|Name or service not known|nodename nor servname|no such host", re.IGNORECASE
)
_BROKEN: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What the client raises for a kubeconfig of a wrong shape."""


_CREDENTIALS: Final = frozenset(
    ("token", "password", "client-key-data", "id-token", "refresh-token", "access-token", "client-secret", "idp-certificate-data")
)
"""Keys of a kubeconfig whose values are secrets."""


class ClusterError(Exception):
    """Report that the cluster cannot be read, in words for the user."""


class NoClient(ClusterError):
    """Report that the Kubernetes client is not installed."""


class NoConfig(ClusterError):
    """Report that no kubeconfig names a cluster."""


class Unreachable(ClusterError):
    """Report that the API server does not answer now; trying again may help."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after
        """Seconds to leave it alone, when it says so."""


class NoWatch(ClusterError):
    """Report that a list cannot be watched, though it may be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """One client of one API server."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self.server = _without_login(str(api.configuration.host))
        """Address of the server, without what a kubeconfig may have written into it."""
        if not self.server.startswith(("http://", "https://")):
            raise NoConfig("no cluster: the server of the kubeconfig is no http or https address")

    def get(self, path: str, query: Sequence[tuple[str, str]], seconds: float = ANSWER_SECONDS) -> Answer:
        """Ask, and take the whole answer within so many seconds; raises ClusterError."""
        ends = monotonic() + seconds
        with self._opened(path, query, seconds) as answer:
            pieces: list[bytes] = []
            size = 0
            for piece in _pieces(answer):
                size += len(piece)
                if size > ANSWER_BYTES:
                    raise ClusterError(f"the API server {self.server} answers more than {ANSWER_BYTES:,} bytes to {path}")
                if monotonic() > ends:
                    break
                pieces.append(piece)
            if monotonic() > ends:  # a connection that was cut looks like the end of an answer
                raise Unreachable(self._late(seconds))
            return Answer(int(answer.status), dict(answer.headers), b"".join(pieces))

    def _late(self, seconds: float) -> str:
        return f"the API server {self.server} takes more than {max(round(seconds), 1)} s to answer"

    def lines(self, path: str, query: Sequence[tuple[str, str]], seconds: float) -> Iterator[bytes]:
        """Ask, and give one line after the other as they come, for so many seconds at most; raises ClusterError."""
        ends = monotonic() + seconds
        with self._opened(path, query, seconds) as answer:
            if answer.status in (400, 403, 404, 405):
                raise NoWatch(f"the API server answers {answer.status} to a watch of {path}")
            if answer.status != 200:
                raise Unreachable(f"the API server answers {answer.status} to a watch of {path}")
            rest = b""
            for piece in _pieces(answer):
                *lines, rest = (rest + piece).split(b"\n")
                yield from (line for line in lines if line.strip())
                if monotonic() > ends or len(rest) > ANSWER_BYTES:
                    return

    @contextlib.contextmanager
    def _opened(self, path: str, query: Sequence[tuple[str, str]], seconds: float) -> Iterator[Any]:
        from urllib3 import Timeout
        from urllib3.exceptions import HTTPError

        method, url, headers, *_ = self._api.param_serialize(
            method="GET", resource_path=path, query_params=list(query), auth_settings=["BearerToken"], header_params={}
        )
        timeout = Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds)
        pool = self._api.rest_client.pool_manager
        with cut_after(pool, seconds) as cut:
            try:
                answer = pool.request(
                    method, url, headers=_clean(headers), timeout=timeout, preload_content=False, redirect=False, retries=False
                )
                try:
                    yield answer
                finally:
                    answer.close()
            except (HTTPError, OSError) as error:
                if cut.is_set():
                    raise Unreachable(self._late(seconds)) from error
                raise self._refused(error) from error

    def _refused(self, error: Exception) -> ClusterError:
        """Return what an error of the client means."""
        what = "is not trusted" if "certificate" in str(error).lower() else "cannot be reached"
        message = f"the API server {self.server} {what}: {one_line(str(error), 160)}{_next_step(self.server, str(error))}"
        return ClusterError(message) if what == "is not trusted" else Unreachable(message)


def _next_step(server: str, error: str) -> str:
    """Return the next step; a name that does not exist means that an AKS cluster is stopped or deleted."""
    if not _AKS.search(server) or not _NO_NAME.search(error):
        return "; `kubectl cluster-info` shows whether this machine reaches it (VPN, private cluster, stopped cluster)"
    return "; AKS takes the name of a stopped cluster away: `az aks show --query powerState`, `az aks start`"


def _no_config(error: str, kubeconfig: str | None, context: str | None) -> str:
    """Return why a kubeconfig names no cluster, with the next step; one that is given as text is never shown."""
    where = kubeconfig if kubeconfig and "\n" not in kubeconfig else os.environ.get("KUBECONFIG") or "~/.kube/config"
    if "No configuration found" in error:
        return f"{where} is no kubeconfig; name one with --kubeconfig FILE or KUBECONFIG"
    if context and f"name {context} in" in error:
        return f"{where} has no context {context!r}; `kubectl config get-contexts` lists them"
    return one_line(error, 200)


def _pieces(answer: Any) -> Iterator[bytes]:
    """Return the body as it arrives, unpacked: a slow server cannot hold one read for longer than it is silent."""
    read = getattr(answer, "read1", answer.read)
    while piece := read(_CHUNK):
        yield piece


def _clean(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return headers without blanks and line ends around values; a value that no header may hold is not repeated."""
    found = {name: str(value).strip() for name, value in headers.items()}
    for name, value in found.items():
        if not value.isascii() or not value.isprintable():
            raise NoConfig(f"no cluster: the kubeconfig's {name} holds a character that no header may hold")
    return found


def _without_login(address: str) -> str:
    try:
        split = urlsplit(address)
        return split._replace(netloc=split.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return "of the kubeconfig"


def connect(kubeconfig: str | None, context: str | None) -> Connection:
    """Connect by a kubeconfig: a path or its content; else KUBECONFIG, ~/.kube/config, or the pod's own cluster.

    Raises NoClient without the extra `wait`, NoConfig when there is none, or it cannot be read, or has no such context.
    """
    try:
        from kubernetes import client, config
    except ImportError as error:
        raise NoClient(f"the Kubernetes client is not installed; {pip_install(('wait',))}") from error
    from yaml import YAMLError

    loader: Any = config  # its functions carry no types
    settings = client.Configuration()
    settings.retries = False  # the caller tries again, and reports it
    try:
        if kubeconfig and "\n" in kubeconfig:
            loader.load_kube_config_from_dict(_read(kubeconfig, "the kubeconfig"), context, settings, persist_config=False)
        elif kubeconfig or context or os.environ.get("KUBECONFIG") or not os.environ.get("KUBERNETES_SERVICE_HOST"):
            given = _read_first(kubeconfig)
            if given is None:
                path = str(Path(kubeconfig).expanduser()) if kubeconfig else None
                loader.load_kube_config(path, context, settings, persist_config=False)
            else:
                loader.load_kube_config_from_dict(given, context, settings, persist_config=False)
        else:
            loader.load_incluster_config(settings)
        KNOWN.add((*settings.api_key.values(), settings.password or ""), OF_ENVIRONMENT)
        return Connection(client.ApiClient(settings))
    except config.ConfigException as error:
        raise NoConfig(f"no cluster: {_no_config(str(error), kubeconfig, context)}") from error
    except OSError as error:
        raise NoConfig(f"cannot read the kubeconfig {error.filename}: {error.strerror}") from error
    except (YAMLError, *_BROKEN) as error:  # its text may repeat credentials
        raise NoConfig(f"no cluster: the kubeconfig is of a wrong shape ({type(error).__name__})") from None


def _read_first(kubeconfig: str | None) -> Any:
    """Refuse kubeconfigs that are no bounded YAML mapping before the client reads them; return what can be read once alone."""
    given = kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config"
    names = [name for name in (given.split(os.pathsep) if not kubeconfig else [given]) if name]
    for name in names:
        path = Path(name).expanduser()
        if path.exists() and not path.is_dir():
            try:
                found = _read(read_text(path), str(path))
            except FileError as error:
                raise NoConfig(f"cannot read the kubeconfig {path}: {error}") from None
            if not path.is_file():
                if len(names) > 1:
                    raise NoConfig(f"cannot read the kubeconfig {path}: a pipe or device beside other files")
                return found
    return None


def _read(content: str, name: str) -> Any:
    """Read the content of a kubeconfig, and take note of the credentials in it."""
    data = _mapping(content, name)
    KNOWN.add(_credentials(data), OF_ENVIRONMENT)
    return data


def _credentials(value: Any) -> Iterator[str]:
    """Return tokens, passwords and keys of users, and what their commands get as environment."""
    if isinstance(value, Mapping):
        named = value.get("name") in VARIABLES
        for key, part in value.items():
            if isinstance(part, str) and (key in _CREDENTIALS or (named and key == "value")):
                yield part
            yield from _credentials(part)
    elif isinstance(value, list):
        for part in value:
            yield from _credentials(part)


def _mapping(content: str, name: str) -> Any:
    """Read the content of a kubeconfig; what is wrong with it is not repeated, as it holds credentials."""
    document, problems = read_yaml(content, name, top="a mapping")
    if document is None:
        line = problems[0].path.rpartition(":")[2]
        where = f", see line {line}" if line.isdigit() else ""
        raise NoConfig(f"no cluster: {name} is no YAML mapping, with every key once{where}")
    return document.data

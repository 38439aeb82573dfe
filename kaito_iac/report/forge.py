"""What posting needs of a forge: list comments, know which are ours, write one; and a client that waits and retries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx

_TRIES: Final = 5
_LONGEST_WAIT: Final = 60.0
_TIMEOUT: Final = 30.0
_DENIED: Final = (401, 403, 404)


class PostError(Exception):
    """Report that a forge refused, and which permission is missing where it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment of a pull request."""

    id: str
    body: str
    ours: bool
    """Whether the token's own account wrote it."""


class Forge(Protocol):
    """A pull request on a forge."""

    permission: str
    """What the token needs, in the forge's own words."""

    def comments(self) -> Iterator[Comment]:
        """Return all comments, of all pages, the oldest first."""
        ...

    def create(self, body: str, *, blocking: bool) -> None:
        """Write a new comment."""
        ...

    def update(self, comment: Comment, body: str, *, blocking: bool) -> None:
        """Write a comment of ours anew."""
        ...

    def delete(self, comment: Comment) -> None:
        """Take a comment of ours away."""
        ...


class Client:
    """HTTP with the token of a forge: waits when the server asks for it, gives up after a few tries."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        permission: str,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(base_url=url, headers=dict(headers), timeout=_TIMEOUT, follow_redirects=False)
        self._permission = permission
        self._wait = wait

    def call(self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send a request and return the answer; raise `PostError` when it is refused."""
        for attempt in range(_TRIES):
            try:
                found = self._http.request(method, path, json=body, params=query)
            except httpx.HTTPError as error:
                if attempt == _TRIES - 1:
                    raise PostError(f"{method} {path}: {type(error).__name__}") from error
                self._wait(min(2.0**attempt, _LONGEST_WAIT))
                continue
            if found.is_success:
                return found
            if not _later(found) or attempt == _TRIES - 1:
                raise PostError(self._refusal(method, path, found))
            self._wait(_seconds(found, attempt))
        raise PostError(f"{method} {path}: no answer")  # pragma: no cover - the loop returns or raises

    def _refusal(self, method: str, path: str, found: httpx.Response) -> str:
        missing = f"; the token needs {self._permission}" if found.status_code in _DENIED and not _limited(found) else ""
        return f"{method} {path}: {found.status_code} {found.reason_phrase}{missing}"


def _limited(found: httpx.Response) -> bool:
    return found.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in found.headers


def _later(found: httpx.Response) -> bool:
    return found.status_code == 429 or found.status_code >= 500 or (found.status_code == 403 and _limited(found))


def _seconds(found: httpx.Response, attempt: int) -> float:
    header = found.headers.get("retry-after", "")
    return min(float(header) if header.isdecimal() else 2.0**attempt, _LONGEST_WAIT)


def listed(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list that a forge answered with."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

"""Comments of a pull request on GitHub: issue comments of its REST API, version 2022-11-28."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.report.forge import Client, Comment, PostError, listed

_PAGE: Final = 100
_MOST_PAGES: Final = 200
_APP: Final = "github-actions[bot]"


class GitHub:
    """A pull request on GitHub."""

    permission = "the permission `pull-requests: write`"

    def __init__(self, url: str, token: str, repository: str, number: str, **options: Any) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._client = Client(url, headers, self.permission, **options)
        self._repository = f"/repos/{repository}"
        self._list = f"{self._repository}/issues/{number}/comments"

    def _login(self) -> str:
        """Return the account of the token; the token of a workflow may not ask, and writes as the app."""
        try:
            found = self._client.call("GET", "/user").json()
        except PostError:
            return _APP
        return str(found.get("login") or _APP) if isinstance(found, dict) else _APP

    def comments(self) -> Iterator[Comment]:
        """Return all comments, of all pages."""
        login = self._login()
        for page in range(1, _MOST_PAGES + 1):
            found = listed(self._client.call("GET", self._list, query={"per_page": _PAGE, "page": page}).json())
            for one in found:
                user = one.get("user")
                ours = isinstance(user, dict) and user.get("login") == login
                yield Comment(id=str(one.get("id")), body=str(one.get("body") or ""), ours=ours)
            if len(found) < _PAGE:
                return

    def create(self, body: str, *, blocking: bool) -> None:
        """Write a new comment."""
        self._client.call("POST", self._list, {"body": body})

    def update(self, comment: Comment, body: str, *, blocking: bool) -> None:
        """Write a comment anew."""
        self._client.call("PATCH", f"{self._repository}/issues/comments/{comment.id}", {"body": body})

    def delete(self, comment: Comment) -> None:
        """Take a comment away."""
        self._client.call("DELETE", f"{self._repository}/issues/comments/{comment.id}")

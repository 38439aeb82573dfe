"""Notes of a merge request on GitLab: REST API version 4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from kaito_iac.report.forge import Client, Comment, listed

_PAGE: Final = 100
_MOST_PAGES: Final = 200


class GitLab:
    """A merge request on GitLab."""

    permission = "the scope `api` and at least the role Reporter"

    def __init__(self, url: str, token: str, repository: str, number: str, **options: Any) -> None:
        self._client = Client(url, {"PRIVATE-TOKEN": token}, self.permission, **options)
        self._notes = f"/projects/{quote(repository, safe='')}/merge_requests/{number}/notes"

    def comments(self) -> Iterator[Comment]:
        """Return all notes, of all pages, the oldest first."""
        me = self._client.call("GET", "/user").json()
        own = me.get("id") if isinstance(me, dict) else None
        page = "1"
        for _ in range(_MOST_PAGES):
            query = {"per_page": _PAGE, "page": page, "sort": "asc", "order_by": "created_at"}
            found = self._client.call("GET", self._notes, query=query)
            for one in listed(found.json()):
                author = one.get("author")
                ours = own is not None and isinstance(author, dict) and author.get("id") == own
                if not one.get("system"):
                    yield Comment(id=str(one.get("id")), body=str(one.get("body") or ""), ours=ours)
            page = found.headers.get("x-next-page", "")
            if not page:
                return

    def create(self, body: str, *, blocking: bool) -> None:
        """Write a new note."""
        self._client.call("POST", self._notes, {"body": body})

    def update(self, comment: Comment, body: str, *, blocking: bool) -> None:
        """Write a note anew."""
        self._client.call("PUT", f"{self._notes}/{comment.id}", {"body": body})

    def delete(self, comment: Comment) -> None:
        """Take a note away."""
        self._client.call("DELETE", f"{self._notes}/{comment.id}")

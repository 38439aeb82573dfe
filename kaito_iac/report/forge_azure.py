"""Threads of a pull request on Azure DevOps: REST API 7.1; a thread is active while something blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kaito_iac.report.forge import Client, Comment, listed

_VERSION: Final = {"api-version": "7.1"}
_STATUS: Final = {True: "active", False: "closed"}


class AzureDevOps:
    """A pull request on Azure DevOps."""

    permission = "the right `Contribute to pull requests` for the build service"

    def __init__(self, url: str, token: str, repository: str, number: str, **options: Any) -> None:
        """Take the collection's address, and `project/repository`."""
        project, _, name = repository.partition("/")
        self._client = Client(url, {"Authorization": f"Bearer {token}"}, self.permission, **options)
        self._threads = f"/{project}/_apis/git/repositories/{name}/pullRequests/{number}/threads"

    def comments(self) -> Iterator[Comment]:
        """Return the first comment of every thread."""
        me = self._client.call("GET", "/_apis/connectionData").json()
        user = me.get("authenticatedUser") if isinstance(me, dict) else None
        own = user.get("id") if isinstance(user, dict) else None
        answer = self._client.call("GET", self._threads, query=_VERSION).json()
        threads = listed(answer.get("value")) if isinstance(answer, dict) else []
        for thread in sorted(threads, key=lambda one: str(one.get("id")).zfill(20)):
            first = next(iter(listed(thread.get("comments"))), None)
            if first is not None and not thread.get("isDeleted"):
                author = first.get("author")
                ours = own is not None and isinstance(author, dict) and author.get("id") == own
                yield Comment(id=f"{thread.get('id')}/{first.get('id')}", body=str(first.get("content") or ""), ours=ours)

    def create(self, body: str, *, blocking: bool) -> None:
        """Open a thread."""
        comment = {"parentCommentId": 0, "content": body, "commentType": "text"}
        self._client.call("POST", self._threads, {"comments": [comment], "status": _STATUS[blocking]}, query=_VERSION)

    def update(self, comment: Comment, body: str, *, blocking: bool) -> None:
        """Write the comment of a thread anew, and open or close it."""
        thread, _, number = comment.id.partition("/")
        self._client.call("PATCH", f"{self._threads}/{thread}/comments/{number}", {"content": body}, query=_VERSION)
        self._client.call("PATCH", f"{self._threads}/{thread}", {"status": _STATUS[blocking]}, query=_VERSION)

    def delete(self, comment: Comment) -> None:
        """Take a comment away."""
        thread, _, number = comment.id.partition("/")
        self._client.call("DELETE", f"{self._threads}/{thread}/comments/{number}", query=_VERSION)

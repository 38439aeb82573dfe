"""Forges on the loopback interface: as much of their REST APIs as posting uses.

Shapes are those of the published descriptions: GitHub's OpenAPI document (github/rest-api-description, `IssueComment`), GitLab's
notes API (docs.gitlab.com/api/notes), Azure DevOps' pull request threads (learn.microsoft.com/rest/api/azure/devops/git, 7.1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any, dict[str, str]]


class Fake:
    """Comments in memory, what was asked, and what is answered instead."""

    def __init__(self, user: str = "bot") -> None:
        self.user = user
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.instead: list[Answer] = []
        self.before: Callable[[str], None] = lambda asked: None
        self.next = 1

    def add(self, body: str, user: str | None = None) -> dict[str, Any]:
        made = {"id": self.next, "body": body, "user": user or self.user}
        self.next += 1
        self.comments.append(made)
        return made

    def bodies(self) -> list[str]:
        return [one["body"] for one in self.comments]

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        raise NotImplementedError

    def change(self, method: str, number: str, text: str) -> Answer:
        found = next((one for one in self.comments if one["id"] == int(number)), None)
        if found is None:
            return 404, {"message": "Not Found"}, {}
        if method == "DELETE":
            self.comments.remove(found)
            return 204, None, {}
        found["body"] = text
        return 200, found, {}


class FakeGitHub(Fake):
    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        if path == "/user":
            return 403, {"message": "Resource not accessible by integration"}, {}
        if path == "/repos/shop/infra/issues/7/comments":
            if method == "POST":
                return 201, self.shown(self.add(body["body"])), {}
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, [self.shown(one) for one in self.comments[size * (page - 1) : size * page]], {}
        return self.change(method, path.rpartition("/")[2], (body or {}).get("body", ""))

    def shown(self, one: dict[str, Any]) -> dict[str, Any]:
        return {"id": one["id"], "body": one["body"], "user": {"login": one["user"], "type": "Bot"}}


class FakeGitLab(Fake):
    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        if path == "/user":
            return 200, {"id": self.user, "username": self.user}, {}
        if path == "/projects/42/merge_requests/7/notes":
            if method == "POST":
                return 201, self.shown(self.add(body["body"])), {}
            size, page = int(query["per_page"][0]), int(query["page"][0])
            more = str(page + 1) if len(self.comments) > size * page else ""
            return 200, [self.shown(one) for one in self.comments[size * (page - 1) : size * page]], {"X-Next-Page": more}
        return self.change(method, path.rpartition("/")[2], (body or {}).get("body", ""))

    def shown(self, one: dict[str, Any]) -> dict[str, Any]:
        return {"id": one["id"], "body": one["body"], "system": False, "author": {"id": one["user"]}}


class FakeAzure(Fake):
    def __init__(self, user: str = "bot") -> None:
        super().__init__(user)
        self.status: dict[int, str] = {}

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        if path == "/_apis/connectionData":
            return 200, {"authenticatedUser": {"id": self.user}}, {}
        threads = "/p/_apis/git/repositories/r/pullRequests/7/threads"
        rest = path.removeprefix(threads).strip("/").split("/")
        if path == threads and method == "GET":
            return 200, {"count": len(self.comments), "value": [self.shown(one) for one in self.comments]}, {}
        if path == threads:
            made = self.add(body["comments"][0]["content"])
            self.status[made["id"]] = body["status"]
            return 200, self.shown(made), {}
        if len(rest) == 1:
            self.status[int(rest[0])] = body["status"]
            return 200, {}, {}
        return self.change(method, rest[0], (body or {}).get("content", ""))

    def shown(self, one: dict[str, Any]) -> dict[str, Any]:
        comment = {"id": 1, "content": one["body"], "author": {"id": one["user"]}}
        return {"id": one["id"], "isDeleted": False, "comments": [comment]}


@contextmanager
def serving(fake: Fake) -> Iterator[str]:
    """Serves a fake, and gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            asked = f"{self.command} {parts.path}"
            fake.asked.append(asked)
            fake.before(asked)
            status, found, headers = (
                fake.instead.pop(0) if fake.instead else fake.answer(self.command, parts.path, parse_qs(parts.query), body)
            )
            data = b"" if found is None else json.dumps(found).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

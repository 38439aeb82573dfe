"""A list is read once, then watched; without a watch it is read again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaito_iac.readiness.cluster import open_cluster
from kaito_iac.readiness.watch import WatchedCluster

pytest.importorskip("kubernetes")
PATH = "/api/v1/namespaces/models/pods"


class Fake:
    """An API server with pods, whose watch gives what the test puts into its queue; None ends it."""

    def __init__(self) -> None:
        self.names = ["a"]
        self.asked: list[str] = []
        self.lasting: list[str] = []
        """Seconds that each watch is asked to last."""
        self.events: Queue[Any] = Queue()
        self.watch_status = 200

    def handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                watch = "watch" in query
                fake.asked.append(f"watch {query['resourceVersion'][0]}" if watch else "list")
                fake.lasting += query.get("timeoutSeconds", [])
                if watch and fake.watch_status == 200:
                    self.stream()
                    return
                items = [pod(name) for name in fake.names]
                body = json.dumps({"items": items, "metadata": {"resourceVersion": str(len(fake.asked))}}).encode()
                self.send_response(fake.watch_status if watch else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self) -> None:
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while (event := fake.events.get()) is not None:
                    line = (event if isinstance(event, str) else json.dumps(event)).encode() + b"\n"
                    self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def pod(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "models"}}


@pytest.fixture
def served() -> Iterator[tuple[Fake, WatchedCluster]]:
    """Return a fake API server, and a watched cluster of it."""
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), fake.handler())
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    config = (
        "current-context: it\nusers: []\ncontexts: [{name: it, context: {cluster: it, user: ''}}]\n"
        f"clusters: [{{name: it, cluster: {{server: 'http://127.0.0.1:{server.server_address[1]}'}}}}]\n"
    )
    yield fake, WatchedCluster(open_cluster(kubeconfig=config))
    fake.events.put(None)
    server.shutdown()
    server.server_close()


def names(cluster: WatchedCluster) -> list[str]:
    return sorted(one["metadata"]["name"] for one in cluster.items(PATH))


def becomes(state: Callable[[], Any], expected: Any) -> None:
    """Waits until a state is as expected; says what it is when it stays otherwise."""
    ends = time.monotonic() + 10
    while (found := state()) != expected and time.monotonic() < ends:
        time.sleep(0.02)
    assert found == expected


def test_changes_arrive_without_a_list(served: tuple[Fake, WatchedCluster]) -> None:
    """What is added, changed and deleted arrives by the watch; the list is read once."""
    fake, cluster = served
    assert names(cluster) == ["a"]
    fake.events.put({"type": "ADDED", "object": pod("b")})
    becomes(lambda: names(cluster), ["a", "b"])
    fake.events.put({"type": "MODIFIED", "object": pod("b")})
    fake.events.put({"type": "DELETED", "object": pod("a")})
    becomes(lambda: names(cluster), ["b"])
    assert fake.asked == ["list", "watch 1"]
    assert fake.lasting == ["60"]  # a connection that died hides changes no longer than a minute


def test_a_change_ends_the_pause(served: tuple[Fake, WatchedCluster]) -> None:
    """The one that waits for a minute is woken by a change."""
    fake, cluster = served
    names(cluster)
    begun = time.monotonic()
    threading.Timer(0.3, fake.events.put, ({"type": "ADDED", "object": pod("b")},)).start()
    cluster.sleep(60)
    assert time.monotonic() - begun < 20
    assert names(cluster) == ["a", "b"]


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(None, id="the server ends it"),
        pytest.param({"type": "ERROR", "object": {"code": 410}}, id="the version is forgotten"),
    ],
)
def test_a_watch_that_ends_is_begun_again(served: tuple[Fake, WatchedCluster], end: Any) -> None:
    """A watch that ends is followed by a list and a new watch from its version."""
    fake, cluster = served
    names(cluster)
    becomes(lambda: fake.asked, ["list", "watch 1"])
    fake.names = ["c"]
    fake.events.put(end)
    becomes(lambda: names(cluster), ["c"])
    becomes(lambda: fake.asked, ["list", "watch 1", "list", "watch 3"])
    fake.events.put(None)


@pytest.mark.parametrize("status", [403, 405], ids=["forbidden", "not supported"])
def test_a_watch_that_is_refused(served: tuple[Fake, WatchedCluster], status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the watch is refused the list is read again at every look, and the watch is not tried again."""
    monkeypatch.setattr("kaito_iac.readiness.cluster.FRESH_SECONDS", 0.0)
    fake, cluster = served
    fake.watch_status = status
    names(cluster)
    becomes(lambda: fake.asked, ["list", "watch 1"])
    fake.names = ["d"]
    becomes(lambda: names(cluster), ["d"])
    names(cluster)
    assert fake.asked.count("watch 1") == 1
    assert [entry for entry in fake.asked if entry.startswith("watch")] == ["watch 1"]


def test_what_is_no_event(served: tuple[Fake, WatchedCluster]) -> None:
    """A server that answers a watch with something else is asked for lists."""
    fake, cluster = served
    names(cluster)
    fake.events.put("<html>")
    fake.names = ["e"]
    becomes(lambda: names(cluster), ["e"])
    assert len([entry for entry in fake.asked if entry.startswith("watch")]) == 1

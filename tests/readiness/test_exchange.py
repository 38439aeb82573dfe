"""An exchange with a server ends at its time, whatever the server sends."""

from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from typing import Any

import pytest

from kaito_iac.readiness.connection import Unreachable, connect
from kaito_iac.readiness.exchange import cut_after

urllib3 = pytest.importorskip("urllib3")
pytest.importorskip("kubernetes")
CONFIG = """\
apiVersion: v1
kind: Config
current-context: it
clusters: [{{name: it, cluster: {{server: "http://127.0.0.1:{port}"}}}}]
users: [{{name: it, user: {{}}}}]
contexts: [{{name: it, context: {{cluster: it, user: it}}}}]
"""
BEGINNINGS = {
    "the status line": (b"", b"H"),
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: a\r\n"),
    "the size of a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "what stands behind a size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "trailers": (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{"items":[]}\r\n0\r\n', b"X: a\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body without a length": (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" "),
}


@pytest.mark.parametrize("begun", BEGINNINGS.values(), ids=BEGINNINGS)
def test_whatever_drips(begun: tuple[bytes, bytes], tmp_path: Any) -> None:
    """An answer that never ends, wherever in it the server is, is cut off at its time."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.wfile.write(begun[0])
                while True:
                    self.wfile.write(begun[1])
                    time.sleep(0.05)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        (tmp_path / "kubeconfig").write_text(CONFIG.format(port=server.server_address[1]))
        client = connect(str(tmp_path / "kubeconfig"), None)
        begin = time.monotonic()
        with pytest.raises(Unreachable, match=r"takes more than 1 s to answer$"):
            client.get("/api/v1/nodes", [], 0.4)
        assert time.monotonic() - begin < 3
        server.shutdown()


def test_an_exchange_that_is_done_in_time() -> None:
    """What ends in time is not cut, and its timer ends with it."""
    with cut_after(urllib3.PoolManager(), 60) as cut:
        assert not cut.is_set()
    assert [one for one in threading.enumerate() if isinstance(one, threading.Timer) and not one.finished.is_set()] == []

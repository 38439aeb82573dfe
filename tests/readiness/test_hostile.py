"""Any answer of a server, and any kubeconfig, is reported in a line: never a traceback, never "nothing is left"."""

from __future__ import annotations

import gzip
import os
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.main import main
from kaito_iac.readiness import connection
from kaito_iac.readiness.cluster import open_cluster

pytest.importorskip("kubernetes")
HTML = b"<html><body>please log in</body></html>"


def http(status: str, body: bytes, *headers: str) -> bytes:
    """Return an answer as it is on the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def served(tmp_path: Any) -> Iterator[Callable[[Any], str]]:
    """Return a function that serves raw answers, and the path of a kubeconfig for it."""
    servers = []

    def serve(answer: Any) -> str:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                try:
                    if callable(answer):
                        answer(self.wfile)
                    else:
                        self.wfile.write(answer)
                except OSError:
                    pass

        made = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(made)
        path = tmp_path / "kubeconfig"
        path.write_text(kubeconfig(f"http://127.0.0.1:{made.server_address[1]}"))
        return str(path)

    yield serve
    for made in servers:
        made.shutdown()
        made.server_close()


def kubeconfig(server: str, token: str = "geheim") -> str:
    """Return a kubeconfig for one server."""
    return (
        "apiVersion: v1\nkind: Config\ncurrent-context: it\n"
        f"clusters: [{{name: it, cluster: {{server: '{server}'}}}}]\n"
        f"users: [{{name: it, user: {{token: {token}}}}}]\n"
        "contexts: [{name: it, context: {cluster: it, user: it}}]\n"
    )


ANSWERS = {
    "401": http("401 Unauthorized", b'{"message": "no"}'),
    "403": http("403 Forbidden", b'{"message": "no"}'),
    "302": http("302 Found", b"", "Location: https://login.example.com/"),
    "404": http("404 Not Found", b"404 page not found"),
    "500": http("500 Internal Server Error", b"{}"),
    "HTML": http("200 OK", HTML, "Content-Type: text/html"),
    "nothing": http("200 OK", b""),
    "a list": http("200 OK", b"[]"),
    "null": http("200 OK", b"null"),
    "items of a wrong type": http("200 OK", b'{"items": "x"}'),
    "items that are no objects": http("200 OK", b'{"items": [1]}'),
    "metadata of a wrong type": http("200 OK", b'{"items": [], "metadata": []}'),
    "latin-1": http("200 OK", b'{"items": ["\xe9"]}'),
    "deep JSON": http("200 OK", b"[" * 100_000),
    "a list without end": http("200 OK", b'{"items": [{}], "metadata": {"continue": "t"}}'),
    "cut off": http("200 OK", b"{}")[:-1],
    "no HTTP": b"\x00\x01\x02\r\n\r\n",
    "no gzip": http("200 OK", b"xx", "Content-Encoding: gzip"),
}
NO_LISTS = {
    "JSON of another service": http("200 OK", b'{"status": "ok"}'),
    "a refusal called success": http("200 OK", b'{"kind": "Status", "status": "Failure", "code": 403, "message": "no"}'),
    "a list of resources": http("200 OK", b'{"kind": "APIResourceList", "resources": [], "items": []}'),
    "a table": http("200 OK", b'{"kind": "Table", "rows": [], "items": []}'),
    "a part": http("206 Partial Content", b'{"items": []}'),
}


@pytest.mark.parametrize("answer", [*ANSWERS.values(), *NO_LISTS.values()], ids=[*ANSWERS, *NO_LISTS])
def test_leftovers(answer: bytes, served: Any, capsys: Any) -> None:
    """No answer counts as an empty cluster: the command refuses, in a line, and never says that nothing is left."""
    assert main(["leftovers", "--kubeconfig", served(answer)]) == ExitCode.REFUSED
    told = capsys.readouterr()
    assert "nothing is left" not in told.out
    assert "Traceback" not in told.err
    assert "report" not in told.err
    assert told.err.strip()
    assert "geheim" not in told.out + told.err


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_wait(answer: bytes, served: Any, capsys: Any, monkeypatch: Any) -> None:
    """A wait ends in time with a reason, whatever the server answers."""
    monkeypatch.setattr("kaito_iac.readiness.follow.PAUSES", (0.05,))
    begun = time.monotonic()
    code = main(["wait", "workspace/chat", "--timeout", "0.1", "--kubeconfig", served(answer)])
    assert code in (ExitCode.REFUSED, ExitCode.LATE)
    assert time.monotonic() - begun < 40
    assert "Traceback" not in capsys.readouterr().err


def drip(stream: Any) -> None:
    """Answers one byte after the other, without end."""
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        stream.write(b" ")
        stream.flush()
        time.sleep(0.2)


def test_a_server_that_drips(served: Any, capsys: Any) -> None:
    """A byte now and then does not hold the wait beyond its time."""
    begun = time.monotonic()
    assert main(["wait", "workspace/chat", "--timeout", "0.1", "--kubeconfig", served(drip)]) == ExitCode.LATE
    assert time.monotonic() - begun < 40


def test_a_list_of_more_pages_than_any(served: Any, monkeypatch: Any) -> None:
    """A list whose pages never end is no list, though each page is a new one."""
    monkeypatch.setattr("kaito_iac.readiness.cluster.MOST_PAGES", 5)
    count = iter(range(100))

    def answer(stream: Any) -> None:
        stream.write(http("200 OK", b'{"items": [{}], "metadata": {"continue": "%d"}}' % next(count)))

    with pytest.raises(connection.ClusterError, match=r"the list has more than 5 pages, or takes more than 300 s$"):
        open_cluster(kubeconfig=served(answer)).items("/api/v1/nodes")
    assert next(count) < 10


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_kubeconfig_from_a_pipe(tmp_path: Any, monkeypatch: Any) -> None:
    """A kubeconfig may come from a pipe, is read once, and one that no one writes is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(kubeconfig("http://127.0.0.1:9"),))
    writer.start()
    assert connection.connect(str(tmp_path / "pipe"), None).server == "http://127.0.0.1:9"
    writer.join()
    monkeypatch.setattr("kaito_iac.files.PIPE_SECONDS", 0.1)
    with pytest.raises(connection.NoConfig, match=r"pipe: a pipe that is silent for 0.1 s"):
        connection.connect(str(tmp_path / "pipe"), None)


def test_an_answer_that_unpacks_without_end(served: Any, monkeypatch: Any, capsys: Any) -> None:
    """The bound is on what an answer unpacks to."""
    monkeypatch.setattr(connection, "ANSWER_BYTES", 2**20)
    path = served(http("200 OK", gzip.compress(b" " * 2**24), "Content-Encoding: gzip"))
    assert main(["leftovers", "--kubeconfig", path]) == ExitCode.REFUSED
    assert "answers more than 1,048,576 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["inf", "1e308", "nan", "20000"])
def test_timeouts_that_are_none(minutes: str, served: Any, capsys: Any) -> None:
    """A time without end is refused."""
    assert main(["wait", "workspace/chat", "--timeout", minutes, "--kubeconfig", "x"]) in (ExitCode.REFUSED, ExitCode.USAGE)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("end", ["\\n", "\\r\\n", " "], ids=["a line end", "a Windows line end", "a blank"])
def test_a_token_with_a_line_end(end: str, tmp_path: Any, capsys: Any) -> None:
    """A line end behind a token, as files have it, is no part of it."""
    (tmp_path / "k").write_text(kubeconfig("http://127.0.0.1:9", f'"geheim{end}"'))
    main(["leftovers", "--kubeconfig", str(tmp_path / "k")])
    told = capsys.readouterr().err
    assert told.startswith("kaito-iac: the API server http://127.0.0.1:9 cannot be reached: ")
    assert "geheim" not in told


@pytest.mark.parametrize("token", ['"ge\\nheim"', '"ge\\0heim"', '"geheimé"', "[geheim]", "{a: geheim}"])
def test_a_token_that_is_none(token: str, tmp_path: Any, capsys: Any) -> None:
    """A token that no header may hold is refused without repeating it."""
    (tmp_path / "k").write_text(kubeconfig("http://127.0.0.1:9", token))
    assert main(["leftovers", "--kubeconfig", str(tmp_path / "k")]) == ExitCode.REFUSED
    told = capsys.readouterr().err
    assert "heim" not in told
    assert "Traceback" not in told


def test_a_password_in_the_address(tmp_path: Any, capsys: Any) -> None:
    """What a kubeconfig writes into the address of its server is not printed."""
    (tmp_path / "k").write_text(kubeconfig("http://me:geheim@127.0.0.1:9"))
    assert main(["leftovers", "--kubeconfig", str(tmp_path / "k")]) == ExitCode.REFUSED
    told = capsys.readouterr().err
    assert told.startswith("kaito-iac: the API server http://127.0.0.1:9 cannot be reached: ")
    assert "geheim" not in told


MUTATIONS = [
    "a: 1",
    "[]",
    "clusters: 5\ncurrent-context: it",
    kubeconfig("x").replace("clusters: [", "clusters: [null, "),
    kubeconfig("x").replace("cluster: {server: 'x'}", "cluster: 5"),
    kubeconfig("x").replace("user: {", "user: 5, x: {"),
    kubeconfig("x").replace("token: geheim", "client-certificate-data: '***'"),
    kubeconfig("x").replace("token: geheim", "exec: {command: [1]}"),
    kubeconfig("x").replace("token: geheim", "auth-provider: 5"),
    kubeconfig("[::1"),
    "a: " + "[" * 10_000,
    "a: !!int x",
    "a: !!timestamp x",
    "#" * 2**20 + "#",
]


@pytest.mark.parametrize("content", MUTATIONS, ids=range(len(MUTATIONS)))
def test_kubeconfigs_of_a_wrong_shape(content: str, tmp_path: Any, capsys: Any) -> None:
    """A kubeconfig of a wrong shape is refused in a line, as a file and as content."""
    (tmp_path / "k").write_text(content)
    assert main(["leftovers", "--kubeconfig", str(tmp_path / "k")]) == ExitCode.REFUSED
    told = capsys.readouterr().err
    assert told.startswith(("kaito-iac: no cluster: ", "kaito-iac: cannot read the kubeconfig ", "kaito-iac: the API server "))
    assert "geheim" not in told
    with pytest.raises(connection.ClusterError):
        open_cluster(kubeconfig=content + "\n").items("/api/v1/nodes")

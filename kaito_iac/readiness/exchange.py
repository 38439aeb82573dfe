"""Ends an exchange with a server at its time, whatever the server sends: one that drips is never silent, and never done."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

_OF_THREAD = threading.local()
"""The sockets that the exchange of this thread uses."""


@contextlib.contextmanager
def cut_after(pools: Any, seconds: float) -> Iterator[threading.Event]:
    """Shut down what an exchange through a pool manager of urllib3 uses after so many seconds; the event is set if that happened.

    Headers, sizes of chunks and trailers are read line by line, each byte with the patience of the whole answer.
    """
    pools.pool_classes_by_scheme = _pools()
    used: list[socket.socket] = []
    done = threading.Event()
    _OF_THREAD.used = used

    def cut() -> None:
        done.set()
        for one in used:
            with contextlib.suppress(OSError, ValueError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # of the system, below TLS

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield done
    finally:
        timer.cancel()
        _OF_THREAD.used = []


@cache
def _pools() -> dict[str, type]:
    """Return the pools of urllib3, whose connections take note of their socket before they wait for an answer."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection

    def noted(connection: Any) -> None:
        if isinstance(connection.sock, socket.socket):
            getattr(_OF_THREAD, "used", []).append(connection.sock)

    class Noted(HTTPConnection):
        def getresponse(self) -> Any:
            noted(self)
            return super().getresponse()

    class NotedTls(HTTPSConnection):
        def getresponse(self) -> Any:
            noted(self)
            return super().getresponse()

    Noted.__name__, NotedTls.__name__ = HTTPConnection.__name__, HTTPSConnection.__name__  # errors show the name

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Noted

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = NotedTls

    return {"http": PlainPool, "https": EncryptedPool}

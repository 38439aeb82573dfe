"""Calls back into the program over gRPC, and refuses a call the way the engine does."""

from __future__ import annotations

from typing import Any

import grpc
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc


class Refused(grpc.RpcError):  # type: ignore[misc]  # grpc ships no types
    """A refused call, in the shape the SDK expects of a remote one."""

    def __init__(self, details: str) -> None:
        super().__init__(details)
        self._details = details

    def code(self) -> grpc.StatusCode:
        """Return the status of a request that makes no sense."""
        return grpc.StatusCode.INVALID_ARGUMENT

    def details(self) -> str:
        """Return the refusal in words."""
        return self._details


class Callbacks:
    """The program's callback servers, connected on first use."""

    def __init__(self) -> None:
        self._channels: dict[str, Any] = {}

    def call(self, callback: callback_pb2.Callback, request: bytes) -> bytes:
        """Run one callback and return what it answers."""
        channel = self._channels.get(callback.target)
        if channel is None:
            channel = self._channels[callback.target] = grpc.insecure_channel(callback.target)
        stub = callback_pb2_grpc.CallbacksStub(channel)
        try:
            answer = stub.Invoke(callback_pb2.CallbackInvokeRequest(token=callback.token, request=request))
        except grpc.RpcError as error:
            raise Refused(str(error.details())) from None
        return bytes(answer.response)

    def close(self) -> None:
        """Close every connection."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()

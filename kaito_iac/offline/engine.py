"""The engine service: takes the log of a program."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from kaito_iac import errors
from kaito_iac.offline.recording import LogEntry, Severity
from kaito_iac.offline.values import Decoder

_SEVERITIES: Final[dict[int, Severity]] = {
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


class Engine(engine_pb2_grpc.EngineServicer):
    """Keeps log lines; drops debug lines, of which the SDK writes about ten per resource."""

    def __init__(self, decoder: Decoder) -> None:
        self.logs: list[LogEntry] = []
        self._decoder = decoder
        self._root = ""

    def Log(self, request: engine_pb2.LogRequest, context: Any = None) -> empty_pb2.Empty:
        """Take one line."""
        severity = _SEVERITIES.get(request.severity)
        if severity is not None and not request.ephemeral and not errors.beyond.get():
            self.logs.append(LogEntry(severity, self._decoder.text(request.message), request.urn))
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any = None) -> engine_pb2.GetRootResourceResponse:
        """Return the URN of the stack."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(
        self, request: engine_pb2.SetRootResourceRequest, context: Any = None
    ) -> engine_pb2.SetRootResourceResponse:
        """Take the URN of the stack."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: Any, context: Any = None) -> Any:
        """Accept every required version: there is no CLI here that could be too old."""
        return engine_pb2.RequirePulumiVersionResponse()

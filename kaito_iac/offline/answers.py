"""The answers of the outside world: provider functions, references to other stacks, builtin resources."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from kaito_iac.offline.callbacks import Refused
from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.recording import Unseen
from kaito_iac.offline.values import Decoder, encode, encoded
from kaito_iac.stack.pulumi_markers import UNKNOWN_TEXT
from kaito_iac.stack.resource import Secret

_REFERENCE: Final = "pulumi:pulumi:StackReference"
_STASH: Final = "pulumi:index:Stash"


class Answers:
    """Answers what was supplied, and says of everything else that it is unseen."""

    def __init__(self, deployment: Deployment, see_not: Callable[[Unseen], None], refused: Callable[[str], Refused]) -> None:
        self._deployment = deployment
        self._see_not = see_not
        self._refused = refused
        self.doubt: str | None = None
        """Why a value without a source may be unknown, once a function went unanswered."""

    def invoke(self, request: resource_pb2.ResourceInvokeRequest, decoder: Decoder) -> resource_pb2.ResourceInvokeResponse:
        """Return the supplied result, an unknown one where the program can carry it, or refuse with a way out."""
        if request.tok in self._deployment.invokes:
            answer = self._deployment.invokes[request.tok]
            if callable(answer):
                answer = answer(decoder.struct(request.args, lambda _: "unknown"))
            response = resource_pb2.ResourceInvokeResponse()
            getattr(response, "return").CopyFrom(encoded(answer))
            return response
        reason = f"result of {request.tok}, which was not supplied"
        self._see_not(Unseen(request.tok, "result of a provider function that was not supplied"))
        if _wants_a_plain_value(request.tok):
            words = f"the program needs the result of {request.tok} at once; supply it: invokes={{{request.tok!r}: {{...}}}}"
            raise self._refused(words)
        self.doubt = self.doubt or reason
        return resource_pb2.ResourceInvokeResponse(unknown=True)

    def read(self, request: resource_pb2.ReadResourceRequest, urn: str, blind: dict[str, str]) -> struct_pb2.Struct:
        """Return the state of a looked-up resource: the outputs of another stack, or no more than the program knows."""
        if request.type != _REFERENCE:
            blind[urn] = f"read from the cloud as {request.name}"
            self._see_not(Unseen(urn, "state of a resource that is only read"))
            return request.properties
        name = request.properties.fields["name"].string_value
        outputs = self._outputs(name)
        if outputs is None:
            blind[urn] = f"output of stack {name}, which was not supplied"
            self._see_not(Unseen(name, "outputs of a stack that were not supplied"))
            return encoded({"name": name, "outputs": UNKNOWN_TEXT, "secretOutputNames": UNKNOWN_TEXT})
        secret = sorted(key for key, value in outputs.items() if isinstance(value, Secret))
        return encoded({"name": name, "outputs": encode(outputs), "secretOutputNames": secret})

    def created(self, request: resource_pb2.RegisterResourceRequest) -> struct_pb2.Struct:
        """Return the state after creation: the inputs, for the engine's Stash its output too, and identities as Azure answers."""
        if request.type.startswith("azure-native:"):
            return _with_identities(request.object)
        if request.type != _STASH:
            return request.object
        state = struct_pb2.Struct()
        state.CopyFrom(request.object)
        state.fields["output"].CopyFrom(request.object.fields["input"])
        return state

    def _outputs(self, name: str) -> Mapping[str, Any] | None:
        """Return the supplied outputs; a short name means the own organization, and the own project."""
        parts = name.split("/")
        own = (self._deployment.organization, self._deployment.project)
        full = "/".join([*own[: 3 - len(parts)], *parts])
        return self._deployment.references.get(name, self._deployment.references.get(full))


def _with_identities(given: struct_pb2.Struct) -> struct_pb2.Struct:
    """Return an Azure resource's user-assigned identities as a mapping: they are a list of ids as an input, and only there."""
    fields = given.fields["identity"].struct_value.fields if "identity" in given.fields else {}
    if "userAssignedIdentities" not in fields or fields["userAssignedIdentities"].WhichOneof("kind") != "list_value":
        return given
    listed = [identity.string_value for identity in fields["userAssignedIdentities"].list_value.values]
    state = struct_pb2.Struct()
    state.CopyFrom(given)
    named = state.fields["identity"].struct_value.fields["userAssignedIdentities"].struct_value
    named.CopyFrom(encoded({identity: {} for identity in listed}))
    return state


def _wants_a_plain_value(token: str) -> bool:
    """Report whether the program waits for the result itself, not for an output; only the call stack can tell."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "invoke" and frame.f_globals.get("__name__") == "pulumi.runtime.invoke":
            return bool(frame.f_locals.get("tok") == token)
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    return False

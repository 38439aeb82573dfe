"""The answers of the outside world: provider functions, references to other stacks, builtin resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2

from kaito_iac.offline.callbacks import Refused
from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.functions import FUNCTIONS, Call
from kaito_iac.offline.recording import NOT_SUPPLIED, Unseen
from kaito_iac.offline.renderer import NotRendered
from kaito_iac.offline.values import Decoder, encode, encoded, unknown_in
from kaito_iac.problem import Unknown
from kaito_iac.stack.pulumi_markers import SELF, UNKNOWN_TEXT
from kaito_iac.stack.resource import Secret, conceal

_REFERENCE: Final = "pulumi:pulumi:StackReference"
_STASH: Final = "pulumi:index:Stash"


class Answers:
    """Return what was supplied; everything else is unknown."""

    def __init__(
        self,
        deployment: Deployment,
        see_not: Callable[[Unseen], None],
        refused: Callable[[str], Refused],
        settings: Callable[[str, str], Mapping[str, Any]],
    ) -> None:
        self._deployment = deployment
        self._see_not = see_not
        self._refused = refused
        self._settings = settings
        self.doubt: str | None = None
        """Why a value without a source may be unknown, once a function went unanswered."""
        self.partly: dict[str, tuple[str, ...]] = {}
        """Token to the properties of its last result that alone are unknown."""
        self._secret: set[str] = set()

    def invoke(self, request: resource_pb2.ResourceInvokeRequest, decoder: Decoder) -> resource_pb2.ResourceInvokeResponse:
        """Return the supplied result, one that needs no cloud, or an unknown one, which a program can carry or walk."""
        args = decoder.struct(request.args, lambda _: "unknown")
        answer = self._answer(request, args)
        self.partly.pop(request.tok, None)
        if answer is not None:
            self.partly[request.tok] = tuple(key for key, value in answer.items() if isinstance(value, Unknown))
            response = resource_pb2.ResourceInvokeResponse()
            known = {key: value for key, value in answer.items() if not isinstance(value, Unknown)}
            getattr(response, "return").CopyFrom(encoded(known))
            return response
        self._see_not(
            Unseen(
                request.tok,
                "result of a provider function that was not supplied",
                piece(request.tok, {} if request.tok in self._secret else args),
            )
        )
        self.doubt = self.doubt or f"result of {request.tok}, which was not supplied"
        return resource_pb2.ResourceInvokeResponse(unknown=True)

    def call(self, request: resource_pb2.ResourceCallRequest, decoder: Decoder) -> provider_pb2.CallResponse:
        """Return the supplied result of a method, looked up without the resource that it is called on, or an unknown one."""
        args = decoder.struct(request.args, lambda _: "unknown")
        args.pop(SELF, None)
        answer = self._supplied(request.tok, args)
        if answer is None:
            self._see_not(Unseen(request.tok, "result of a method that only its provider can compute", piece(request.tok, args)))
            answer = {"result": UNKNOWN_TEXT}
        response = provider_pb2.CallResponse()
        getattr(response, "return").CopyFrom(encoded(answer))
        return response

    def _answer(self, request: resource_pb2.ResourceInvokeRequest, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if unknown_in(args) is not None:
            return None
        supplied = self._supplied(request.tok, args)
        if supplied is not None:
            return supplied
        known = FUNCTIONS.get(request.tok)
        if known is None:
            return None
        try:
            return known(Call(args, self._settings(request.tok.partition(":")[0], request.provider)))
        except NotRendered as error:
            raise self._refused(str(error)) from None

    def _supplied(self, token: str, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        answer = self._deployment.invokes.get(token)
        return answer(args) if callable(answer) else answer

    def hidden(self, token: str, secret: bool) -> None:
        """Hear whether a secret is among the arguments of the next call of a function."""
        (self._secret.add if secret else self._secret.discard)(token)

    def unknown_keys(self, token: str) -> tuple[str, ...]:
        """Return the properties of the last result of a function that alone are unknown."""
        return self.partly.get(token, ())

    def looped(self, token: str) -> None:
        """Note that a program loops over a result that is not known."""
        self._see_not(Unseen(token, "the program loops over the result, which is not known: one turn is planned"))

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
            self._see_not(Unseen(name, NOT_SUPPLIED))
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


def piece(token: str, args: Mapping[str, Any]) -> str:
    """Return what a file of results has to hold for a call."""
    return json.dumps({"token": token, "args": conceal(args), "result": {}}, default=str)

"""The resource monitor: takes what a program registers, answers as the engine does in a preview or a first update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, Final

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, provider_pb2, resource_pb2, resource_pb2_grpc

from kaito_iac import errors
from kaito_iac.offline import source, transforms, urns
from kaito_iac.offline.answers import Answers
from kaito_iac.offline.callbacks import Refused
from kaito_iac.offline.deployment import Deployment
from kaito_iac.offline.inheritance import Inheritance
from kaito_iac.offline.options import options_of
from kaito_iac.offline.recording import Unseen
from kaito_iac.offline.values import Decoder, encoded, mark_secret, walks_in, without_walks
from kaito_iac.problem import Unknown
from kaito_iac.stack.decoder import set_by
from kaito_iac.stack.pulumi_markers import UNKNOWN_TEXT, UNKNOWNS
from kaito_iac.stack.resource import Resource, reveal

LATER: Final = "known only after the update"
"""Why a value is unknown when no better reason is known."""

_LEFT_OUT: Final = ("STATE_MIGRATIONS", "INVOKE_DEPENDS_ON", "INVOKE_PARENT", "BYTE_STRING")


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """Records every registration of one run; usable in process or served over gRPC."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.decoder = Decoder(deployment.encrypted)
        self.unseen: list[Unseen] = []
        self.refusals: list[str] = []
        """What was refused, in words for the user."""
        self._resources: dict[str, Resource] = {}
        self._states: dict[str, tuple[str, struct_pb2.Struct]] = {}
        self._made: dict[str, int] = {}
        """Places of resources among all that the program makes."""
        self._beyond: set[str] = set()
        """What was registered after a refusal that would have ended the program."""
        self._raw_exports = struct_pb2.Struct()
        self._blind: dict[str, str] = {}
        self._inheritance = Inheritance()
        self._transforms = transforms.Transforms()
        self.answers = Answers(deployment, self._see_not, self._refused, self._settings)
        self._lock = Lock()

    def resources(self, exports: Mapping[str, Any]) -> tuple[Resource, ...]:
        """Return everything recorded, in the order in which the program made it, the stack with its exports."""
        recorded = (one for one in self._resources.values() if one.urn not in self._beyond)
        found = sorted(recorded, key=lambda one: self._made[one.urn])
        return tuple(replace(one, outputs=exports) if one.type == urns.STACK_TYPE else one for one in found)

    def exports(self, sources: Mapping[str, Iterable[str]]) -> dict[str, Any]:
        """Return the stack outputs; `sources` names the URNs that each depends on."""
        return self.decoder.struct(self._raw_exports, lambda name: self._reason(sources.get(name, ())))

    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: Any = None
    ) -> resource_pb2.RegisterResourceResponse:
        """Record a resource and echoes its inputs; what only a provider knows stays unknown in a preview."""
        unnamed = UNKNOWN_TEXT in request.name
        if unnamed or walks_in(request.object):
            request = without_walks(request)
        self._inheritance.inherit(request)
        request = self._transforms.apply(request)
        self._inheritance.resolve(request)
        with self._lock:
            urn = self._claim(request) if not unnamed else self._claim_numbered(request)
            identity = self._identity(request)
            state = self._state(request)
            self._record(urn, request, identity, state)
            self._inheritance.remember(urn, request)
            self._transforms.remember(urn, request)
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identity, object=state)

    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest, context: Any = None
    ) -> empty_pb2.Empty:
        """Record the outputs of a component or of the stack."""
        with self._lock:
            if request.urn in self._resources:
                found = self._resources[request.urn]
                if found.type == urns.STACK_TYPE:
                    if errors.beyond.get():
                        return empty_pb2.Empty()
                    self._raw_exports = request.outputs
                outputs = self.decoder.struct(request.outputs, lambda _: LATER)
                self._resources[request.urn] = replace(found, outputs=outputs)
                self._states[request.urn] = ("", request.outputs)
        return empty_pb2.Empty()

    def ReadResource(self, request: resource_pb2.ReadResourceRequest, context: Any = None) -> resource_pb2.ReadResourceResponse:
        """Record a look-up; only references to other stacks can be answered, from what was supplied."""
        with self._lock:
            urn = self._claim(request)
            state = self.answers.read(request, urn, self._blind)
            state = mark_secret(state, tuple(request.additionalSecretOutputs))
            self._states[urn] = (request.id, state)
            self._resources[urn] = Resource(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent or None,
                custom=True,
                read=True,
                id=Unknown(LATER) if request.id in UNKNOWNS else request.id,
                inputs=self.decoder.struct(request.properties, lambda _: LATER),
                outputs=self.decoder.struct(state, lambda _: self._blind.get(urn, LATER)),
                provider=readable_provider(request.provider),
                options=options_of(request, urn),
                source=source.shown(request.sourcePosition),
            )
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=state)
        if "id" in response.DESCRIPTOR.fields_by_name and request.id not in UNKNOWNS:
            response.id = request.id
        return response

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest, context: Any = None) -> resource_pb2.ResourceInvokeResponse:
        """Answer a provider function from what was supplied; else its result is unknown."""
        if request.tok == "pulumi:pulumi:getResource":
            return self._get_resource(request.args.fields["urn"].string_value)
        return self.answers.invoke(self._transforms.apply_to_invoke(request), self.decoder)

    def Call(self, request: resource_pb2.ResourceCallRequest, context: Any = None) -> provider_pb2.CallResponse:
        """Answer a method of a resource that a plugin implements from what was supplied; else its result is unknown."""
        return self.answers.call(request, self.decoder)

    def SupportsFeature(
        self, request: resource_pb2.SupportsFeatureRequest, context: Any = None
    ) -> resource_pb2.SupportsFeatureResponse:
        """Report yes to everything the engine of the CLI supports and this one honours."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id != "stateMigrations")

    def GetDeploymentInfo(self, request: empty_pb2.Empty, context: Any = None) -> Any:
        """Describe the run."""
        enumeration = resource_pb2.ResourceMonitorFeature
        return resource_pb2.DeploymentInfo(
            project=self.deployment.project,
            stack=self.deployment.stack,
            organization=self.deployment.organization,
            config=self.deployment.config,
            configSecretKeys=self.deployment.secret_keys,
            dryRun=self.deployment.dry_run,
            supportedFeatures=[number for name, number in enumeration.items() if not name.endswith(_LEFT_OUT)],
        )

    def RegisterStackTransform(self, request: callback_pb2.Callback, context: Any = None) -> empty_pb2.Empty:
        """Take a transform that changes every resource registered from now on."""
        self._transforms.stack.append(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback, context: Any = None) -> empty_pb2.Empty:
        """Take a transform that changes every provider function called from now on."""
        self._transforms.invokes.append(request)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: resource_pb2.RegisterResourceHookRequest, context: Any = None) -> empty_pb2.Empty:
        """Accept a hook; it never runs, because nothing is created."""
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any, context: Any = None) -> empty_pb2.Empty:
        """Accept a hook; it never runs, because nothing fails."""
        return empty_pb2.Empty()

    def RegisterPackage(
        self, request: resource_pb2.RegisterPackageRequest, context: Any = None
    ) -> resource_pb2.RegisterPackageResponse:
        """Accept a parameterized package."""
        return resource_pb2.RegisterPackageResponse(ref=f"{request.name}@{request.version}/{request.parameterization.name}")

    def ExistsResource(self, request: Any, context: Any = None) -> Any:
        """Report that it is unknown whether a resource exists."""
        self._see_not(Unseen(request.type, f"whether {request.id} exists"))
        return resource_pb2.ExistsResourceResponse(unknown=True)

    def SignalAndWaitForShutdown(self, request: empty_pb2.Empty, context: Any = None) -> empty_pb2.Empty:
        """Let the program end at once."""
        return empty_pb2.Empty()

    def close(self) -> None:
        """End the connections to the callbacks of the program."""
        self._transforms.close()

    def _claim(self, request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest) -> str:
        urn = self._urn(request)
        if urn in self._resources:
            called = f"two resources of type {request.type} are called {request.name!r}"
            raise self._refused(f"{called}; give one of them another name (URN {urn})")
        self._made[urn] = request.sourcePosition.column
        if errors.beyond.get():
            self._beyond.add(urn)
        return urn

    def _claim_numbered(self, request: resource_pb2.RegisterResourceRequest) -> str:
        """Claim a name that holds an unknown; names that would differ but for it are numbered."""
        name, number = request.name, 1
        while self._urn(request) in self._resources:
            number += 1
            request.name = f"{name}-{number}"
        return self._claim(request)

    def _urn(self, request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest) -> str:
        return urns.build(self.deployment.stack, self.deployment.project, request.parent, request.type, request.name)

    def _refused(self, words: str) -> Refused:
        self.refusals.append(words)
        return Refused(words)

    def _identity(self, request: resource_pb2.RegisterResourceRequest) -> str:
        if not request.custom:
            return ""
        if request.importId:
            return request.importId
        return "" if self.deployment.dry_run else f"{request.name}-id"

    def _state(self, request: resource_pb2.RegisterResourceRequest) -> struct_pb2.Struct:
        if not request.custom:
            return struct_pb2.Struct()
        state = self.answers.created(request)
        return mark_secret(state, tuple(request.additionalSecretOutputs))

    def _record(self, urn: str, request: resource_pb2.RegisterResourceRequest, identity: str, state: struct_pb2.Struct) -> None:
        if request.remote:
            reason = f"made by the plugin of {urns.package_of(request.type)}"
            self._blind[urn] = reason
            self._see_not(Unseen(urn, f"children and outputs of a component {reason}"))
        dependencies = {key: found.urns for key, found in request.propertyDependencies.items()}
        inputs = self.decoder.struct(request.object, lambda key: self._reason(dependencies.get(key, ())))
        everything = [urn for found in dependencies.values() for urn in found]
        outputs = inputs
        if state is not request.object:
            outputs = self.decoder.struct(state, lambda key: self._reason(dependencies.get(key, everything)))
        self._states[urn] = (identity, state)
        self._resources[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent or None,
            custom=request.custom,
            inputs=inputs,
            outputs=outputs,
            provider=readable_provider(request.provider) if request.custom or request.remote else "",
            options=options_of(request, urn),
            id=(identity or Unknown(LATER)) if request.custom else None,
            remote=request.remote,
            space=self._space(request.type, request.provider),
            source=source.shown(request.sourcePosition),
        )

    def _reason(self, sources: Iterable[str]) -> str:
        wanted = set(sources)
        blind = [self._blind[urn] for urn in self._blind if urn in wanted]
        if blind:
            return blind[0]
        found = [urns.name_of(urn) for urn in self._resources if urn in wanted] if wanted else []
        if found:
            return set_by(found).reason
        return self.answers.doubt or LATER

    def _get_resource(self, urn: str) -> resource_pb2.ResourceInvokeResponse:
        if urn not in self._states:
            raise self._refused(f"no resource has the URN {urn}")
        identity, state = self._states[urn]
        response = resource_pb2.ResourceInvokeResponse()
        found = encoded({"urn": urn, "id": identity})
        found.fields["state"].struct_value.CopyFrom(state)
        getattr(response, "return").CopyFrom(found)
        return response

    def _settings(self, package: str, provider: str) -> Mapping[str, Any]:
        """Return what a provider is configured with: its own inputs, else the configuration of the stack."""
        explicit = self._resources.get(provider.rpartition("::")[0])
        if explicit is not None:
            return reveal(explicit.inputs)  # type: ignore[no-any-return]  # a mapping, as inputs of the monitor are
        prefix = f"{package}:"
        return {key.removeprefix(prefix): value for key, value in self.deployment.config.items() if key.startswith(prefix)}

    def _space(self, kind: str, provider: str) -> Any:
        """Return the namespace that a provider, else the configuration of the stack, gives objects that name none."""
        if not kind.startswith("kubernetes:"):
            return None
        explicit = self._resources.get(provider.rpartition("::")[0])
        if explicit is None:
            return reveal(self.deployment.config.get("kubernetes:namespace")) or None
        return reveal(explicit.inputs.get("namespace")) or None

    def _see_not(self, unseen: Unseen) -> None:
        if unseen not in self.unseen and not errors.beyond.get():
            self.unseen.append(unseen)


def readable_provider(reference: str) -> str:
    """Return a provider reference with the word `unknown` in the place of an id that is not known yet."""
    urn, separator, identity = reference.rpartition("::")
    return f"{urn}{separator}unknown" if identity in UNKNOWNS else reference

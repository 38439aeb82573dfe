"""Runs a policy pack on a recording: the pack as a process of its own, spoken to as the engine of the CLI would."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from kaito_iac.offline import pack_config
from kaito_iac.offline.pack import BAD_PACK, Pack
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.offline.subject import Subjects
from kaito_iac.problem import Problem
from kaito_iac.rules.policy_config import BAD_CONFIG
from kaito_iac.stack.resource import Resource

Level = Literal["advisory", "mandatory", "disabled", "remediate"]

_MESSAGE_BYTES: Final = 400 * 1024 * 1024  # what the SDK allows itself


@dataclass(frozen=True, slots=True)
class PolicyViolation:
    """One message of a policy."""

    policy: str
    pack: str
    level: Level
    message: str
    urn: str
    """The resource it is about; empty for the stack as a whole."""
    severity: str = ""
    """`low`, `medium`, `high`, `critical`, or empty when the policy names none."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer of a pack."""

    violations: tuple[PolicyViolation, ...]
    policies: tuple[str, ...]
    """Names of all its policies."""


def analyze(
    recording: Recording, pack: Path, *, config: Mapping[str, Any] | None = None, timeout_seconds: float = 60
) -> tuple[PolicyViolation, ...]:
    """Return what the policies of a pack report about a recording, resource by resource and then about the stack.

    `config` is what `--policy-pack-config` names: levels and settings by policy name, `all` for every policy.
    Raises `Refusal` when the pack cannot run, fails, takes longer than the time given, or rejects the config.
    """
    return analysis(recording, pack, config=config, timeout_seconds=timeout_seconds).violations


def analysis(
    recording: Recording,
    pack: Path,
    *,
    config: Mapping[str, Any] | None = None,
    timeout_seconds: float = 60,
    shared: bool = False,
) -> Analysis:
    """Return what a pack says as `analyze` does, and its policies; `shared`: the config may name policies of other packs."""
    deadline = time.monotonic() + timeout_seconds
    with Pack(Path(pack), recording) as started:
        port = started.port(timeout_seconds)
        options = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            session = _Session(analyzer_pb2_grpc.AnalyzerStub(channel), deadline, started.name, shared=shared)
            try:
                violations = tuple(session.violations(recording, config or {}))
                return Analysis(violations, tuple(session.policies))
            except grpc.RpcError as error:
                late = error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
                found = f"not done after {timeout_seconds:g} seconds" if late else f"failed: {error.details()}"
                raise Refusal(
                    f"Policy pack '{started.name}'", [Problem(BAD_PACK, str(pack), found, "an answer", started.error_output())]
                ) from None


class _Session:
    def __init__(self, stub: Any, deadline: float, name: str, *, shared: bool) -> None:
        self._stub = stub
        self._deadline = deadline
        self._name = name
        self._shared = shared
        self.policies: dict[str, str] = {}
        """Severity by name of the policy."""

    def violations(self, recording: Recording, config: Mapping[str, Any]) -> Iterator[PolicyViolation]:
        """Configure the pack and ask it about everything."""
        self._introduce(recording)
        info = self._call("GetAnalyzerInfo", empty_pb2.Empty())
        self.policies = {policy.name: _severity(policy.severity) for policy in info.policies}
        settings = pack_config.reconcile(info, config, self._name, shared=self._shared)
        self._configure(settings)
        awake = _awake(info, settings)
        subjects = Subjects(recording)
        if "resource" in awake:
            for resource in recording.resources:
                if not resource.read:
                    yield from self._about(resource, subjects, remediates="remediation" in awake)
        if "stack" in awake:
            yield from self._found(self._call("AnalyzeStack", subjects.stack()))

    def _configure(self, settings: Mapping[str, Any]) -> None:
        """Hand over the settings; raise `Refusal` where the pack itself refuses them."""
        try:
            self._call("Configure", analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=settings))
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.INVALID_ARGUMENT:
                raise
            problem = Problem(BAD_CONFIG, self._name, error.details(), "a configuration that the pack takes")
            raise Refusal(f"Config of policy pack '{self._name}'", [problem]) from None

    def _introduce(self, recording: Recording) -> None:
        request = getattr(analyzer_pb2, "AnalyzerStackConfigureRequest", None)
        if request is None:
            return
        try:
            self._call(
                "ConfigureStack",
                request(
                    stack=recording.stack,
                    project=recording.project,
                    organization=recording.organization,
                    dry_run=recording.dry_run,
                ),
            )
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNIMPLEMENTED:
                raise

    def _about(self, resource: Resource, subjects: Subjects, *, remediates: bool) -> Iterator[PolicyViolation]:
        if remediates:
            answer = self._call("Remediate", subjects.request(resource))
            for remedy in answer.remediations:
                if remedy.diagnostic:
                    yield self._violation(remedy.policyName, remedy.policyPackName, "remediate", remedy.diagnostic, resource.urn)
                elif remedy.HasField("properties"):
                    subjects.change(resource, remedy.properties)
                    message = f"remediated: {remedy.description}"
                    yield self._violation(remedy.policyName, remedy.policyPackName, "remediate", message, resource.urn)
        yield from self._found(self._call("Analyze", subjects.request(resource)), resource.urn)

    def _found(self, answer: Any, urn: str = "") -> Iterator[PolicyViolation]:
        for found in answer.diagnostics:
            level: Level = pack_config.LEVELS[found.enforcementLevel]
            severity = _severity(found.severity)
            yield self._violation(found.policyName, found.policyPackName, level, found.message, found.urn or urn, severity)

    def _violation(self, policy: str, pack: str, level: Level, message: str, urn: str, severity: str = "") -> PolicyViolation:
        return PolicyViolation(policy, pack, level, message, urn, severity or self.policies.get(policy, ""))

    def _call(self, method: str, request: Any) -> Any:
        left = max(self._deadline - time.monotonic(), 0.001)
        return getattr(self._stub, method)(request, timeout=left, wait_for_ready=True)


def _awake(info: Any, settings: Mapping[str, Any]) -> set[str]:
    """Return what has to be asked at all: policies about resources, remediations, policies about the stack."""
    awake = set()
    for policy in info.policies:
        level = pack_config.LEVELS[settings[policy.name].enforcementLevel]
        if level == "disabled":
            continue
        if policy.policy_type == analyzer_pb2.POLICY_TYPE_STACK:
            awake.add("stack")
        elif policy.policy_type == analyzer_pb2.POLICY_TYPE_RESOURCE:
            awake |= {"resource", "remediation"} if level == "remediate" else {"resource"}
        else:
            awake |= {"resource", "remediation", "stack"}
    return awake


def _severity(number: int) -> str:
    name = analyzer_pb2.PolicySeverity.Name(number)  # type: ignore[arg-type]  # a number off the wire
    return name.removeprefix("POLICY_SEVERITY_").lower().replace("unspecified", "")

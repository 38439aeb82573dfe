"""Serves rules to the Pulumi engine as a policy pack: every resource is read once, whatever number of rules is asked about it.

The pack speaks the engine's analyzer protocol itself. Pulumi's policy SDK reads every resource anew for every policy, and takes
names of policies that a pack does not have for unused settings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from kaito_iac.rules.policy_config import unknown_rules
from kaito_iac.rules.remedy import applied, steps
from kaito_iac.rules.rule import AnyRule, ResourceRule, StackFacts
from kaito_iac.rules.run import Finding, run
from kaito_iac.rules.settings import Settings, settings_of
from kaito_iac.rules.shipped import pack_of_rules
from kaito_iac.rules.wire import write
from kaito_iac.stack.analyzer import shown_resource, shown_resources

_VERSION: Final = "0.0.1"
"""The engine takes the version of PulumiPolicy.yaml; this one is used where that names none."""
_MESSAGE_BYTES: Final = 400 * 1024 * 1024
_LEVELS: Final = {name.lower(): number for name, number in analyzer_pb2.EnforcementLevel.items()}
_NAMES: Final = {number: name for name, number in _LEVELS.items()}


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine's questions about a stack."""

    def __init__(self, name: str, rules: Sequence[AnyRule]) -> None:
        self._name = name
        self._rules = tuple(rules)
        self._about_one: tuple[ResourceRule[Any], ...] = tuple(rule for rule in rules if isinstance(rule, ResourceRule))
        self._settings: Settings | None = None

    def GetAnalyzerInfo(self, request: Any, context: Any) -> analyzer_pb2.AnalyzerInfo:
        """Introduce the pack and its rules."""
        policies = [policy_info(rule) for rule in self._rules]
        return analyzer_pb2.AnalyzerInfo(name=self._name, version=_VERSION, supportsConfig=True, policies=policies)

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        """Return the version of the plugin."""
        return plugin_pb2.PluginInfo(version=_VERSION)

    def ConfigureStack(self, request: Any, context: Any) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Take note of the stack: no rule asks for it."""
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> empty_pb2.Empty:
        """Take the configuration; refuse it where a rule, a level or a key of it does not exist."""
        self._configure({name: _entry(config) for name, config in request.policyConfig.items()}, context)
        return empty_pb2.Empty()

    def _configure(self, given: Mapping[str, Any], context: Any) -> Settings:
        own = {rule.name for rule in self._rules}
        elsewhere = {rule: pack for rule, pack in pack_of_rules().items() if rule not in own}
        settings, problems = settings_of(self._rules, given)
        problems = (*unknown_rules(given, own, (self._name,), elsewhere), *problems)
        if problems:
            message = "\n".join(problem.text() for problem in problems)
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"policy configuration does not fit\n{message}")
        self._settings = settings
        return settings

    def _configured(self, context: Any) -> Settings:
        """Return the settings; the defaults where the engine sends no configuration."""
        return self._configure({}, context) if self._settings is None else self._settings

    def Analyze(self, request: Any, context: Any) -> analyzer_pb2.AnalyzeResponse:
        """Judge one resource before it exists."""
        if not any(rule.concerns(request.type) for rule in self._about_one):
            return analyzer_pb2.AnalyzeResponse()
        resource = shown_resource(request, request.options.parent or None)
        facts = StackFacts.of((), date.today(), Path.cwd(), (resource,))
        return self._answer(run(self._about_one, facts, self._configured(context)))

    def AnalyzeStack(self, request: Any, context: Any) -> analyzer_pb2.AnalyzeResponse:
        """Judge the whole stack, when everything is registered."""
        facts = StackFacts.of(shown_resources(request.resources), date.today(), Path.cwd(), ())
        return self._answer(run(self._rules, facts, self._configured(context)))

    def Remediate(self, request: Any, context: Any) -> analyzer_pb2.RemediateResponse:
        """Change one resource as the rules want it that are set to remedy."""
        answer = analyzer_pb2.RemediateResponse()
        settings = self._configured(context)
        wanted = [rule for rule in self._about_one if settings[rule.name].level == "remediate" and rule.concerns(request.type)]
        resource = shown_resource(request, request.options.parent or None) if wanted else None
        for rule in wanted:
            assert resource is not None
            found = steps(rule, resource, settings)
            if not found:
                continue
            for change in found:
                write(request.properties, change)
            resource = replace(resource, inputs=applied(resource.inputs, found))
            remedy = answer.remediations.add(
                policyName=rule.name, policyPackName=self._name, policyPackVersion=_VERSION, description=rule.title
            )
            remedy.properties.CopyFrom(request.properties)
        return answer

    def _answer(self, found: Iterator[Finding]) -> analyzer_pb2.AnalyzeResponse:
        return analyzer_pb2.AnalyzeResponse(diagnostics=[self._diagnostic(finding) for finding in found])

    def _diagnostic(self, finding: Finding) -> analyzer_pb2.AnalyzeDiagnostic:
        rule = finding.rule
        return analyzer_pb2.AnalyzeDiagnostic(
            policyName=rule.name,
            policyPackName=self._name,
            policyPackVersion=_VERSION,
            message=f"{rule.title}\n{finding.message}",
            description=rule.title,
            enforcementLevel=_LEVELS[finding.level],
            severity=_severity(rule),  # type: ignore[arg-type]  # a number is what the enum is
        )


def _entry(config: Any) -> dict[str, Any]:
    return {**json_format.MessageToDict(config.properties), "enforcementLevel": _NAMES[config.enforcementLevel]}


def _severity(rule: AnyRule) -> int:
    return analyzer_pb2.PolicySeverity.Value(f"POLICY_SEVERITY_{rule.severity.upper()}")


def policy_info(rule: AnyRule) -> analyzer_pb2.PolicyInfo:
    """Return the description of a rule for the engine."""
    kind = "POLICY_TYPE_RESOURCE" if isinstance(rule, ResourceRule) else "POLICY_TYPE_STACK"
    properties, required = config_schema(rule)
    info = analyzer_pb2.PolicyInfo(
        name=rule.name,
        displayName=rule.title,
        description=rule.title,
        enforcementLevel=_LEVELS[rule.level],
        severity=_severity(rule),  # type: ignore[arg-type]  # a number is what the enum is
        policy_type=analyzer_pb2.PolicyType.Value(kind),
        tags=[rule.code, *rule.tags],
        remediation_steps=f"{rule.fix} {rule.why}",
        url=rule.url,
    )
    info.configSchema.properties.update(properties)
    info.configSchema.required.extend(required)
    return info


def config_schema(rule: AnyRule) -> tuple[dict[str, Any], list[str]]:
    """Return the JSON schema of a rule's settings by name, with references resolved, and the names that may not be missing."""
    schema = rule.config.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    properties = {name: resolved(entry, definitions) for name, entry in schema.get("properties", {}).items()}
    return properties, list(schema.get("required", ()))


def resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema without references."""
    if isinstance(schema, list):
        return [resolved(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: resolved(value, definitions) for key, value in schema.items()}


def serve(name: str, rules: Sequence[AnyRule]) -> None:
    """Serve a pack to the engine on a port of this machine, which is printed on standard output; does not return."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", _MESSAGE_BYTES)])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(name, rules), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        Event().wait()
    except KeyboardInterrupt:
        server.stop(0)

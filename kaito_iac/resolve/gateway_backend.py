"""Reads what a gateway routes to: the endpoint of a component, as an address or an InferencePool, known now or later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.kinds.inference_gateway import GatewayEndpointArgs
from kaito_iac.kubernetes.service import POOL_SUFFIX, service_of
from kaito_iac.problem import Problem
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import dns_label, shown, some_text

LONGEST_KEY: Final = 30
PICKER_SUFFIX: Final = "-epp"
"""What the chart of an InferencePool appends to its name for the Service of its endpoint picker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One thing behind a gateway."""

    key: str
    pool: bool
    """An InferencePool, whose endpoint picker chooses the pod; else a Service."""
    parts: pulumi.Output[Mapping[str, Any]]
    """namespace, name and models (the names that requests carry), as soon as they are known."""
    models: tuple[str, ...] | None
    """Names of models where they are known at once; None where they come later."""

    def part(self, name: str) -> pulumi.Output[Any]:
        """Return one of the parts."""
        return self.parts.apply(lambda found: found[name])

    @property
    def target(self) -> dict[str, Any]:
        """Return what a route refers to."""
        if self.pool:
            return {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": self.part("name")}
        return {"name": self.part("name"), "port": 80}

    @property
    def picker(self) -> pulumi.Output[str]:
        """Return the address of the endpoint picker of an InferencePool."""
        return self.parts.apply(lambda found: f"{found['name']}{PICKER_SUFFIX}.{found['namespace']}.svc.cluster.local")


def read_backends(reader: Reader) -> tuple[Backend, ...]:
    """Read `endpoints`, a mapping of names of routes to endpoints; the problems stay with the reader."""
    found = reader.mapping("endpoints")
    if not found and not reader.problems_at("endpoints"):
        fix = "endpoints={'chat': chat.endpoint}"
        reader.add(Problem("KS102", "endpoints", "missing", "a mapping: a name of yours to endpoint", fix))
    for key in found:
        reader.add(dns_label(LONGEST_KEY)(f"endpoints.{key}", key))
    return tuple(_backend(reader, key, value) for key, value in found.items())


def _backend(reader: Reader, key: str, value: Any) -> Backend:
    path = f"endpoints.{key}"
    wrapped = isinstance(value, Mapping) and "endpoint" in value
    entry = reader.inner(path, GatewayEndpointArgs, args=value if wrapped else {"endpoint": value})
    pool = entry.flag("inference_pool", False)
    more = entry.words("models")
    reader.take(entry)
    where = f"{path}.endpoint" if wrapped else path
    endpoint = entry.args.get("endpoint")
    known = not _holds_output([endpoint, *(endpoint.values() if isinstance(endpoint, Mapping) else ()), *more])
    problem = _wrong(where, endpoint, more, pool) if known else None
    reader.add(problem)
    title = reader.title
    parts = pulumi.Output.all(endpoint, more).apply(lambda both: _checked(title, where, both[0], both[1], pool))
    models = tuple(_models(endpoint, more)) if known and not problem and isinstance(endpoint, Mapping) else None
    return Backend(key=key, pool=pool, parts=parts, models=models)


def _holds_output(values: list[Any]) -> bool:
    return any(isinstance(value, pulumi.Output) for value in values)


def _checked(title: str, path: str, endpoint: Any, more: list[str], pool: bool) -> dict[str, Any]:
    """Return namespace and models of a checked endpoint."""
    problem = _wrong(path, endpoint, more, pool)
    if problem:
        raise SpecError(title, [problem])
    name, namespace = service_of(endpoint.get("url")) or ("", "")
    if pool:
        name = endpoint.get("pool") or f"{name}{POOL_SUFFIX}"
        namespace = endpoint.get("namespace") or namespace or "default"
    return {"name": name, "namespace": namespace, "models": _models(endpoint, more)}


def _models(endpoint: Mapping[str, Any], more: list[Any]) -> list[str]:
    return list(dict.fromkeys(name for name in (endpoint.get("model"), *more) if name))


def _wrong(path: str, endpoint: Any, more: list[Any], pool: bool) -> Problem | None:
    accepted = "the endpoint of a component: url of a Service of this cluster, or pool and namespace; model"
    if not isinstance(endpoint, Mapping):
        fix = "give the output `endpoint` of a KaitoWorkspace, KaitoInferenceSet or KaitoMultiRoleInference"
        return Problem("KS102", path, shown(endpoint), accepted, fix)
    url = endpoint.get("url")
    if service_of(url) is None:
        if endpoint.get("pool") is None:
            return Problem(
                "KS102", f"{path}.url", shown(url), "http://<service>.<namespace>.svc.cluster.local/v1", "route to a Service"
            )
        if not pool:
            message = f"an InferencePool, {shown(endpoint['pool'])}, and no Service"
            return Problem("KS102", path, message, accepted, "{'endpoint': …, 'inference_pool': True}")
    if endpoint.get("model") is None and not more:
        message = "missing: the model names of your own pod are not known"
        return Problem(
            "KS102", f"{path}.model", message, "the name that requests carry", "{'endpoint': …, 'models': ['my-model']}"
        )
    return None if endpoint.get("model") is None else some_text(f"{path}.model", endpoint["model"])

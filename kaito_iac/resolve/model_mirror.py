"""Resolves a mirror of a model's weights in the cluster: its name, where the weights come from, and how much they need."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kaito_iac.admission.verdict import Environment
from kaito_iac.catalog.label import WAIT_FOR
from kaito_iac.catalog.record import ModelCard
from kaito_iac.kinds.kaito_model_mirror import KaitoModelMirrorArgs
from kaito_iac.kinds.nested import MirrorSecretArgs
from kaito_iac.problem import Problem
from kaito_iac.resolve.model_choice import choose_model
from kaito_iac.resolve.operator_requirements import Operator
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain
from kaito_iac.sizing.fit_problems import token_problem
from kaito_iac.sizing.weights import wait_seconds

MANAGED_ONLY: Final = ("size_gib", "storage_class", "access_secret", "job_namespace")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMirrorSpec:
    """A checked mirror of a model."""

    object_name: str
    mode: str
    card: ModelCard | None
    size_gib: int
    storage_class: Any
    access_secret: Mapping[str, Any]
    job_namespace: Any
    service_account: Any
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
    wait_seconds: int
    problems: tuple[Problem, ...]
    operator: Any = None
    """Version of the operator it was held against, possibly an Output; None: not known."""

    def inputs(self) -> dict[str, Any]:
        """Return what state and policies see of the component."""
        managed = self.mode == "managed"
        return {
            "name": self.object_name,
            "mode": self.mode,
            "model": self.card.id if self.card else None,
            "sizeGiB": self.size_gib if managed else None,
            "operator": self.operator,
        }

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the ModelMirror, which belongs to no namespace."""
        return {"name": self.object_name, "labels": dict(self.labels), "annotations": dict(self.annotations)}

    def spec(self) -> dict[str, Any]:
        """Return the ModelMirror's spec; a static one has neither source nor storage.

        The id is in lower case, as a Workspace of ours names it: KAITO 0.12 refuses a mirror whose id differs in a letter.
        """
        fields: dict[str, Any] = {"mode": self.mode.capitalize()}
        if self.mode == "managed" and self.card:
            secret = {"accessSecret": dict(self.access_secret)} if self.access_secret else {}
            fields["source"] = {"registry": "huggingface", "modelID": self.card.id, **secret}
            fields["storage"] = {"size": f"{self.size_gib}Gi", "storageClassName": self.storage_class}
        optional = {"jobNamespace": self.job_namespace, "serviceAccountName": self.service_account}
        return {**fields, **{key: value for key, value in optional.items() if value is not None}}

    def manifest(self) -> dict[str, Any]:
        """Return the ModelMirror as it is registered."""
        return {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": self.metadata(), "spec": self.spec()}


def mirror_name(card: ModelCard) -> str:
    """Return the name under which KAITO 0.12 looks for the mirror of a model that a Workspace serves."""
    return hashlib.sha256(card.id.encode()).hexdigest()[:6]


def resolve_model_mirror(name: str, args: Mapping[str, Any] | None) -> ModelMirrorSpec:
    """Check the arguments of a KaitoModelMirror; raises SpecError with every problem."""
    reader = component_reader("KaitoModelMirror", name, args)
    mode = reader.text("mode") or "managed"
    if not reader.has("preset"):
        fix = "give preset: the model, by the name its Workspace uses"
        reader.add(Problem("KS102", "preset", "missing", "a name of `kaito-iac models`", fix))
    card = choose_model(reader).card
    object_name = reader.text("name", "the name of the ModelMirror") or (mirror_name(card) if card else name)
    reader.add(dns_subdomain("name", object_name) if reader.has("name") else None)
    reader.problems += _managed(reader, mode, card)
    reader.add(None if reader.problems_at("name") else _other_name(object_name, card))
    minutes = reader.number("timeout_minutes", 1, 24 * 60, "minutes")
    needed = wait_seconds(card.ready_seconds, provisioned=False) if card else 0
    wait = (minutes * 60 if minutes else needed) if reader.flag("wait", True) else 0
    waiting = {WAIT_FOR: "jsonpath={.status.phase}=Ready"} if wait else {}
    values: dict[str, Any] = {
        "size_gib": reader.number("size_gib", 1, 65536, "GiB") or (card.disk_gib if card else 0),
        "storage_class": reader.late("storage_class", dns_subdomain),
        "access_secret": _secret(reader),
        "job_namespace": reader.late("job_namespace", dns_label(), default="default" if mode == "managed" else None),
        "service_account": reader.late("service_account", dns_subdomain),
        "labels": reader.labels("labels"),
        "annotations": {**reader.annotations("annotations"), **waiting},
    }
    operator = Operator(reader)
    operator.needs_kind(reader, "ModelMirror", "mode")
    spec = ModelMirrorSpec(object_name=object_name, mode=mode, card=card, wait_seconds=wait, problems=(), **values)
    reader.ask(KaitoModelMirrorArgs, spec.manifest(), Environment(), {})
    return replace(spec, problems=reader.finish(), operator=operator.version())


def _managed(reader: Reader, mode: str, card: ModelCard | None) -> list[Problem]:
    if mode == "static":
        given = [key for key in MANAGED_ONLY if reader.has(key)]
        accepted = "mode managed: a static mirror downloads nothing"
        return [Problem("KS105", key, "together with mode static", accepted, f"leave {key} out") for key in given]
    found = []
    if not reader.has("storage_class"):
        fix = "give storage_class; see `kubectl get storageclass`"
        found.append(Problem("KS102", "storage_class", "missing", "the StorageClass of the volume", fix))
    size = reader.number("size_gib", 1, 65536, "GiB")
    if card and size is not None and size < card.weights_gib:
        message = f"{size}, less than the {card.weights_size} of weights"
        found.append(Problem("KS202", "size_gib", message, f"{card.disk_gib} or more", "leave size_gib out"))
    accepted = "name and namespace of a Secret with the key HF_TOKEN"
    missing = token_problem(card, "access_secret", accepted) if card and not reader.has("access_secret") else None
    found += [missing] if missing else []
    return found


def _other_name(object_name: str, card: ModelCard | None) -> Problem | None:
    if card is None or object_name == mirror_name(card):
        return None
    message = f"'{object_name}', but a Workspace of {card.id} looks for '{mirror_name(card)}'"
    return Problem("KS105", "name", message, mirror_name(card), "leave name out", "warning")


def _secret(reader: Reader) -> dict[str, Any]:
    secret = reader.inner("access_secret", MirrorSecretArgs)
    if not secret.args:
        return {}
    found = {"name": secret.late("name", dns_subdomain), "namespace": secret.late("namespace", dns_label())}
    for key, value in found.items():
        if value is None:
            secret.add(Problem("KS102", secret.path(key), "missing", f"the {key} of the Secret"))
    reader.take(secret)
    return found

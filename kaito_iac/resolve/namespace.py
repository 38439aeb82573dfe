"""Resolves the namespace of a team: how many GPUs it may use, who may call it, and the secrets it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pulumi

from kaito_iac.kinds.kaito_namespace import KeyVaultArgs, RegistryArgs
from kaito_iac.kinds.rows import keys_of
from kaito_iac.kubernetes.quantity import amount
from kaito_iac.problem import Problem
from kaito_iac.resolve.namespace_spec import GPU_QUOTA, PULL_SECRET, TOKEN_SECRET, NamespaceSpec, Vault
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.stack_defaults import component_reader
from kaito_iac.resolve.value_checks import dns_label, dns_subdomain, label_value, shown, some_text

VAULT_OBJECT: Final = re.compile(r"[0-9A-Za-z-]{1,127}")
MOST_GPUS: Final = 100_000


def resolve_namespace(name: str, args: Mapping[str, Any] | None) -> NamespaceSpec:
    """Check the arguments of a KaitoNamespace; raises SpecError with every problem."""
    kind = "KaitoNamespace"
    reader = component_reader(kind, name, args)
    object_name = reader.text("name", "the name of the namespace") or name
    reader.add(dns_label()("name", object_name))
    team = reader.text("team", "the name of the team")
    reader.add(label_value("team", team) if team else None)
    isolated = reader.flag("isolated", True)
    allowed = [
        reader.checked(f"allow_from[{index}]", value, dns_label()) for index, value in enumerate(reader.items("allow_from"))
    ]
    if allowed and not isolated:
        message = "without effect: every namespace may call when isolated is false"
        reader.add(Problem("KS105", "allow_from", message, "isolated, or no allow_from", "leave isolated out", "warning"))
    vault = _vault(reader)
    for argument, secret in (("hugging_face_token", TOKEN_SECRET), ("registry", PULL_SECRET)):
        if vault and secret in vault.secrets and reader.has(argument):
            message = f"{secret!r} a second time: {argument} makes it too"
            reader.add(
                Problem("KS105", f"key_vault.secrets.{secret}", message, "one source of a Secret", "leave one of them out")
            )
    return NamespaceSpec(
        object_name=object_name,
        team=team,
        gpus=reader.number("gpus", 0, MOST_GPUS, "GPUs"),
        quota=_quota(reader),
        isolated=isolated,
        allow_from=tuple(allowed),
        token=_secret(reader, "hugging_face_token", "config.require_secret('huggingFaceToken')"),
        registry=_registry(reader),
        vault=vault,
        labels=reader.labels("labels"),
        problems=reader.finish(),
    )


def _secret(reader: Reader, key: str, fix: str) -> Any:
    """Read a secret, which comes as an Output: a plain text would be in the program, and in its history."""
    value = reader.args.get(key)
    if value is None or isinstance(value, pulumi.Output):
        return None if value is None else reader.checked(reader.path(key), pulumi.Output.secret(value), some_text)
    reader.add(Problem("KS221", reader.path(key), "a value in plain text", "a secret of the stack's configuration", fix))
    return None


def _registry(reader: Reader) -> dict[str, Any] | None:
    given = reader.inner("registry", RegistryArgs)
    found: dict[str, Any] = {key: given.late(key, some_text) for key in ("server", "username")}
    found["password"] = _secret(given, "password", "config.require_secret('registryPassword')")
    if given.args:
        for key in keys_of(RegistryArgs):
            if not given.has(key):
                given.add(Problem("KS102", given.path(key), "missing", "server, username and password of the registry"))
    reader.take(given)
    return found if given.args else None


def _quota(reader: Reader) -> dict[str, Any]:
    """Read further limits of the ResourceQuota, as Kubernetes writes them."""
    found = {}
    for key, value in reader.mapping("quota").items():
        path = f"quota.{key}"
        if key == GPU_QUOTA and reader.has("gpus"):
            reader.add(Problem("KS105", path, "set by the argument gpus", fix="leave one of them out"))
        found[key] = reader.checked(
            path, str(value) if isinstance(value, int) and not isinstance(value, bool) else value, _quantity
        )
    return found


def _quantity(path: str, value: Any) -> Problem | None:
    good = isinstance(value, str) and amount(value) is not None
    return None if good else Problem("KS102", path, shown(value), "a quantity of Kubernetes, such as 8 or 500Gi")


def _vault(reader: Reader) -> Vault | None:
    given = reader.inner("key_vault", KeyVaultArgs)
    parts = {key: given.late(key, some_text) for key in ("name", "tenant_id", "client_id")}
    secrets = given.mapping("secrets")
    for key in keys_of(KeyVaultArgs) if given.args else ():
        if not given.has(key):
            given.add(Problem("KS102", given.path(key), "missing", "name, tenant_id, client_id and secrets of the vault"))
    for secret, keys in secrets.items():
        path = f"{given.path('secrets')}.{secret}"
        given.add(dns_subdomain(path, secret))
        if not isinstance(keys, Mapping) or not keys or not all(_named(name) for name in keys.values()):
            accepted = "key of the Secret to name in the vault, such as {'HF_TOKEN': 'hugging-face'}"
            given.add(Problem("KS102", path, shown(keys), accepted))
    reader.take(given)
    if not given.args:
        return None
    return Vault(name=parts["name"], tenant_id=parts["tenant_id"], client_id=parts["client_id"], secrets=secrets)


def _named(name: Any) -> bool:
    return isinstance(name, str) and bool(VAULT_OBJECT.fullmatch(name))

"""ConfigMaps that an object names: whether they can exist, and are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, rule
from kaito_iac.catalog.label import INFERENCE_KEY, TRAINING_KEY
from kaito_iac.kubernetes.names import is_subdomain


def data_of(case: Case, namespace: str, name: str) -> Mapping[str, Any] | None:
    """Return the data of a ConfigMap; None: not known."""
    return case.env.cluster.config_maps.get((namespace, name))


def text_of(case: Case, namespace: str, name: str, key: str) -> str | None:
    """Return the text under a key of a ConfigMap; None: not known, or there is none."""
    found = (data_of(case, namespace, name) or {}).get(key) if name else None
    return found if isinstance(found, str) else None


def lacking(case: Case, namespace: str, name: str, key: str, path: str) -> Iterator[Found]:
    """Report that a ConfigMap is not there, or has not the key that is read."""
    data = data_of(case, namespace, name)
    if data is None and not is_subdomain(name):
        return
    if data is None and case.env.cluster.complete:
        yield Found(path, f"ConfigMap '{name[:80]}' is not in namespace {namespace}", f"a ConfigMap with the key {key}")
    elif data is not None and not isinstance(data.get(key), str):
        yield Found(path, f"ConfigMap '{name[:80]}' has no key {key}", f"a ConfigMap with the key {key}")


@rule("KS320", "Workspace", on="create")
def configs_can_exist(case: Case) -> Iterator[Found]:
    """inference.config and tuning.config are names that a ConfigMap can have: KAITO never finds another."""
    places = (("inference.config", INFERENCE_KEY), ("tuning.config", TRAINING_KEY))
    for path, key in places:
        name = case.text(path)
        if name and not is_subdomain(name) and (path != "inference.config" or case.runtime == "vllm"):
            message = f"'{name[:60]}' is no name that a ConfigMap can have: KAITO answers 'not found'"
            yield Found(
                path, message, "the name of a ConfigMap", f"put the settings under {key} of a ConfigMap, and its name here"
            )

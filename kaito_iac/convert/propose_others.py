"""Proposes the components of the kinds that have one each: RAGEngine, MultiRoleInference, ModelMirror."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from kaito_iac.catalog.label import WAIT_FOR
from kaito_iac.catalog.load import models
from kaito_iac.convert.proposal import Key, Manifest, Proposal, common, given, inside, mapping, selected
from kaito_iac.convert.propose_served import SAID_ELSEWHERE, engines
from kaito_iac.kinds.kaito_model_mirror import KaitoModelMirrorArgs
from kaito_iac.kinds.kaito_multi_role_inference import KaitoMultiRoleInferenceArgs
from kaito_iac.kinds.kaito_rag_engine import KaitoRagEngineArgs
from kaito_iac.kinds.manifest import read, read_notes
from kaito_iac.resolve.model_mirror import mirror_name
from kaito_iac.resolve.multi_role import ROLES

MOUNT: Final = "/mnt/data"
GIB: Final = re.compile(r"([1-9][0-9]{0,4})Gi")


def rag_engine(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a RAGEngine: with a claim of its own where the input holds that, else with its name."""
    spec = mapping(manifest.part("spec"))
    found = read(KaitoRagEngineArgs, manifest.fields)
    qdrant = inside(spec, "storage", "vectorDB", "engine") == "qdrant"
    store = {key: value for key, value in mapping(found.pop("vector_store", None)).items() if key != "kind"} if qdrant else {}
    rails, enabled = mapping(found.get("guardrails")), inside(spec, "guardrails", "enabled")
    args = {
        **{name: value for name, value in found.items() if name not in (*SAID_ELSEWHERE, "storage", "vector_store")},
        **given(vector_store=store),
        **given(guardrails=rails if "config_map" in rails else given(enabled=enabled)),
        **(selected(manifest, inside(spec, "compute", "labelSelector"), exists=False) if "instance_type" in found else {}),
        **common(manifest, handled=(WAIT_FOR,)),
    }
    for preset, storage, companions in _storages(manifest, inside(spec, "storage", "persistentVolume"), qdrant):
        found = {**given(preset=preset), **args, **given(storage=storage)}
        yield Proposal(component="KaitoRagEngine", args=found, companions=companions)


def _storages(manifest: Manifest, volume: Any, qdrant: bool) -> Iterator[tuple[str | None, dict[str, Any], tuple[Key, ...]]]:
    """Return preset, storage and the claim that goes with them."""
    claim, path = inside(volume, "persistentVolumeClaim"), inside(volume, "mountPath")
    if claim is None:
        yield "docs-qdrant" if qdrant else "docs-memory", {}, ()
        return
    preset = "docs-qdrant" if qdrant else None
    mount = None if path == MOUNT else path
    key: Key = ("PersistentVolumeClaim", manifest.namespace, str(claim))
    size = GIB.fullmatch(str(inside(manifest.others.get(key), "spec", "resources", "requests", "storage")))
    if claim == f"{manifest.name}-index" and size:
        gib = int(size.group(1))
        storage_class = inside(manifest.others[key], "spec", "storageClassName")
        yield preset, given(size_gib=gib if qdrant or gib != 20 else None, storage_class=storage_class, mount_path=mount), (key,)
    yield preset, given(claim=claim, mount_path=mount), ()


def multi_role(manifest: Manifest) -> Iterator[Proposal]:
    """Return the ways to make a MultiRoleInference: each role with its engine's arguments, or the name of a ConfigMap."""
    found = manifest.part("spec", "roles")
    roles = {str(inside(role, "type")): mapping(role) for role in found if role} if isinstance(found, list) else {}
    _, rest = read_notes(KaitoMultiRoleInferenceArgs, manifest.own("annotations"))
    handled = tuple(key for key in manifest.own("annotations") if key not in rest)
    exists = not any(role.get("instanceType") for role in roles.values())
    own = {
        name: value for name, value in read(KaitoMultiRoleInferenceArgs, manifest.fields).items() if name not in SAID_ELSEWHERE
    }
    args = {
        **{name: value for name, value in own.items() if name not in ROLES},
        **selected(manifest, manifest.part("spec", "labelSelector"), exists=exists),
        **common(manifest, handled=(WAIT_FOR, *handled)),
    }
    ways = (engines(manifest, roles.get(kind, {}).get("runtimeConfig"), f"{manifest.name}-{kind}") for kind in ROLES)
    for chosen in product(*map(list, ways)):
        each = {
            kind: {
                **given(instance_type=roles.get(kind, {}).get("instanceType"), replicas=roles.get(kind, {}).get("replicas", 1)),
                **engine,
            }
            for kind, (engine, _) in zip(ROLES, chosen, strict=True)
        }
        companions = tuple(key for _, keys in chosen for key in keys)
        yield Proposal(component="KaitoMultiRoleInference", args={**args, **each}, companions=companions)


def model_mirror(manifest: Manifest) -> Iterator[Proposal]:
    """Return the way to make a ModelMirror; a static one names no model, but its own name is one of the catalogue."""
    spec = mapping(manifest.part("spec"))
    size = GIB.fullmatch(str(inside(spec, "storage", "size")))
    named = {mirror_name(card): card.id for card in models().values()}
    own = {name: value for name, value in read(KaitoModelMirrorArgs, manifest.fields).items() if name not in SAID_ELSEWHERE}
    model = own.get("preset") or named.get(manifest.name)
    expected = next((name for name, found in named.items() if found == model), None)
    args = {
        **own,
        **given(
            preset=model,
            name=manifest.name if manifest.name != expected else None,
            size_gib=int(size.group(1)) if size else None,
        ),
        **common(manifest, handled=(WAIT_FOR,)),
    }
    title = str(model).rpartition("/")[2] if model else manifest.name
    yield Proposal(component="KaitoModelMirror", args=args, title=title)

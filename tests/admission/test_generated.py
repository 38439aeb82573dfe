"""Over ten thousand manifests made at random, the schema stage agrees with a real validator, and with a real API server."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest

from kaito_iac.admission.judge import judge
from kaito_iac.admission.verdict import Environment

SERVER = {"fields_fit_schema", "cel_holds", "metadata_is_kubernetes", "kind_is_served"}
COUNT, SEED = 10_000, 20261123
ALL_GATES = {"enableMultiRoleInferenceController": True, "ModelMirror": True}


def prepared(schema: Mapping[str, Any], value: Any) -> Any:
    """Return a value as the API server validates it: nulls without a default gone, defaults filled in."""
    if isinstance(value, list):
        return [prepared(schema.get("items", {}), item) for item in value]
    if not isinstance(value, dict) or schema.get("x-kubernetes-preserve-unknown-fields"):
        return value
    known, extra = schema.get("properties", {}), schema.get("additionalProperties", {})
    kept = {key: prepared(known.get(key, extra), inner) for key, inner in value.items() if inner is not None}
    for key, inner in known.items():
        if "default" in inner and key not in kept:
            kept[key] = prepared(inner, copy.deepcopy(inner["default"]))
    return kept


def cel_holds(manifest: Mapping[str, Any]) -> bool:
    """Return whether the two CEL rules of KAITO hold."""
    spec = manifest.get("spec") or {}
    selector, roles = spec.get("labelSelector") or {}, spec.get("roles") or []
    selects = bool(selector.get("matchLabels")) or bool(selector.get("matchExpressions"))
    return selects and {"prefill", "decode"} <= {role.get("type") for role in roles}


INTEGERS = jsonschema.FormatChecker(formats=())
"""The formats of whole numbers, which the API server checks and JSON schema does not know."""


@INTEGERS.checks("int32")
def _int32(value: Any) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@INTEGERS.checks("int64")
def _int64(value: Any) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def test_schema_stage_agrees(space, crds):
    """Zero disagreements between our table of fields and KAITO's own schemas under a JSON schema validator (1.0 is whole)."""
    validators = {key: jsonschema.Draft202012Validator(schema, format_checker=INTEGERS) for key, schema in crds.items()}
    differing, refused = [], 0
    for manifest in space(COUNT, SEED):
        key = manifest["kind"], manifest["apiVersion"].rpartition("/")[2]
        ready = prepared(crds[key], manifest)
        good = validators[key].is_valid(ready) and (key[0] != "MultiRoleInference" or cel_holds(ready))
        ours = not SERVER & {name for name, problem in named(manifest) if problem.severity == "error"}
        differing += [manifest] if ours != good else []
        refused += not good
    assert differing == []
    assert COUNT * 0.3 < refused < COUNT * 0.9


def named(manifest: dict[str, Any]) -> list[tuple[str, Any]]:
    verdict = judge(manifest, Environment(feature_gates=ALL_GATES))
    return list(zip(verdict.rules, verdict.problems, strict=True))


def test_updates_of_anything_are_judged(space):
    """An update from any manifest to any other of its kind is judged without raising; one to itself changes nothing immutable."""
    before: dict[str, dict[str, Any]] = {}
    for manifest in space(3_000, SEED + 1, metadata=True):
        kind = json.dumps(manifest.get("kind"))
        judge(manifest, old=before.get(kind, manifest))
        same = judge(manifest, old=copy.deepcopy(manifest))
        assert not {"KS325"} & {p.code for p in same.problems if p.severity == "error" and p.accepted.startswith("what it was")}
        before[kind] = manifest


@pytest.mark.cluster
def test_api_server_agrees(space, tmp_path):
    """Zero disagreements with the API server itself, which has KAITO's CRDs and not its webhooks, on a sample."""
    config = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
    kubectl = shutil.which("kubectl")
    if not config or not kubectl:
        pytest.skip("needs KAITO_IAC_TEST_KUBECONFIG and kubectl")
    differing = []
    for index, manifest in enumerate(space(300, SEED + 2, metadata=True)):
        file = tmp_path / f"{index}.json"
        file.write_text(json.dumps(manifest))
        command = [kubectl, "--kubeconfig", config, "create", "--dry-run=server", "--validate=false", "-f", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        ours = not SERVER & {name for name, problem in named(manifest) if problem.severity == "error"}
        good = done.returncode == 0 or "AlreadyExists" in done.stderr  # somebody else's object of the same name
        differing += [(done.stderr, manifest)] if ours != good else []
    assert differing == []

"""Every rule is provoked by one change of a good manifest, and by nothing once it is taken away."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaito_iac.admission import judge as admission
from kaito_iac.admission.judge import SERVER, judge
from kaito_iac.admission.rule import RULES
from kaito_iac.admission.rulebook import rules_for
from kaito_iac.admission.verdict import Cluster, Environment
from kaito_iac.catalog.judged_release import judging_by

TABLE = yaml.safe_load((Path(__file__).parent / "provocations.yaml").read_text())
GATES = {"ModelMirror": True, "enableMultiRoleInferenceController": True}


def changed(base: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a good manifest with what is set at dotted paths; null removes."""
    manifest: dict[str, Any] = copy.deepcopy(TABLE["base"][base])
    for path, value in change.items():
        *keys, last = path.split(".")
        holder = manifest
        for key in keys:
            holder = holder.setdefault(key, {})
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return manifest


def environment(given: Mapping[str, Any]) -> Environment:
    cluster = dict(given.get("cluster", {}))
    cluster["config_maps"] = {("default", name): data for name, data in cluster.get("config_maps", {}).items()}
    gates = {**GATES, **given.get("feature_gates", {})}
    return Environment(**{**given, "feature_gates": gates, "cluster": Cluster(**cluster)})


def provoke(name: str) -> list[tuple[str, str, str]]:
    """Return rule, code and severity of everything that the change of a rule leads to."""
    row = TABLE["rules"][name]
    with judging_by(row.get("release")):
        return _provoke(row)


def _provoke(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    old = changed(row["of"], row["old"]) if "old" in row else None
    verdict = judge(changed(row["of"], row.get("set", {})), environment(row.get("env", {})), old=old)
    return [(name, problem.code, problem.severity) for name, problem in zip(verdict.rules, verdict.problems, strict=True)]


@pytest.mark.parametrize("base", sorted(TABLE["base"]))
def test_good_manifests_are_good(base):
    """The manifests that are changed have no problem themselves, apart from what cannot be seen."""
    verdict = judge(changed(base, {}), Environment(feature_gates=GATES))
    assert [problem.headline for problem in verdict.problems if problem.severity != "info"] == []


def test_every_rule_has_its_change():
    """The table of changes has every rule, and nothing else."""
    assert sorted(TABLE["rules"]) == sorted([*RULES, *SERVER])


@pytest.mark.parametrize("name", sorted([*RULES, *SERVER]))
def test_rule_is_provoked(name):
    """The change leads to the rule's code, and to an error exactly when a rule refuses."""
    severity = RULES[name].severity if name in RULES else SERVER[name][1]
    assert (name, TABLE["rules"][name]["code"], severity) in provoke(name)


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_is_needed(name, monkeypatch):
    """Without the rule, the change no longer leads to it: its test would fail."""
    monkeypatch.setattr(admission, "rules_for", lambda *where: tuple(one for one in rules_for(*where) if one.name != name))
    assert name not in [found for found, _, _ in provoke(name)]


def test_rules_say_what_they_judge():
    """Every rule says in a sentence what it judges, and has a code that no other severity of the same words has."""
    assert [name for name, one in RULES.items() if not one.what.endswith(".") or len(one.what) < 20] == []

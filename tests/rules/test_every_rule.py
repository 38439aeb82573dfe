"""What holds of every rule: it fits on two screens, and its tests hold pass, fail, boundary and unknown."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from kaito_iac.rules import gpu_quota, guardrails

ROOT = Path(__file__).parents[2]
RULES = {rule.name: rule for rule in (*gpu_quota.RULES, *guardrails.RULES)}
MOST_LINES = 130
"""Two screens."""
SHARED = {"admission_rules.py": "one record for each group of KAITO's rules, which are in kaito_iac/admission"}
BOUNDARIES = {
    "autoscaler-maximum": ("test_autoscaler_maximum.py", "exactly the cap"),
    "context-limit": ("test_context_limit.py", "exactly the model's limit"),
    "gpu-budget": ("test_gpu_budget.py", "exactly the budget"),
    "gpu-products": ("test_gpu_products.py", "exactly the budget, other products do not count"),
    "namespace-budget": ("test_budgets.py", "exactly the budget"),
    "ready-timeout": ("test_ready_timeout.py", "exactly what is needed"),
    "resource-cap": ("test_resource_cap.py", "exactly the cap"),
    "source-ranges": ("test_source_ranges.py", "exactly the widest"),
    "stack-cost": ("test_stack_cost.py", "exactly the budget"),
    "team-budget": ("test_budgets.py", "exactly the budget"),
    "ledger-age": ("test_ledger.py", "as old as may be"),
    "quota-age": ("test_quota_age.py", "as old as may be"),
    "unknown-values": ("test_unknown_values.py", "exactly as many as are reported"),
    "vcpu-quota": ("test_vcpu_quota.py", "exactly the limit"),
    "waivers": ("test_waivers.py", "on its last day it is advice, and other rules hold"),
}
"""Rules that compare a number or a day with a setting, and the case that lies on it."""
NUMBERS = {"integer", "number"}


def modules() -> dict[str, Path]:
    """Return the module of every rule."""
    found = {}
    for path in sorted((ROOT / "kaito_iac" / "rules").glob("*.py")):
        loaded = sys.modules.get(f"kaito_iac.rules.{path.stem}")
        for rule in vars(loaded).values() if loaded else ():
            if (
                getattr(rule, "name", None) in RULES
                and rule is RULES.get(rule.name)
                and path.stem not in ("guardrails", "gpu_quota")
            ):
                found[rule.name] = path
    return found


def test_a_rule_is_one_short_module() -> None:
    """Code, settings, check and reason of a rule stand in one module of two screens at most."""
    found = modules()
    long = {path.name for path in found.values() if len(path.read_text().splitlines()) > MOST_LINES}
    assert long - SHARED.keys() == set()


@pytest.mark.parametrize("name", BOUNDARIES)
def test_a_limit_has_a_case_on_it(name: str) -> None:
    """The table of a rule with a limit holds the case that is exactly on it."""
    file, case = BOUNDARIES[name]
    ids = [
        word.value.value
        for node in ast.walk(ast.parse((Path(__file__).parent / file).read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "id" and isinstance(word.value, ast.Constant)
    ]
    assert case in ids


def test_every_limit_is_among_them() -> None:
    """A rule with a number among its settings has such a case."""
    numeric = {
        name
        for name, rule in RULES.items()
        for field in rule.config.model_json_schema().get("properties", {}).values()
        if {one.get("type") for one in (field, *field.get("anyOf", ()))} & NUMBERS
    }
    assert numeric - BOUNDARIES.keys() == set()

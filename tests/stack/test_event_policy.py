"""What policies report in a run: which pack judged what, and how often a rule passed and failed."""

from __future__ import annotations

from kaito_iac.stack.change import PackRun
from kaito_iac.stack.event_policy import PolicyFold


def folded(*events: tuple[str, dict[str, object]]) -> dict[str, PackRun]:
    fold = PolicyFold()
    for kind, body in events:
        fold.event({kind: body}, ended=False)
    return fold.packs


def ran(pack: str, **counts: object) -> dict[str, object]:
    return {"policyPackName": pack, "policyPackVersion": "1.0", **counts}


def test_resources_and_stack_are_counted_apart() -> None:
    """A pack that judged two resources and then the stack has judged two resources, and the stack."""
    packs = folded(
        ("policyAnalyzeSummaryEvent", ran("guardrails", passed=["vm-size"], failed=[])),
        ("policyAnalyzeSummaryEvent", ran("guardrails", passed=["vm-size"], failed=["owner-tag"])),
        ("policyAnalyzeStackSummaryEvent", ran("guardrails", passed=["gpu-budget"])),
    )
    passed, failed = {"vm-size": 2, "gpu-budget": 1}, {"owner-tag": 1}
    assert packs == {"guardrails": PackRun("guardrails", "1.0", resources=2, stack=True, passed=passed, failed=failed)}


def test_a_pack_that_judged_the_stack_alone() -> None:
    """Then it has judged no resource."""
    packs = folded(("policyAnalyzeStackSummaryEvent", ran("gpu-quota", passed=["gpu-quota"])))
    assert packs == {"gpu-quota": PackRun("gpu-quota", "1.0", stack=True, passed={"gpu-quota": 1})}


def test_a_pack_that_was_loaded_alone() -> None:
    """A pack that the engine loaded and that judged nothing is known by its name and version."""
    packs = folded(("summaryEvent", {"PolicyPacks": {"gpu-quota|local|../packs/gpu-quota": "2.0"}}))
    assert packs == {"gpu-quota": PackRun("gpu-quota", "2.0")}

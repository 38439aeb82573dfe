"""What policy packs and a quota file say of a recorded stack, as problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaito_iac.demand.demand import Demand
from kaito_iac.files import FileError, read_json
from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.problem import Problem, Severity

_SAID: Final = re.compile(
    r"(?P<path>.*?): (?P<found>.*?)(; expected (?P<accepted>.*?))? \[(?P<code>K[A-Z]\d{3})\](\n\s*fix: (?P<fix>.*))?", re.DOTALL
)


def quota_problems(
    found: Sequence[Demand], quota: Path | None, today: date, *, ledger: Sequence[Path] = (), subscription: str = ""
) -> Iterator[Problem]:
    """Hold what a stack buys, and what the plans of other stacks say, against a quota file, if there is one."""
    if quota is None and not ledger:
        return  # a plan without either loads none of the rules
    from kaito_iac.rules import ledger_age, namespace_budget, quota_age, team_budget, vcpu_quota
    from kaito_iac.rules.rule import StackFacts, StackRule

    plans = {"ledger": [str(path.resolve()) for path in ledger]}
    problems: list[Problem] = []
    warned: list[tuple[StackRule[Any], Mapping[str, Any]]] = [(ledger_age.RULE, plans)]
    folder = Path.cwd()
    if quota is not None:
        folder = quota.resolve().parent
        named = {"quotaFile": quota.name}
        facts = StackFacts(demands=found, today=today, folder=folder)
        problems += vcpu_quota.RULE.judge(facts, {**named, **plans, "subscription": subscription})
        for rule in (team_budget.RULE, namespace_budget.RULE):
            problems += rule.judge(facts, {**named, **plans})
        warned = [(quota_age.RULE, named), *warned]
    facts = StackFacts(demands=found, today=today, folder=folder)
    unheard = [problem for rule, settings in warned for problem in rule.judge(facts, settings) if problem not in problems]
    yield from dict.fromkeys(problems)
    yield from (replace(problem, severity="warning") for problem in dict.fromkeys(unheard))


def pack_problems(recording: Recording, packs: Sequence[Path], policy_config: Path | None) -> Iterator[Problem]:
    """Run policy packs as processes of their own; what is mandatory is an error, the rest a warning."""
    if not packs:
        return
    from kaito_iac.offline.analyze import analyze
    from kaito_iac.rules.shipped import pack_folder

    try:
        config = policy_settings(policy_config)
    except Refusal as refusal:
        yield from refusal.problems
        return
    names = {resource.urn: resource.name for resource in recording.resources if resource.parent}
    for pack in packs:
        try:
            for said in analyze(recording, pack_folder(pack), config=config):
                problem = _problem(said.pack, said.policy, said.message, "error" if said.level == "mandatory" else "warning")
                yield replace(problem, path=where(names.get(said.urn, ""), problem.path))
        except Refusal as refusal:
            yield from refusal.problems


def where(name: str, path: str) -> str:
    """Return the path of a finding about a resource, which begins with its name unless the path holds it already."""
    return path if not name or name in path else f"{name}: {path}"


def policy_settings(path: Path | None) -> Mapping[str, Any]:
    """Return levels and settings by rule, as a file of `--policy-config` holds them; raises `Refusal` when it cannot be read."""
    if path is None:
        return {}
    try:
        value = read_json(path)
    except FileError as error:
        raise Refusal("Policy configuration", [Problem("KO485", path.name, str(error), "a JSON object")]) from None
    if not isinstance(value, dict):
        raise Refusal("Policy configuration", [Problem("KO485", path.name, "no JSON object", "a JSON object")])
    return value


def _problem(pack: str, policy: str, message: str, severity: Severity) -> Problem:
    """Return a violation as a problem; messages of our own packs are taken apart, others stay whole."""
    described, _, rest = message.partition("\n")
    ours = _SAID.fullmatch(rest.strip()) or _SAID.fullmatch(message.strip())
    if ours:
        return Problem(ours["code"], ours["path"], ours["found"], ours["accepted"] or "", ours["fix"] or "", severity)
    return Problem(policy, pack, f"{described} {rest}".strip(), "", "", severity)

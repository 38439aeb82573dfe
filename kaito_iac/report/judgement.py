"""What policy packs and a quota file say of a recorded stack, as problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from kaito_iac.offline.recording import Recording, Refusal
from kaito_iac.problem import Problem, Severity
from kaito_iac.sizing.demand import Demand

_SAID: Final = re.compile(
    r"(?P<path>.*?): (?P<found>.*?)(; expected (?P<accepted>.*?))? \[(?P<code>K[A-Z]\d{3})\](\n\s*fix: (?P<fix>.*))?", re.DOTALL
)


def quota_problems(found: Sequence[Demand], quota: Path | None, today: date) -> Iterator[Problem]:
    """Holds what a stack buys against a quota file, if there is one."""
    if quota is None:
        return
    from kaito_iac.policies import quota_age, vcpu_quota
    from kaito_iac.policies.rule import StackFacts

    facts = StackFacts(demands=found, today=today, folder=quota.resolve().parent)
    problems = list(vcpu_quota.RULE.judge(facts, {"quotaFile": quota.name}))
    yield from problems
    for problem in quota_age.RULE.judge(facts, {"quotaFile": quota.name}):
        if problem not in problems:
            yield Problem(problem.code, problem.path, problem.found, problem.accepted, problem.fix, "warning")


def pack_problems(recording: Recording, packs: Sequence[Path], policy_config: Path | None) -> Iterator[Problem]:
    """Runs policy packs as processes of their own; what is mandatory is an error, the rest a warning."""
    if not packs:
        return
    from kaito_iac.offline.analyze import analyze
    from kaito_iac.policies.shipped import pack_folder

    try:
        config = _config(policy_config)
    except Refusal as refusal:
        yield from refusal.problems
        return
    for pack in packs:
        try:
            for said in analyze(recording, pack_folder(pack), config=config):
                yield _problem(said.pack, said.policy, said.message, "error" if said.level == "mandatory" else "warning")
        except Refusal as refusal:
            yield from refusal.problems


def _config(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(
            "Policy configuration", [Problem("KO485", path.name, str(error).splitlines()[0], "a JSON object")]
        ) from None
    if not isinstance(value, dict):
        raise Refusal("Policy configuration", [Problem("KO485", path.name, "no JSON object", "a JSON object")])
    return value


def _problem(pack: str, policy: str, message: str, severity: Severity) -> Problem:
    """Gives a violation as a problem; messages of our own packs are taken apart, others stay whole."""
    described, _, rest = message.partition("\n")
    ours = _SAID.fullmatch(rest.strip()) or _SAID.fullmatch(message.strip())
    if ours:
        return Problem(ours["code"], ours["path"], ours["found"], ours["accepted"] or "", ours["fix"] or "", severity)
    return Problem(policy, pack, f"{described} {rest}".strip(), "", "", severity)

"""Replace an object by a component wherever it makes the same object, and report why where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kaito_iac.convert.decide import Outcome
from kaito_iac.convert.difference import difference, written_otherwise
from kaito_iac.convert.name import Names
from kaito_iac.convert.proof import Call, Shown, prove
from kaito_iac.convert.proposal import Key, Manifest, Nodes, Proposal, space
from kaito_iac.convert.propose_others import model_mirror, multi_role, rag_engine
from kaito_iac.convert.propose_served import workspace
from kaito_iac.convert.propose_set import inference_set
from kaito_iac.convert.propose_tuning import tuning
from kaito_iac.problem import Problem

Proposer = Callable[[Manifest], Iterator[Proposal]]
PROPOSERS: Final[Mapping[str, Proposer]] = {
    "InferenceSet": inference_set,
    "ModelMirror": model_mirror,
    "MultiRoleInference": multi_role,
    "RAGEngine": rag_engine,
    "Workspace": workspace,
}
"""Kind to what proposes its component; a Workspace that tunes has another."""
KEEP: Final = "keep the plain kind, or change the manifest to what the component writes"
NO_SIZE: Final = Problem(
    "KS356", "", "the VM size of its existing nodes is not known", "a VM size", "give --node-size NAME", severity="info"
)
NAMED_ELSEWHERE: Final = Problem(
    "KS356", "metadata", "a component accepts neither a generated name nor further fields", "a name", KEEP, severity="info"
)


@dataclass(slots=True)
class _Candidate:
    outcome: Outcome
    proposals: list[Proposal]
    logical: str
    why: list[Problem] = field(default_factory=list)


def use_components(outcomes: Sequence[Outcome], size: str | None) -> None:
    """Return every outcome its component, or the reason why it stays a plain kind; `size`: that of existing nodes."""
    held = {key(one): one for one in outcomes if one.arguments is not None}
    others = {name: one.arguments for name, one in held.items() if one.arguments is not None}
    waiting = list(_candidates(outcomes, others, Names()))
    for one in waiting if size is None else ():
        if isinstance(one.proposals[0].args.get("node_pool"), Nodes):
            one.proposals, one.why = [], [NO_SIZE]
    while waiting:
        for one in [one for one in waiting if not one.proposals]:
            one.outcome.plain = one.why[0]
        waiting = [one for one in waiting if one.proposals]
        calls = [_call(one) for one in waiting]
        for one, shown, call in zip(waiting, prove(calls, size), calls, strict=True):
            _settle(one, one.proposals.pop(0), call, shown, held)
        waiting = [one for one in waiting if one.outcome.call is None]


def key(one: Outcome) -> Key:
    """Return the key of an object that a class holds."""
    metadata = (one.arguments or {}).get("metadata", {})
    return (one.kind or "", space(metadata), str(metadata.get("name")))


def _candidates(outcomes: Sequence[Outcome], others: Mapping[Key, Mapping[str, Any]], names: Names) -> Iterator[_Candidate]:
    for one in outcomes:
        propose = PROPOSERS.get(one.kind or "")
        if one.arguments is None or propose is None:
            continue
        if one.problem or not one.name or one.arguments["metadata"].get("name") != one.name:
            one.plain = NAMED_ELSEWHERE
            continue
        if one.kind == "Workspace" and "tuning" in one.arguments:
            propose = tuning
        proposals = list(propose(Manifest(kind=one.kind or "", name=one.name, fields=one.arguments, others=others)))
        if one.running:  # what a component makes beside it is there already, and is taken over as it is
            proposals = [proposal for proposal in proposals if not proposal.companions] or proposals
        namespace = one.arguments["metadata"].get("namespace")
        yield _Candidate(one, proposals, names.add(proposals[0].title or one.name, namespace))


def _call(one: _Candidate) -> Call:
    proposal = one.proposals[0]
    own = {"name": one.outcome.name} if proposal.title is None and one.logical != one.outcome.name else {}
    return Call(component=proposal.component, logical=one.logical, args={**own, **proposal.args})


def _settle(one: _Candidate, proposal: Proposal, call: Call, shown: Shown, held: Mapping[Key, Outcome]) -> None:
    """Take a proposal whose objects are the same as those of the input, and no others; else notes why not."""
    outcome = one.outcome
    wanted = {key(outcome): outcome, **{name: held[name] for name in proposal.companions}}
    made = {(str(data["kind"]), space(data["metadata"]), str(data["metadata"]["name"])): data for data in shown.objects}
    if why := ("", f"refuses it: {shown.refused}") if shown.refused else _unlike(wanted, made):
        one.why.append(Problem("KS356", why[0], f"{call.component} {why[1]}", fix=KEEP, severity="info"))
        return
    outcome.call = call
    for name, found in wanted.items():
        found.logical = call.logical
        found.covered = found is not outcome
        otherwise = written_otherwise(name[0], found.arguments or {}, made[name])
        found.notes += [f"{call.component} {text}" for text in otherwise]


def _unlike(wanted: Mapping[Key, Outcome], made: Mapping[Key, Mapping[str, Any]]) -> tuple[str, str] | None:
    """Return path and text of the first difference between the objects of the input and those a component makes."""
    for name in (*wanted, *(name for name in made if name not in wanted)):
        arguments = wanted[name].arguments if name in wanted else None
        if arguments is None:
            return "", f"adds {name[0]} {name[2]}"
        if name not in made:
            return "", f"makes no {name[0]} {name[2]}"
        if found := difference(name[0], arguments, made[name]):
            return found
    return None

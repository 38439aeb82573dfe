"""Holds a workload against the operator it runs under: at once for what is known of it, else as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pulumi

from kaito_iac.admission.stated_installation import stated_gates
from kaito_iac.admission.verdict import GATES
from kaito_iac.admission.vocabulary import KIND_GATES
from kaito_iac.catalog.record import GpuSize
from kaito_iac.errors import REFUSED, SpecError
from kaito_iac.problem import Problem, Unknown, errors
from kaito_iac.resolve.operator_facts import LATE, OperatorFacts, facts_of
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import described, shown

ACCEPTED: Final = "a KaitoOperator, or a mapping of its outputs"
Need = Callable[[OperatorFacts], Iterable[Problem]]
"""What a workload needs of an operator; gives what is wrong, as far as it is known."""


class Operator:
    """The operator of one workload: the argument `operator`, and what the workload asked of it."""

    def __init__(self, reader: Reader) -> None:
        self._title = reader.title
        self._needs: list[Need] = []
        self._late: pulumi.Output[Any] | None = None
        self.facts = self._read(reader, reader.args.get("operator"))

    def _read(self, reader: Reader, given: Any) -> OperatorFacts:
        if isinstance(given, pulumi.Output):
            self._late = given
            return OperatorFacts(version=LATE, gates=LATE, provisioner=LATE, cloud=LATE, missing=LATE, node_classes=LATE)
        if isinstance(given, pulumi.Resource):
            from kaito_iac.resolve.operator_spec import OperatorSpec  # loaded by the component that is given

            spec = getattr(given, "spec", None)
            if isinstance(spec, OperatorSpec):
                return facts_of(spec.outputs())[0]
            if spec is not REFUSED:
                reader.add(Problem("KS102", "operator", described(given), ACCEPTED))
            return OperatorFacts()
        if given is not None and not isinstance(given, Mapping):
            reader.add(Problem("KS102", "operator", shown(given), ACCEPTED))
            return OperatorFacts()
        found = reader.mapping("operator")
        facts, problems = facts_of(found)
        reader.problems += problems
        if any(isinstance(value, pulumi.Output) for value in _flat(found)):
            self._late = pulumi.Output.from_input(found)
        return facts

    def needs(self, reader: Reader, need: Need) -> None:
        """Ask something of the operator; what is known to be wrong goes to the reader."""
        self._needs.append(need)
        reader.problems += need(self.facts)

    def needs_kind(self, reader: Reader, kind: str, path: str) -> None:
        """Ask for a kind, and for the feature gate without which nothing happens to its objects."""
        self.needs(reader, lambda facts: _lacking(facts, kind))
        if kind in KIND_GATES and not self.facts.lacks(kind):
            self.needs_gate(reader, path, KIND_GATES[kind], kind=kind)

    def needs_gate(self, reader: Reader, path: str, gate: str, *, kind: str = "", refused: bool = False) -> None:
        """Ask for a feature gate of something KAITO refuses, or ignores, without; an info says which when it is unknown it."""
        lost = f"{'refuses' if refused else 'ignores'} {kind or path}"
        self.needs(reader, lambda facts: _off(facts, gate, lost) if facts.gate(gate) is False and not facts.lacks(kind) else [])
        if (
            isinstance(self.facts.gate(gate), Unknown)
            and not {**GATES, **stated_gates()}.get(gate)
            and not errors(reader.problems)
        ):
            how = "refused" if refused else "without effect"
            message = f"{how} unless the operator runs with the gate {gate}, which is off by default"
            reader.add(Problem("KO402", path, message, fix=f"featureGates.{gate}=true in KAITO's chart", severity="info"))

    def version(self) -> Any:
        """Return the operator's version, None without one; as an Output it fails when the operator is a wrong one."""
        if self._late is None:
            return self.facts.version if isinstance(self.facts.version, str) else None
        title, needs = self._title, tuple(self._needs)
        return self._late.apply(lambda found: _agreed(title, found, needs))


def known(fact: str | Unknown) -> str | None:
    """Return a fact as a default; None when it is not known."""
    return None if isinstance(fact, Unknown) else fact


def same_place(reader: Reader, size: GpuSize | None) -> Need:
    """Return the need for an operator that has this place: existing nodes with byo alone, others with the rest, on one cloud.

    Without a word of the user's, KAITO takes the same manifest with Karpenter and with gpu-provisioner.
    """
    pooled, path = reader.has("node_pool"), reader.path
    provisioner, cloud = reader.args.get("provisioner"), reader.args.get("cloud")

    def need(facts: OperatorFacts) -> Iterator[Problem]:
        theirs = known(facts.provisioner)
        if theirs and pooled and theirs != "byo":
            message = f"existing nodes, but the operator has provisioner {theirs}: KAITO refuses a workload without instance_type"
            yield Problem("KS105", path("node_pool"), message, "an operator with byo", "give instance_type instead of node_pool")
        elif theirs == "byo" and not pooled and provisioner != "byo":
            message = "provisioner byo makes no nodes, and the workload has no node_pool"
            yield Problem("KS105", "operator", message, "node_pool (tuning takes none), or an operator that makes nodes")
        elif theirs and not pooled and provisioner not in (None, theirs):
            message = f"{shown(provisioner)}, but the operator has {theirs}"
            yield Problem("KS105", path("provisioner"), message, theirs, "leave provisioner out")
        on = None if pooled else known(facts.cloud)
        if on and cloud not in (None, on):
            yield Problem("KS105", path("cloud"), f"{shown(cloud)}, but the operator has {on}", on, "leave cloud out")
        elif on and size and size.cloud != on:
            message = f"{size.name}, a size of {size.cloud}, but the operator has cloud {on}"
            yield Problem("KS105", path("instance_type"), message, f"a size of {on}", f"see `kaito-iac sizes --cloud {on}`")

    return need


def _agreed(title: str, found: Any, needs: Sequence[Need]) -> str | None:
    """Return the version of an operator that came late; raises SpecError with everything the workload misses in it."""
    if not isinstance(found, Mapping):
        raise SpecError(title, [Problem("KS102", "operator", "nothing" if found is None else "no mapping", ACCEPTED)])
    facts, problems = facts_of(found)
    wrong = errors((*problems, *(problem for need in needs for problem in need(facts))))
    if wrong:
        raise SpecError(title, tuple(dict.fromkeys(wrong)))
    return facts.version if isinstance(facts.version, str) else None


def _lacking(facts: OperatorFacts, kind: str) -> list[Problem]:
    if not facts.lacks(kind):
        return []
    chart = "rag=True" if kind == "RAGEngine" and facts.release and facts.release.kind == "chart" else "mode='release'"
    return [Problem("KS105", "operator", f"{facts.named} has no {kind}", "an operator that has it", f"{chart} of the operator")]


def _off(facts: OperatorFacts, gate: str, lost: str) -> list[Problem]:
    if facts.lacks_gate(gate):
        return [Problem("KO402", "operator", f"{facts.named} has no gate {gate}, so it {lost}", "an operator that has it")]
    message = f"its gate {gate} is off, so KAITO {lost}"
    return [Problem("KO402", "operator", message, f"{gate} on", f"feature_gates={{'{gate}': True}} of the operator")]


def _flat(value: Any) -> list[Any]:
    """Return everything inside mappings and lists."""
    if isinstance(value, Mapping):
        return [one for item in value.values() for one in _flat(item)]
    if isinstance(value, list | tuple):
        return [one for item in value for one in _flat(item)]
    return [value]

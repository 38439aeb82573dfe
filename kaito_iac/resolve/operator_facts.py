"""Knows an operator as a workload sees it: its release, gates, provisioner, cloud, kinds and NodeClasses, each maybe unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from kaito_iac.admission.verdict import PROVISIONERS
from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.load import DEFAULT_VERSION, versions
from kaito_iac.catalog.record import KaitoVersion
from kaito_iac.problem import Problem, Unknown
from kaito_iac.resolve.reading import Reader
from kaito_iac.resolve.value_checks import shown
from kaito_iac.spelling import pythonic

OUTPUTS: Final = ("version", "feature_gates", "provisioner", "cloud", "namespace", "crds", "missing", "node_classes", "ready")
"""Outputs of a KaitoOperator, which a mapping may have."""
UNTOLD: Final = Unknown("not known")
LATE: Final = Unknown("set by an output")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """What is known of an operator; without any fact, what is known of one that is not named."""

    version: str | Unknown = UNTOLD
    gates: Mapping[str, bool | Unknown] | Unknown = UNTOLD
    provisioner: str | Unknown = UNTOLD
    """KAITO's nodeProvisioner."""
    cloud: str | Unknown = UNTOLD
    missing: tuple[str, ...] | Unknown = UNTOLD
    """Kinds that it lacks, and other things of the newest release."""
    node_classes: tuple[str, ...] | Unknown = UNTOLD
    """NodeClasses that it manages."""

    @property
    def release(self) -> KaitoVersion | None:
        """Return the release as the catalogue describes it; None when it does not, or it is not known."""
        return versions().get(self.version) if isinstance(self.version, str) else None

    @property
    def named(self) -> str:
        """Return the operator's name in a sentence."""
        run = " run by Azure" if self.release and self.release.kind != "chart" else ""
        return f"KAITO {self.version}{run}" if isinstance(self.version, str) else "the operator"

    def gate(self, name: str) -> bool | Unknown:
        """Return whether a feature gate is on; one that is not listed has the default of the release."""
        if isinstance(self.gates, Unknown):
            return False if self.lacks_gate(name) else self.gates
        if name in self.gates:
            return self.gates[name]
        return self.release.feature_gates.get(name, False) if self.release else UNTOLD

    def lacks_gate(self, name: str) -> bool:
        """Return whether the release has no such gate at all."""
        return self.release is not None and name not in self.release.feature_gates

    def lacks(self, kind: str) -> bool:
        """Return whether the operator is known to lack a kind; the add-on and each chart have their own."""
        if self.release is not None and kind not in self.release.apis and kind in versions()[DEFAULT_VERSION].apis:
            return True
        return not isinstance(self.missing, Unknown) and kind in self.missing


def facts_of(given: Mapping[str, Any]) -> tuple[OperatorFacts, list[Problem]]:
    """Read a mapping of outputs; what is an Output is unknown."""
    inner = Reader(pythonic(given, OUTPUTS), OUTPUTS, prefix="operator.")

    def late(key: str) -> bool:
        return isinstance(inner.args.get(key), pulumi.Output)

    def text(key: str, accepted: str, choices: tuple[str, ...] = ()) -> str | Unknown:
        return LATE if late(key) else (inner.text(key, accepted, choices=choices) or UNTOLD)

    def names(key: str) -> tuple[str, ...] | Unknown:
        if late(key) or not inner.has(key):
            return LATE if late(key) else UNTOLD
        found = inner.items(key)
        inner.problems += [Problem("KS102", inner.path(key), shown(one), "names") for one in found if not isinstance(one, str)]
        return tuple(one for one in found if isinstance(one, str))

    facts = OperatorFacts(
        version=text("version", "a KAITO release, such as 0.12.0"),
        gates=LATE if late("feature_gates") else _gates(inner),
        provisioner=text("provisioner", "", PROVISIONERS),
        cloud=text("cloud", "", CLOUDS),
        missing=names("missing"),
        node_classes=names("node_classes"),
    )
    return facts, inner.problems


def _gates(inner: Reader) -> Mapping[str, bool | Unknown] | Unknown:
    if not inner.has("feature_gates"):
        return UNTOLD
    gates: dict[str, bool | Unknown] = {}
    for name, value in inner.mapping("feature_gates").items():
        if isinstance(value, bool):
            gates[name] = value
        elif isinstance(value, pulumi.Output):
            gates[name] = LATE
        else:
            inner.add(Problem("KS102", inner.path(f"feature_gates.{name}"), shown(value), "true or false"))
    return gates

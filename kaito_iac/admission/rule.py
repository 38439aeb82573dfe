"""What a rule is: a code, where it applies, and a check that gives findings; and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from kaito_iac.admission.case import Case
from kaito_iac.kubernetes.schema import Path
from kaito_iac.problem import Severity

ALL: Final = ("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror")


class Found(NamedTuple):
    """One finding of a rule."""

    path: str | Path
    found: str
    accepted: str = ""
    fix: str = ""
    cause: str = ""
    """Keyword for programs, see `Problem.cause`."""
    inside: Path = ()
    """Where it is inside the settings that a ConfigMap or an annotation at the path holds."""


Check = Callable[[Case], Iterator[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that is judged, and where."""

    name: str
    """Name of the function, unique."""
    code: str
    severity: Severity
    """error: KAITO refuses it. warning: KAITO admits it, and it cannot work. info: not checked here."""
    kinds: tuple[str, ...]
    on: str
    """create, update or both."""
    versions: tuple[str, ...]
    child: bool
    """Whether it also judges the Workspace that an InferenceSet would make."""
    what: str
    """The rule as a sentence."""
    check: Check


RULES: Final[dict[str, Rule]] = {}
"""Name to rule, in the order of the modules."""


def rule(
    code: str,
    *kinds: str,
    severity: Severity = "error",
    on: str = "both",
    versions: tuple[str, ...] = ("v1beta1", "v1alpha1"),
    child: bool = True,
) -> Callable[[Check], Check]:
    """Makes a rule of a function; the first paragraph of its docstring says what it judges."""

    def register(check: Check) -> Check:
        name = check.__name__
        assert name not in RULES, f"{name} is there twice"
        what = " ".join((check.__doc__ or "").split("\n\n")[0].split())
        RULES[name] = Rule(
            name=name, code=code, severity=severity, kinds=kinds, on=on, versions=versions, child=child, what=what, check=check
        )
        return check

    return register


def warning(
    code: str, *kinds: str, on: str = "both", versions: tuple[str, ...] = ("v1beta1", "v1alpha1"), child: bool = True
) -> Callable[[Check], Check]:
    """Makes a rule about what KAITO admits."""
    return rule(code, *kinds, severity="warning", on=on, versions=versions, child=child)


def info(
    code: str, *kinds: str, on: str = "both", versions: tuple[str, ...] = ("v1beta1", "v1alpha1")
) -> Callable[[Check], Check]:
    """Makes a rule about what cannot be seen here."""
    return rule(code, *kinds, severity="info", on=on, versions=versions)

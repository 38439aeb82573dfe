"""What KAITO's own rules say of an object, as policies: one table assigns each code to a policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from kaito_iac.problem import Problem
from kaito_iac.rules.kaito_object import KAITO, KaitoConfig, judged
from kaito_iac.rules.rule import Level, ResourceRule
from kaito_iac.stack.resource import Resource

OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "KS201": "vm-size",
        "KS211": "vm-size",
        "KS313": "vm-size",
        "KS314": "vm-size",
        "KS202": "model-fits",
        "KS212": "model-fits",
        "KS213": "model-fits",
        "KS315": "model-fits",
        "KS316": "model-fits",
        "KS203": "context-limit",
        "KS204": "gated-model-token",
        "KS205": "tunable-model",
        "KS206": "adapter-strength",
        "KS208": "reserved-label",
        "KS209": "rag-embedding",
        "KS232": "autoscaling-keys",
        "KS243": "deprecated-api",
        "KN301": "public-load-balancer",
        "KO402": "missing-gate",
        "KS218": "missing-gate",
        "KS238": "",
    }
)
"""Code to the policy that reports it; empty: what could not be seen here, which no policy reports."""

REFUSED: Final = "kaito-refuses"
DOUBTED: Final = "works-as-written"


def owner(problem: Problem) -> str:
    """Return the policy that reports a finding: by its code, else whether KAITO refuses it."""
    named = OWNERS.get(problem.code)
    if named is not None:
        return named
    return REFUSED if problem.severity == "error" or problem.code.startswith("KS3") else DOUBTED


_INSIDE: Final = r"(^|[.])({words})([.\[]|$)"
_HOLDERS: Final = frozenset(
    {"spec", "resource", "inference", "tuning", "template", "compute", "roles", "model", "metadata", "storage", "embedding"}
    | {"preset", "presetOptions", "inferenceService", "adapters", "annotations", "labels", "labelSelector", "persistentVolume"}
    | {"local", "remote", "source", "input", "output"}
)
"""Keys that hold other keys: when one is not known, neither is what it holds."""


def _check(name: str, code: str, words: str) -> Callable[[Resource, KaitoConfig], Iterator[Problem]]:
    reads = re.compile(_INSIDE.format(words=words)) if words else None

    def check(fact: Resource, config: KaitoConfig) -> Iterator[Problem]:
        verdict = judged(fact, config)
        for path, value in verdict.unknown:
            last = re.split(r"[.\[]", path.rstrip("]"))[-1]
            if reads is None or verdict.blocked or last in _HOLDERS or reads.search(path):
                yield from config.unread(code, path, value, "a value that KAITO's rules can judge")
        for _, problem in verdict.problems:
            if owner(problem) == name and not _left_to_the_scaler(problem, fact):
                yield problem

    return check


def _left_to_the_scaler(problem: Problem, fact: Resource) -> bool:
    """Return whether a finding is about a number of replicas that the program gives for the creation alone."""
    return problem.code == "KS232" and problem.path in fact.options.ignore_changes


def _rule(
    code: str,
    name: str,
    title: str,
    why: str,
    fix: str,
    words: str,
    *,
    level: Level = "mandatory",
    severity: str = "high",
    tags: tuple[str, ...] = (),
) -> ResourceRule[KaitoConfig]:
    """Make the policy of a row: `words` are the keys that its findings depend on, empty for all."""
    return ResourceRule(
        code=code,
        name=name,
        title=title,
        config=KaitoConfig,
        check=_check(name, code, words),
        why=why,
        level=level,
        severity=severity,  # type: ignore[arg-type]  # one of the four, as every row below
        fix=fix,
        tags=("kaito", *tags),
        about=KAITO,
    )


_MODEL: Final = "preset|model|name|template"
_PLACE: Final = "instanceType|labelSelector|count|partition"

RULES: Final[tuple[ResourceRule[KaitoConfig], ...]] = (
    _rule(
        "KS201",
        "vm-size",
        "VM sizes are in KAITO's table and become ready",
        "An unknown or retired size passes admission and then waits for a node indefinitely.",
        "Take a size that `kaito-iac fit MODEL` lists.",
        _PLACE,
        tags=("gpu",),
    ),
    _rule(
        "KS202",
        "model-fits",
        "The VM size holds the model and its context",
        "Nodes that cannot hold the model are created all the same, and the pods fail on them.",
        "Take a bigger size or a smaller context: `kaito-iac fit MODEL` lists what holds it.",
        f"{_MODEL}|{_PLACE}|annotations|config|adapters",
        tags=("gpu", "cost"),
    ),
    _rule(
        "KS204",
        "gated-model-token",
        "A gated model has the Secret of its token",
        "KAITO does not ask for the token: the download fails after the GPU node exists.",
        "Name a Secret with the key HF_TOKEN as modelAccessSecret.",
        f"{_MODEL}|modelAccessSecret|annotations",
        tags=("cost",),
    ),
    _rule(
        "KS205",
        "tunable-model",
        "A model that is tuned can be tuned",
        "KAITO admits tuning of any preset and fails, or crashes, when it looks for the parameters.",
        "Take a model that `kaito-iac models --tunable` lists.",
        _MODEL,
        tags=("tuning",),
    ),
    _rule(
        "KS206",
        "adapter-strength",
        "Adapters have a strength only under transformers",
        "vLLM knows no strength: KAITO refuses the object.",
        "Leave strength out, or set the annotation kaito.sh/runtime to transformers.",
        "adapters|strength|annotations|template|preset",
        severity="medium",
    ),
    _rule(
        "KS243",
        "deprecated-api",
        "No deprecated field and no deprecated API version",
        "The next release of KAITO may drop it, and the object with it.",
        "Use kaito.sh/v1beta1 and its fields.",
        "count|preferredNodes|accessMode|presetOptions|image|imagePullSecrets|template|compute",
        level="advisory",
        severity="low",
    ),
    _rule(
        "KS208",
        "reserved-label",
        "Labels of KAITO's own are left to KAITO",
        "KAITO drops its own labels from selectors, and deletes pools that carry them.",
        "Use labels of your own.",
        "labels|labelSelector",
        severity="medium",
    ),
    _rule(
        "KS209",
        "rag-embedding",
        "The embedding of a RAG engine has an effect",
        "An embedding that nothing reads suggests a quality that the index does not have.",
        "Leave it out, or name a model that the engine loads.",
        "embedding|local|remote|modelID|image|inferenceService",
        level="advisory",
        severity="low",
    ),
    _rule(
        "KS232",
        "autoscaling-keys",
        "Autoscaling keys are ones that the KEDA scaler of KAITO reads",
        "A key that the scaler does not read leaves the replicas where they are, full or idle.",
        "Use the keys scaledobject.kaito.sh/* that the scaler reads.",
        "annotations|replicas|nodeCountLimit",
        severity="medium",
        tags=("cost",),
    ),
    _rule(
        "KS301",
        REFUSED,
        "KAITO takes the object",
        "What KAITO's webhook or CRDs refuse stops the update in the middle, after the cluster and its nodes are created.",
        "Correct what the message names; `kaito-iac check` reports the same of a file.",
        "",
    ),
    _rule(
        "KS235",
        DOUBTED,
        "Settings that KAITO admits also work as written",
        "Some settings pass admission and are then ignored, or do something else than they state.",
        "Correct or remove what the message names.",
        "",
        level="advisory",
        severity="medium",
    ),
)

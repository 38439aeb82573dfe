"""Ask the rulebook about the manifest that a component registers, and report findings at the argument that sets the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pulumi

from kaito_iac.admission.verdict import Cluster, Environment
from kaito_iac.admission.vocabulary import KIND_GATES, PARTITION_GATES, UPGRADE_GATE
from kaito_iac.kinds.blame import Path, blame, parts, written
from kaito_iac.problem import Problem, Severity, errors

if TYPE_CHECKING:
    from kaito_iac.admission.judge import Located

GATES: Final = dict.fromkeys((*KIND_GATES.values(), *PARTITION_GATES.values(), UPGRADE_GATE), True)
"""Gates that are taken to be on: an operator is asked for them, not a manifest."""
REFUSED: Final = frozenset(
    {
        "KS104",
        "KS203",
        "KS204",
        "KS205",
        "KS218",
        "KS220",
        "KS221",
        "KS226",
        "KS228",
        "KS230",
        "KS234",
        "KS237",
        "KS239",
        "KS244",
        "KS290",
        "KS291",
        "KS292",
    }
)
"""Codes of what KAITO admits and a component refuses: it can never work, and the nodes would be bought first."""
REFUSED_RULES: Final = frozenset(
    {"output_stays_in_its_volume", "limit_is_read", "scaling_keys_are_read", "stated_parallelism_fits"}
)
"""Rules that a component refuses by, under codes of which others are remarks."""
SIZED: Final = "sized by the component, which knows the pool, the model's facts and the number of nodes"
UNASKED: Final[Mapping[str, str]] = {
    "memory_holds_weights": SIZED,
    "slice_holds_weights": SIZED,
    "nodes_hold_weights": SIZED,
    "transformers_on_one_node": SIZED,
    "size_holds_the_model": SIZED,
    "vllm_can_split_the_model": SIZED,
    "gpus_have_room_for_context": SIZED,
    "states_have_room": SIZED,
    "slice_holds_the_model": SIZED,
    "nodes_compute_in_the_type": SIZED,
    "context_is_what_nodes_are_counted_for": SIZED,
    "count_is_what_happens": SIZED,
    "nodes_are_few": "compared with the argument max_nodes",
    "surge_needs_room": "the node of an upgrade is counted as demand",
    "replicas_are_not_scaled_away": "a component ignores changes of replicas where it scales",
    "gated_model_has_a_token": "asked with the facts of the model, which may be the user's",
    "context_is_in_limit": "compared with the facts of the model, which may be the user's",
    "deprecated_fields": "count is written where KAITO still reads it alone",
}
"""Rule to the reason why a component does not ask by it."""
REMEDIES: Final[Mapping[str, str]] = {
    "partition_needs_own_nodes": "give node_pool",
    "embedding_is_used": "leave embedding out",
    "strength_needs_transformers": "leave strength out, or runtime='transformers'",
}
"""Rule to the next step that a component has for it."""
READ_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "own_containers_ask_for_gpus": frozenset({"resources", "resourceClaims"}),
}
"""Rule about a part to the fields that it reads inside: another value there that is not known hides nothing."""
SERVER: Final = frozenset({"KS303", "KS304", "KS305", "KS306"})
"""Codes after which nothing else is judged."""
LATER: Final = "unknown"
"""Stands for a value that is not known yet where there has to be one."""
OWN_CONFIG: Final = re.compile(r"^((?:prefill\.|decode\.)?)config\.(vllm|training)\b")
"""Contents of the ConfigMap that a component makes of its arguments."""
PATH: Final = re.compile(r"\b(?:spec|resource|inference|tuning)(?:[.]\w+)+")
NOTES: Final[Path] = ("metadata", "annotations")
ANNOTATION: Final = re.compile(r"the annotation (kaito[.]sh/[a-z-]+)")
REMOVE: Final = re.compile(r"\bremove (\w+)")
UNCHECKED: Final = "Use vllm_extra to pass it unchecked"
WORDS: Final = {
    "volumeSource": "volume",
    "imagePushSecret": "push_secret",
    "imagePullSecrets": "image_pull_secrets",
    "upthreshold": "up_threshold",
    "downthreshold": "down_threshold",
    "metriccachewindow": "cache_window",
    "min-replicas": "min_count",
    "max-replicas": "max_count",
}
"""Fields of a manifest that messages name, and the arguments that set them."""
FIELDS: Final = re.compile(rf"\b({'|'.join(WORDS)})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A manifest that the rulebook is asked about: at once, and again with each value that becomes known later."""

    args: type
    manifest: Mapping[str, Any]
    """Without the values that are not known."""
    gaps: tuple[Path, ...]
    """Where these values stand."""
    env: Environment

    def found(self) -> Iterator[Problem]:
        """Return what the rules find, each problem at its argument."""
        from kaito_iac.admission.judge import located  # loads every rule, which a program without a workload does not need

        for one in located(self.manifest, self.env):
            hidden = any(_hides(gap, one) for gap in self.gaps)
            if one.problem.severity != "info" and not hidden:
                yield self._problem(one)

    def _problem(self, found: Located) -> Problem:
        """Return a finding with its argument, its texts in the user's words, and as an error where it can never work."""
        path = self._argument(found.path, found.inside)
        prefixes = (f"{'.'.join(map(str, found.inside[1:]))}: ", *(f"{part} " for part in found.inside[-1:]))
        texts = {name: getattr(found.problem, name) for name in ("found", "accepted", "fix")}
        for prefix in prefixes if found.inside else ():
            texts["found"] = texts["found"].removeprefix(prefix)
        texts = {name: PATH.sub(lambda path: self._argument(parts(path[0])), text) for name, text in texts.items()}
        texts = {name: FIELDS.sub(lambda word: WORDS[word[0]], text) for name, text in texts.items()}
        texts = {name: ANNOTATION.sub(lambda key: self._argument((*NOTES, key[1])), text) for name, text in texts.items()}
        texts |= {"fix": REMEDIES.get(found.rule) or _fix(found.problem.code, texts["fix"], path)}
        return replace(found.problem, path=path, severity=_severity(found.rule, found.problem), **texts)

    def _argument(self, path: Path, inside: Path = ()) -> str:
        argument = blame(self.args, path) or written(path)
        whole = f"{argument}.{FIELDS.sub(lambda word: WORDS[word[0]], written(inside))}" if inside else argument
        return OWN_CONFIG.sub(r"\1\2", whole)

    def first(self, argument: str, value: Any) -> Problem | None:
        """Return what the rules refuse of an argument whose value is known now."""
        gap = next((place for place in self.gaps if self._argument(place) == argument), None)
        if gap is None:
            return None
        gaps = tuple(one for one in self.gaps if one != gap)
        whole = replace(self, manifest=_put(self.manifest, gap, value), gaps=gaps)
        return next((one for one in whole.found() if one.severity == "error" and one.path.startswith(argument)), None)


def asked(
    args: type, manifest: Mapping[str, Any], env: Environment, config_maps: Mapping[str, Mapping[str, str]] | None = None
) -> Asked:
    """Return a manifest as the rulebook is asked about it; `config_maps`: name to data of what the component makes beside it."""
    gaps: list[Path] = []
    known = _known(manifest, (), gaps)
    namespace = known["metadata"].get("namespace") or env.namespace
    maps = {(namespace, name): data for name, data in (config_maps or {}).items()}
    env = replace(
        env, feature_gates={**GATES, **env.feature_gates}, cluster=Cluster(config_maps=maps), unasked=frozenset(UNASKED)
    )
    found = Asked(args=args, manifest=known, gaps=tuple(gaps), env=env)
    missing = [gap for gap in gaps if any(_about(gap, path) for path in _refused(found))]
    for gap in missing:
        known = _put(known, gap, LATER)
    return replace(found, manifest=known)


def _refused(found: Asked) -> list[Path]:
    from kaito_iac.admission.judge import located

    return [one.path for one in located(found.manifest, found.env) if one.problem.code in SERVER] if found.gaps else []


def _known(value: Any, path: Path, gaps: list[Path]) -> Any:
    """Return a value without what is not known inside it; an item of a list that is not known is one of its own."""
    if isinstance(value, Mapping):
        gaps += [(*path, key) for key, one in value.items() if isinstance(one, pulumi.Output)]
        return {
            key: _known(one, (*path, key), gaps)
            for key, one in value.items()
            if one is not None and not isinstance(one, pulumi.Output)
        }
    if isinstance(value, list | tuple):
        gaps += [(*path, index) for index, one in enumerate(value) if isinstance(one, pulumi.Output)]
        return [
            _stand_in(path, index) if isinstance(one, pulumi.Output) else _known(one, (*path, index), gaps)
            for index, one in enumerate(value)
        ]
    return value


def _stand_in(path: Path, index: int) -> Any:
    name = f"{LATER}-{index}"
    return {"source": {"name": name, "image": f"example.com/{name}:1"}} if path[-1:] == ("adapters",) else name


def _put(manifest: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    made = deepcopy(dict(manifest))
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return made


def _about(path: Path, gap: Path) -> bool:
    """Return whether one is inside the other."""
    shared = min(len(path), len(gap))
    return shared > 0 and path[:shared] == gap[:shared]


def _hides(gap: Path, found: Located) -> bool:
    """Return whether a finding may be another one when a value is known."""
    if not _about(found.path, gap):
        return False
    read = READ_INSIDE.get(found.rule)
    if read is None or len(gap) <= len(found.path):
        return True
    return bool(read & set(map(str, gap))) or len(gap) <= len(found.path) + 3


def _severity(rule: str, problem: Problem) -> Severity:
    from kaito_iac.admission.rule import RULES

    refuses = rule not in RULES or RULES[rule].severity == "error" or problem.code in REFUSED or rule in REFUSED_RULES
    return "error" if refuses and problem.cause != "unlisted" else problem.severity


def _fix(code: str, fix: str, argument: str) -> str:
    """Return the next step as one for an argument."""
    fix = REMOVE.sub(lambda found: f"leave {found[1] if found[1] != 'it' else argument} out", fix)
    return f"{fix} {UNCHECKED}".strip() if code == "KS228" and (not fix or fix.startswith("did you mean")) else fix


def report(found: Asked, problems: list[Problem], given: Mapping[str, Any]) -> list[Problem]:
    """Return what to add to the problems of a component: what is not yet reported of the same argument.

    Where something is wrong already, an argument that was not given is not missed: it may follow from what is wrong. Other
    names may be made of a wrong one.
    """
    wrong = [problem.path for problem in errors(problems)]
    reported = {(problem.code, problem.path) for problem in problems}
    new = []
    for problem in found.found():
        known = any(_within(problem.path, path) or _within(path, problem.path) for path in wrong)
        known = known or (problem.code == "KS104" and "name" in wrong)
        if not known and (problem.code, problem.path) not in reported and (_head(problem.path) in given or not wrong):
            new.append(problem)
    return new


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _head(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]

"""The verdict on every real example is KAITO's."""

from __future__ import annotations

from kaito_iac.admission.judge import judge

NETWORK = {
    "hf-005": "KAITO asks Hugging Face, which has no weights under this name",
    "hf-010": "KAITO asks Hugging Face, which wants a token that is not in the cluster",
}
"""Refusals that nobody sees without asking Hugging Face, and why."""

PLACES = {
    "Image": "image", "Input": "input", "Output": "output", "Adapters": "adapters", "URLs": "urls", "Method": "method",
    "presetName": "preset", "Preset": "preset", "Config": "config", "max-model-len": "config", "inference_config": "config",
    "contextWindowSize": "contextWindowSize", "name": "name", "labelSelector": "labelSelector", "instanceType": "instanceType",
    "partition": "partition", "schedule": "schedule", "annotations": "annotations", "count": "count", "compute": "compute",
    "roles": "roles", "replicas": "replicas", "embedding": "embedding", "size": "size", "guardrails": "guardrails",
}  # fmt: skip
"""Word of KAITO's field to a word that our path has."""


def taken(case) -> bool:
    """Whether strict validation takes a manifest: the examples are of a client that lets the API server drop fields."""
    return case["accepted"] and not case["pruned"]


def test_verdicts_agree(examples, environment):
    """All 518 verdicts are KAITO's, but two that need the network; those are accepted with a note."""
    differing = {}
    for case in examples["cases"]:
        verdict = judge(case["manifest"], environment(case["env"]), old=case.get("old"))
        if verdict.accepted != taken(case):
            differing[case["id"]] = [problem.code for problem in verdict.problems if problem.severity == "info"]
    assert differing == {case: ["KS238"] for case in NETWORK}


def test_verdicts_agree_without_a_cluster(examples, environment):
    """Without any cluster at hand, the verdicts that need none are the same; nothing that KAITO admits is refused."""
    wrong = []
    for case in examples["cases"]:
        env = environment({**case["env"], "cluster": []})
        blind = judge(case["manifest"], env, old=case.get("old"), cluster=type(env.cluster)())
        wrong += [case["id"]] if blind.accepted != taken(case) and (taken(case) or not case["needs"]) else []
    assert wrong == []


def test_dangerous_is_warned_of(examples, environment):
    """What KAITO admits although it cannot work gets a warning."""
    silent = []
    for case in examples["cases"]:
        if case.get("dangerous"):
            verdict = judge(case["manifest"], environment(case["env"]), old=case.get("old"))
            silent += [case["id"]] if verdict.accepted and all(one.severity != "warning" for one in verdict.problems) else []
    assert silent == []


def test_refusals_are_at_the_same_place(examples, environment):
    """The field that KAITO names is among the paths of the errors; its own words for fields are odd, so words are compared."""
    elsewhere = {}
    for case in examples["cases"]:
        words = {
            place for row in case["errors"] for word, place in PLACES.items() if word in row["field"].replace("[", ".").split(".")
        }
        verdict = judge(case["manifest"], environment(case["env"]), old=case.get("old"))
        paths = [problem.path for problem in verdict.problems if problem.severity == "error"]
        missing = {word for word in words if not any(word in path for path in paths)}
        if words and len(missing) == len(words) and case["id"] not in NETWORK:
            elsewhere[case["id"]] = (sorted(words), paths)
    assert elsewhere == {}


def test_dropped_fields_are_told(examples, environment):
    """Every field that the CRD does not declare is an error, at its path."""
    for case in examples["cases"]:
        if case["pruned"]:
            verdict = judge(case["manifest"], environment(case["env"]), old=case.get("old"))
            assert case["accepted"] is False or {p.path for p in verdict.problems if p.code == "KS242"} == set(case["pruned"])

"""Lines of arguments: what each says of its values, and of its place in the manifest."""

import pytest

import kaito_iac as kaito
from kaito_iac.admission.verdict import PROVISIONERS
from kaito_iac.admission.vocabulary import METHODS, PERFORMANCE, RUNTIMES, UPGRADES, VECTOR_STORES
from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.kinds.blame import ANY, places
from kaito_iac.kinds.nested import AutoUpgradeArgs, VectorStoreArgs
from kaito_iac.kinds.rows import lines_of
from kaito_iac.kubernetes.schema import Reading, schema_of

CHOICES = {
    "runtime": (kaito.KaitoWorkspaceArgs, RUNTIMES),
    "performance_mode": (kaito.KaitoWorkspaceArgs, PERFORMANCE),
    "provisioner": (kaito.KaitoWorkspaceArgs, PROVISIONERS),
    "cloud": (kaito.KaitoWorkspaceArgs, CLOUDS),
    "method": (kaito.KaitoTuningArgs, METHODS),
    "strategy": (AutoUpgradeArgs, UPGRADES),
    "kind": (VectorStoreArgs, VECTOR_STORES),
}


def test_lines_say_type_choices_and_place():
    """A line states what its argument takes, where that is in the manifest, and what the manifest means without it."""
    runtime = lines_of(kaito.KaitoWorkspaceArgs)["runtime"]
    assert (runtime.choices, runtime.at.path, runtime.at.default) == (
        ("vllm", "transformers"),
        "metadata.annotations[kaito.sh/runtime]",
        "vllm",
    )
    wait = lines_of(kaito.KaitoWorkspaceArgs)["wait"]
    assert (wait.hint, wait.choices, wait.at) == (bool, (), None)


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_choices_are_those_of_kaito(name):
    """A line lists the values that KAITO takes, which rules for manifests know without it."""
    args, known = CHOICES[name]
    assert sorted(lines_of(args)[name].choices) == sorted(known)


KINDS = {
    kaito.KaitoWorkspaceArgs: ("Workspace", "v1beta1"),
    kaito.KaitoTuningArgs: ("Workspace", "v1beta1"),
    kaito.KaitoInferenceSetArgs: ("InferenceSet", "v1beta1"),
    kaito.KaitoRagEngineArgs: ("RAGEngine", "v1beta1"),
    kaito.KaitoModelMirrorArgs: ("ModelMirror", "v1alpha1"),
    kaito.KaitoMultiRoleInferenceArgs: ("MultiRoleInference", "v1alpha1"),
}
OF_REPLICAS = ("resource", "inference")
"""What a set has below spec.template, as the Workspace of a replica has it."""


def fields(args):
    """Return the places of the arguments that are fields of a kind, as its manifest has them."""
    for place in places(args):
        path = tuple(0 if part == ANY else part for part in place.path)
        if path[0] == "metadata":
            continue
        of_set = args is kaito.KaitoInferenceSetArgs and path[0] in OF_REPLICAS
        selects = path[:2] == ("resource", "labelSelector")
        yield ("spec", *path[1:]) if of_set and selects else ("spec", "template", *path) if of_set else path


@pytest.mark.parametrize("args", list(KINDS), ids=lambda found: found.__name__)
def test_places_are_fields_of_the_kind(args):
    """Every line that names a field names one that the Custom Resource Definition of its kind declares."""
    kind, version = KINDS[args]
    wrong = []
    for path in fields(args):
        value = {}
        for part in reversed(path):
            value = [value] if isinstance(part, int) else {part: value}
        reading = Reading(schema_of(kind, version), {"apiVersion": f"kaito.sh/{version}", "kind": kind, **value})
        wrong += [path for pruned in reading.pruned if pruned == path[: len(pruned)]]
    assert wrong == []

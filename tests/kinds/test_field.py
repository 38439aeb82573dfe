"""Lines of arguments: what each says of its values, and of its place in the manifest."""

import pytest

import kaito_iac as kaito
from kaito_iac.admission.verdict import PROVISIONERS
from kaito_iac.admission.vocabulary import METHODS, PERFORMANCE, RUNTIMES, UPGRADES, VECTOR_STORES
from kaito_iac.catalog.record import CLOUDS
from kaito_iac.kinds.nested import AutoUpgradeArgs, VectorStoreArgs
from kaito_iac.kinds.rows import lines_of

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
    """A line tells what its argument takes, where that stands in the manifest, and what the manifest means without it."""
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

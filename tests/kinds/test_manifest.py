"""Arguments written into a manifest by their lines, and read back by the same lines."""

import pytest

import kaito_iac as kaito
from kaito_iac.kinds.manifest import read, read_notes, write, write_notes
from kaito_iac.kinds.nested import AdapterArgs, AutoUpgradeArgs, DatasetArgs, PartitionArgs

WRITTEN = [
    pytest.param(
        AdapterArgs,
        {"name": "law", "image": "registry.example.com/law:1", "image_pull_secrets": ["pull"], "strength": "0.5"},
        {
            "source": {"name": "law", "image": "registry.example.com/law:1", "imagePullSecrets": ["pull"]},
            "strength": "0.5",
        },
        id="an adapter",
    ),
    pytest.param(PartitionArgs, {"mode": "mig", "profile": "2g.24gb"}, {"mode": "mig", "profile": "2g.24gb"}, id="a partition"),
    pytest.param(
        DatasetArgs, {"urls": ["https://a/b"], "name": "a"}, {"urls": ["https://a/b"], "name": "a"}, id="addresses of data"
    ),
    pytest.param(
        AutoUpgradeArgs,
        {"strategy": "Surge", "maintenance_window": {"schedule": "@daily"}},
        {"strategy": "Surge", "maintenanceWindow": {"schedule": "@daily"}},
        id="upgrades",
    ),
]


@pytest.mark.parametrize(("args", "values", "fields"), WRITTEN)
def test_written_and_read_back(args, values, fields):
    """What arguments say is written where their lines place it, and comes back from there."""
    assert write(args, values) == fields
    assert read(args, fields) == values


def test_annotations_of_a_workspace():
    """Arguments that are annotations are written in KAITO's words, and a default of ours where KAITO has another."""
    assert write_notes(kaito.KaitoWorkspaceArgs, {}) == {"kaito.sh/disable-benchmark": "true"}
    assert write_notes(
        kaito.KaitoWorkspaceArgs,
        {"runtime": "transformers", "expose": "loadBalancer", "local_weights": True, "benchmark": True},
    ) == {"kaito.sh/runtime": "transformers", "kaito.sh/enablelb": "True", "kaito.sh/use-local-weights": "true"}
    assert write_notes(kaito.KaitoWorkspaceArgs, {"runtime": "vllm", "expose": "cluster"}) == {
        "kaito.sh/disable-benchmark": "true"
    }


def test_annotations_come_back():
    """Annotations that an argument can say are read as arguments, others are kept; without a word of it KAITO's default holds."""
    found = read_notes(
        kaito.KaitoWorkspaceArgs,
        {"kaito.sh/runtime": "transformers", "kaito.sh/enablelb": "true", "team": "law", "kaito.sh/disable-benchmark": "true"},
    )
    assert found == ({"runtime": "transformers"}, {"kaito.sh/enablelb": "true", "team": "law"})
    assert read_notes(kaito.KaitoWorkspaceArgs, {}) == ({"benchmark": True}, {})

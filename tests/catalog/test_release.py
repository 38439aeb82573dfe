"""What changes from one KAITO release to another, and what the catalogue says of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaito_iac.catalog.load import DEFAULT_VERSION, table_of, versions
from kaito_iac.catalog.release import Change, changes, lost_kinds

OLD, NEW, ADDON = versions()["0.11.0"], versions()["0.12.0"], versions()["0.6.0"]


NEW_ARGUMENTS = (
    "device-ids",
    "diffusion-config",
    "enable-per-request-metrics",
    "jit-monitor-mode",
    "jit-monitor-verbose",
    "mm-ipc-gpu-memory-gb",
    "model-class-overrides",
    "prefill-schedule-interval",
    "watermark",
)


def told(found: tuple[Change, ...]) -> list[tuple[str, str, str, bool]]:
    return [(one.area, one.subject, one.text, one.breaking) for one in found]


def test_upgrade_that_everybody_makes() -> None:
    """From 0.11 to 0.12 fields, gates and engine arguments are added, old GPUs are no longer sized, charts and images move."""
    assert told(changes(OLD, NEW)) == [
        ("field", "workspaces.kaito.sh v1beta1 resource.partition", "added (object)", False),
        ("field", "inferencesets.kaito.sh v1alpha1 spec.autoUpgrade.strategy", "added (string)", False),
        ("field", "inferencesets.kaito.sh v1beta1 spec.autoUpgrade.strategy", "added (string)", False),
        ("field", "modelmirrors.kaito.sh v1alpha1 spec.mode", "added (string)", False),
        ("field", "modelmirrors.kaito.sh v1alpha1 spec.serviceAccountName", "added (string)", False),
        ("field", "ragengines.kaito.sh v1beta1 spec.compute.partition", "added (object)", False),
        ("gate", "enableMIG", "added, off by default", False),
        ("gate", "enableAccelerator", "added, off by default", False),
        ("chart", "workspace", "0.11.0 -> 0.12.0", False),
        ("chart", "ragengine", "0.11.0 -> 0.12.0", False),
        ("chart", "gpu-provisioner", "0.4.2 -> 0.4.4", False),
        ("chart", "karpenter-aws", "1.0.8 -> 1.13.0", False),
        ("image", "base image", "0.4.2 -> 0.5.0", False),
        ("engine", "vLLM", "0.22.1 -> 0.25.1", False),
        *(("engine", f"argument {name}", "added", False) for name in NEW_ARGUMENTS),
        ("behaviour", "sizes", "V100, T4 and older GPUs are no longer sized where KAITO creates nodes", True),
        ("behaviour", "gpu-memory-utilization", "0.82 instead of 0.84 on an NVIDIA A10", False),
    ]


def test_way_back_breaks() -> None:
    """What an upgrade adds, a downgrade removes, and says that it can break."""
    added = {one.subject for one in changes(OLD, NEW) if one.text.startswith("added")}
    removed = [one for one in changes(NEW, OLD) if one.text.startswith(("removed", "gone"))]
    assert added == {one.subject for one in removed}
    assert all(one.breaking for one in removed)


@pytest.mark.parametrize("version", versions().values(), ids=lambda version: version.version)
def test_nothing_changes_from_a_release_to_itself(version) -> None:
    """A release compared with itself has no change."""
    assert changes(version, version) == ()


def test_charts_take_over_from_the_add_on() -> None:
    """The add-on lacks kinds; its CRD is none of a chart's templates."""
    assert lost_kinds(ADDON, NEW) == ("InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror")
    assert [one.text for one in changes(ADDON, NEW) if one.subject == "workspaces.kaito.sh"] == [
        "is a template of the chart now: upgraded with it, and deleted with it unless kept"
    ]


def crd(**versions_of: dict[str, object]) -> dict[str, object]:
    return {"name": "x.kaito.sh", "kind": "X", "chart": "workspace", "shipped": "crds", "gate": None, "versions": versions_of}


def served(*, storage: bool = True, deprecated: bool = False, **fields: str) -> dict[str, object]:
    return {"storage": storage, "deprecated": deprecated, "fields": fields}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            {"crds": (crd(v1=served(a="string", b="object", **{"b.c": "string"})),)},
            {"crds": (crd(v1=served(a="integer")),)},
            [
                ("field", "x.kaito.sh v1 a", "integer instead of string", True),
                ("field", "x.kaito.sh v1 b", "removed (object)", True),
            ],
            id="a field of another type, and one that is gone with what is in it",
        ),
        pytest.param(
            {"crds": (crd(v1=served()),)},
            {"crds": (crd(v1=served(storage=False, deprecated=True), v2=served()),)},
            [
                ("crd", "x.kaito.sh v1", "no longer the stored version", False),
                ("crd", "x.kaito.sh v1", "deprecated", False),
                ("crd", "x.kaito.sh v2", "served from now on", False),
            ],
            id="a new stored version",
        ),
        pytest.param(
            {"crds": (crd(v1=served(storage=False), v2=served()),)},
            {"crds": (crd(v2=served()),)},
            [("crd", "x.kaito.sh v1", "no longer served", True)],
            id="a version that is gone",
        ),
        pytest.param(
            {"crds": (crd(v1=served()), {**crd(v1=served()), "name": "y.kaito.sh", "kind": "Y"})},
            {"crds": ({**crd(v1=served()), "name": "y.kaito.sh", "kind": "Y"},)},
            [("crd", "x.kaito.sh", "removed, with every object of its kind", True)],
            id="a CRD that is gone",
        ),
        pytest.param({"apis": {"X": "kaito.sh/v1"}}, {"apis": {}}, [("kind", "X", "removed", True)], id="a kind that is gone"),
        pytest.param(
            {"apis": {"X": "kaito.sh/v1"}},
            {"apis": {"X": "kaito.sh/v2"}},
            [("kind", "X", "stored as kaito.sh/v2 instead of kaito.sh/v1", False)],
            id="a kind that is stored otherwise",
        ),
        pytest.param(
            {"feature_gates": {"a": True, "b": True}},
            {"feature_gates": {"a": False}},
            [
                ("gate", "a", "off by default from now on", True),
                ("gate", "b", "removed: a controller that is given it stops", True),
            ],
            id="gates",
        ),
        pytest.param(
            {"provisioners": ("a",), "charts": {"x": "1"}, "base_image": None},
            {"provisioners": ("b",), "charts": {}, "base_image": "kaito-base:1"},
            [
                ("provisioner", "b", "added", False),
                ("provisioner", "a", "removed", True),
                ("chart", "x", "1 -> none", False),
                ("image", "base image", "none -> 1", False),
            ],
            id="provisioners, charts, image",
        ),
    ],
)
def test_every_kind_of_change(old, new, said) -> None:
    """Each kind of difference is reported once, with whether it can break something."""
    empty = {"apis": {}, "feature_gates": {}, "provisioners": (), "charts": {}, "crds": (), "base_image": None}
    assert told(changes(replace(NEW, **{**empty, **old}), replace(NEW, **{**empty, **new}))) == said


@pytest.mark.parametrize("version", versions().values(), ids=lambda version: version.version)
def test_rows_agree_with_themselves(version) -> None:
    """A kind's apiVersion is the stored version of its CRD, gates of CRDs exist, a chart release knows its charts and values."""
    stored = {row["kind"]: name for row in version.crds for name, one in row["versions"].items() if one["storage"]}
    if version.kind != "release-candidate":  # its CRDs are on record nowhere, so they are unknown
        assert {kind: f"kaito.sh/{name}" for kind, name in stored.items()} == dict(version.apis)
    assert {row["gate"] for row in version.crds} - {None} <= set(version.feature_gates)
    assert all(sum(one["storage"] for one in row["versions"].values()) == 1 for row in version.crds)
    if version.kind == "chart":
        published = set(table_of("versions.json")["chartSources"])
        assert set(version.charts) <= published
        assert {f"featureGates.{gate}" for gate in version.feature_gates} <= set(version.values["workspace"])
        assert version.charts["workspace"] == version.version


def test_default_release_is_one_of_charts() -> None:
    """What is installed when no one names a release is the one workloads are judged by."""
    assert versions()[DEFAULT_VERSION].kind == "chart"

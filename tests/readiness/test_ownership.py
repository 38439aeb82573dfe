# ruff: noqa: E501 -- messages are whole lines
"""What is against taking an object over, and what would change in it: whole messages."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.readiness.ownership import Takeover, takeover_problems

FIXED = ("resource", "inference.preset", 'metadata.annotations["kaito-iac/target-nodes"]')
OWN = {
    "metadata": {"name": "chat", "annotations": {"kaito-iac/target-nodes": "1"}},
    "resource": {"count": 1, "labelSelector": {"matchLabels": {"apps": "gpu"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": None},
}


def live(**more: Any) -> dict[str, Any]:
    """Return the Workspace as it runs, made by kubectl, with a controller's words and defaults in it."""
    metadata = {
        "name": "chat",
        "uid": "7",
        "annotations": {"workspace.kaito.io/hash": "x"},
        "managedFields": [{"manager": "kubectl-client-side-apply", "operation": "Update"}],
        **more.pop("metadata", {}),
    }
    return {
        "metadata": metadata,
        "resource": {"labelSelector": {"matchLabels": {"apps": "gpu"}}},
        "inference": {"preset": {"name": "phi-4-mini-instruct", "presetOptions": {}}, "config": "mine"},
        **more,
    }


def said(found: dict[str, Any], own: dict[str, Any] = OWN, *, force: bool = False) -> list[str]:
    over = Takeover(name="default/chat", served_as=("kaito.sh/v1beta1", "Workspace"), fixed=FIXED, force=force)
    return [problem.text(indent="") for problem in takeover_problems(found, own, over)]


ANNOTATION = """info: adopt: metadata.annotations["kaito-iac/target-nodes"] of default/chat changes from nothing to '1' [KO493]"""


def test_same() -> None:
    """Of an object that runs as the program says, the annotation of the nodes is added, and nothing else changes."""
    assert said(live()) == [ANNOTATION]


@pytest.mark.parametrize(
    ("metadata", "owner"),
    [
        pytest.param({"annotations": {"meta.helm.sh/release-name": "models"}}, "Helm (models)", id="a Helm release"),
        pytest.param({"labels": {"app.kubernetes.io/managed-by": "Helm"}}, "Helm", id="Helm's label"),
        pytest.param({"annotations": {"argocd.argoproj.io/tracking-id": "apps:x"}}, "Argo CD (apps:x)", id="Argo CD"),
        pytest.param({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps"}}, "Flux (apps)", id="Flux"),
        pytest.param(
            {"ownerReferences": [{"kind": "InferenceSet", "name": "npc", "controller": True}]},
            "InferenceSet npc",
            id="a controller",
        ),
    ],
)
def test_owner(metadata: dict[str, Any], owner: str) -> None:
    """An object that something else manages is refused; by force it is taken with a warning."""
    told = f"""\
adopt: default/chat is managed by {owner}, which would change it back or delete it; expected an object that nothing else manages \
[KO492]
  fix: take it out of {owner.partition(" (")[0]} first, or adopt.force=True"""
    assert said(live(metadata=metadata))[0] == told
    assert said(live(metadata=metadata), force=True)[0] == f"warning: {told}"


def test_another_program() -> None:
    """An object of a Pulumi program is reported: it may be this one, or another that would fight for it."""
    managed = [{"manager": "pulumi-kubernetes-ab12cd34", "operation": "Apply"}]
    assert said(live(metadata={"managedFields": managed}))[0] == (
        "warning: adopt: default/chat is managed by a Pulumi program already (pulumi-kubernetes-ab12cd34); expected one program"
        " for one object [KO492]\n"
        "  fix: remove adopt if it is this stack; else remove the object from the other one: pulumi state delete URN"
    )


def test_restart() -> None:
    """What cannot change without a restart has to be as it runs, by force too."""
    own = {**OWN, "inference": {"preset": {"name": "phi-4"}}}
    told = """\
adopt: inference.preset.name of default/chat is 'phi-4-mini-instruct', this program writes 'phi-4': it cannot change without a \
restart; expected the same value [KO492]
  fix: write what runs into the program, and change it after adopt is removed"""
    assert said(live(), own) == said(live(), own, force=True) == [told, ANNOTATION]


def test_changes() -> None:
    """What changes in place is listed; an annotation that KAITO reads is a warning."""
    annotations = {"kaito.sh/disable-benchmark": "true"}
    own = {"metadata": {"annotations": annotations, "labels": {"team": "a"}}, "inference": {"config": "ours"}}
    assert said(live(), own) == [
        """warning: adopt: metadata.annotations["kaito.sh/disable-benchmark"] of default/chat changes from nothing to 'true' [KO493]""",
        "info: adopt: metadata.labels.team of default/chat changes from nothing to 'a' [KO493]",
        "info: adopt: inference.config of default/chat changes from 'mine' to 'ours' [KO493]",
    ]


def set_by(manager: str) -> dict[str, Any]:
    """Return a Workspace whose selector and label another manager, or kubectl, has set."""
    fields = {
        "f:metadata": {"f:labels": {"f:team": {}}},
        "f:resource": {"f:labelSelector": {"f:matchLabels": {"f:apps": {}}}},
    }
    managed = [{"manager": manager, "operation": "Update", "fieldsV1": fields}]
    return live(metadata={"labels": {"team": "a"}, "managedFields": managed})


LESS = {"metadata": {"name": "chat"}, "resource": {"count": 1}, "inference": OWN["inference"]}


def test_left_out() -> None:
    """What kubectl set and the program leaves out would go: refused where that restarts, reported where it does not."""
    assert said(set_by("kubectl-client-side-apply"), LESS) == [
        """\
adopt: resource.labelSelector of default/chat is {'matchLabels': {'apps': 'gpu'}}, this program writes nothing: it cannot change \
without a restart; expected the same value [KO492]
  fix: write what runs into the program, and change it after adopt is removed""",
        "info: adopt: metadata.labels.team of default/chat changes from 'a' to nothing [KO493]",
    ]


def test_of_others() -> None:
    """What a controller set stays, and the program need not say it."""
    assert said(set_by("kaito-workspace"), LESS) == []

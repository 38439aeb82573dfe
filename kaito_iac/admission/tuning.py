"""What KAITO refuses of the tuning part of a Workspace."""

from __future__ import annotations

from collections.abc import Iterator

from kaito_iac.admission.case import Case, known_preset, preset_card, preset_kept
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.source import image_of, source_found
from kaito_iac.admission.vocabulary import METHODS, NEVER
from kaito_iac.catalog.load import models


def tunes(case: Case) -> bool:
    """Return whether it is for tuning."""
    return case.get("tuning") is not None


@rule("KS322", "Workspace", on="create")
def tuning_on_one_node(case: Case) -> Iterator[Found]:
    """Tuning runs on one node."""
    if tunes(case) and case.count > 1:
        yield Found("resource.count", f"{case.count} nodes for tuning", "1")


@rule("KS322", "Workspace", on="create")
def tuning_has_a_resource(case: Case) -> Iterator[Found]:
    """Tuning without `resource` crashes KAITO's webhook, and the API server refuses the object."""
    if tunes(case) and case.number("resource.count") is None:
        yield Found("resource", "missing", "resource with instanceType and labelSelector")


@rule("KS322", "Workspace", on="create", versions=("v1beta1",))
def tuning_has_no_partition(case: Case) -> Iterator[Found]:
    """Tuning uses whole GPUs, not a partition."""
    if tunes(case) and case.partition is not None:
        yield Found("resource.partition", "a partition for tuning", "no partition")


@rule("KS322", "Workspace", on="create")
def tuning_method(case: Case) -> Iterator[Found]:
    """tuning.method is lora or qlora, in any case."""
    if tunes(case) and case.text("tuning.method").lower() not in METHODS:
        yield Found("tuning.method", f"'{case.text('tuning.method')[:40]}'", " or ".join(METHODS))


@rule("KS322", "Workspace", on="create")
def tuning_preset(case: Case) -> Iterator[Found]:
    """tuning.preset names a model that KAITO knows, or one of the form organisation/model."""
    if not tunes(case):
        return
    if case.get("tuning.preset") is None:
        yield Found("tuning.preset", "missing", "the preset to tune")
    elif not known_preset(case.text("tuning.preset.name")):
        yield Found(
            "tuning.preset.name",
            f"'{case.text('tuning.preset.name')[:80]}' is not a preset of KAITO 0.12",
            "a name from `kaito-iac models --tunable`",
        )


@rule("KS227", "Workspace", on="create")
def training_data(case: Case) -> Iterator[Found]:
    """tuning.input has exactly one of urls, volumeSource and image; addresses are http or https and lead out of the cluster."""
    if tunes(case) and case.get("tuning.input") is not None:
        yield from source_found(case.mapping("tuning.input"), "tuning.input", addresses=case.version == "v1beta1")


@rule("KS227", "Workspace", on="create")
def adapter_destination(case: Case) -> Iterator[Found]:
    """tuning.output has exactly one of volumeSource and image; an image needs imagePushSecret."""
    if not tunes(case) or case.get("tuning.output") is None:
        return
    output = case.mapping("tuning.output")
    yield from image_of(output, "tuning.output")
    if output.get("image") and not output.get("imagePushSecret"):
        fix = "kubectl create secret docker-registry NAME …, and name it here"
        yield Found("tuning.output.imagePushSecret", "missing", "a Secret that may push the image", fix)
    if bool(output.get("image")) == (output.get("volumeSource") is not None):
        yield Found(
            "tuning.output",
            "both image and volumeSource" if output.get("image") else "neither image nor volumeSource",
            "exactly one of them",
        )


def was_tuned(case: Case) -> bool:
    """Return whether an update of tuning is compared with what was."""
    return tunes(case) and case.old is not None and case.old.get("tuning") is not None


@rule("KS325", "Workspace", on="update")
def tuning_stays(case: Case) -> Iterator[Found]:
    """Preset, method (whatever its case) and input.name of a tuning are immutable."""
    if was_tuned(case):
        assert case.old is not None
        if preset_kept(case.get("tuning.preset")) != preset_kept(case.old.get("tuning.preset")):
            yield Found("tuning.preset", "changed", "what it was: it is immutable")
        if case.text("tuning.method").lower() != case.old.text("tuning.method").lower():
            yield Found("tuning.method", "changed", "what it was: it is immutable")
        if case.text("tuning.input.name") != case.old.text("tuning.input.name"):
            yield Found("tuning.input.name", "changed", "what it was: it is immutable")


@rule("KS227", "Workspace", on="update")
def tuning_images(case: Case) -> Iterator[Found]:
    """On update the images of tuning are image references."""
    if was_tuned(case):
        yield from image_of(case.mapping("tuning.input"), "tuning.input")
        yield from image_of(case.mapping("tuning.output"), "tuning.output")


@warning("KS205", "Workspace")
def model_can_be_tuned(case: Case) -> Iterator[Found]:
    """KAITO can tune the model by the method; admission does not check it."""
    name, method = case.text("tuning.preset.name"), case.text("tuning.method").lower()
    if case.get("tuning") is None or not name:
        return
    card = preset_card(name)
    if card and (card.tuning_defect or not card.tunable):
        why = card.tuning_defect or "KAITO 0.12 has no tuning parameters for it: it admits the Workspace, its controller panics"
        tunable = ", ".join(sorted(found.preset_name for found in models().values() if found.tunable))
        yield Found("tuning.preset.name", f"{card.id} cannot be tuned: {why}", f"one of {tunable}")
    elif card is None or method not in card.tuning_methods:
        message = f"KAITO 0.12 cannot tune '{name[:80]}': {NEVER}"
        yield Found("tuning.preset.name", message, "a model of `kaito-iac models --tunable`")

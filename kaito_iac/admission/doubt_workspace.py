"""What KAITO admits of a Workspace although it cannot work, or means more than it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.admit_workspace import annotation
from kaito_iac.admission.case import RUNTIME, Case, preset_card
from kaito_iac.admission.gpu_request import requests_gpu
from kaito_iac.admission.partition import many_gpus
from kaito_iac.admission.rule import Found, warning
from kaito_iac.admission.vocabulary import MOST_GPUS, PERFORMANCE, RUNTIMES
from kaito_iac.catalog.label import ENABLE_LB
from kaito_iac.catalog.load import mig_profiles
from kaito_iac.catalog.record import GIB
from kaito_iac.kubernetes.names import is_image, is_share, is_subdomain, local_problem, port_of
from kaito_iac.kubernetes.pod import containers_found, volume_found

NEVER: Final = "KAITO admits it, but it can never work"


@warning("KS204", "Workspace")
def gated_model_has_a_token(case: Case) -> Iterator[Found]:
    """A gated model has presetOptions.modelAccessSecret; KAITO does not ask for it, and the download fails on paid nodes."""
    local = case.annotations.get("kaito.sh/use-local-weights") == "true"
    if case.card and case.card.gated is True and not case.text("inference.preset.presetOptions.modelAccessSecret") and not local:
        yield Found(
            "inference.preset.presetOptions.modelAccessSecret",
            f"missing, but {case.card.id} is gated: {NEVER}",
            "a Secret with the key HF_TOKEN",
            "create the Secret and name it here",
        )


@warning("KS229", "Workspace")
def runtime_is_a_word_of_kaitos(case: Case) -> Iterator[Found]:
    """The annotation kaito.sh/runtime is vllm or transformers, letter by letter; anything else silently means vllm."""
    value = case.annotations.get(RUNTIME)
    if value is not None and value not in RUNTIMES:
        yield Found(annotation(RUNTIME), f"'{value[:60]}' silently means vllm", " or ".join(RUNTIMES))


@warning("KS229", "Workspace")
def flags_are_spelt_as_kaito_reads_them(case: Case) -> Iterator[Found]:
    """kaito.sh/disable-benchmark is `true`, kaito.sh/enablelb is `True`; bypass-resource-checks counts whatever it says."""
    for key, word in (("disable-benchmark", "true"), ("enablelb", "True")):
        value = case.annotations.get(f"kaito.sh/{key}")
        if value is not None and value != word and value.lower() in ("true", "yes", "on", "1"):
            yield Found(annotation(key), f"'{value[:40]}' does nothing", f"'{word}'")
    value = case.annotations.get("kaito.sh/bypass-resource-checks")
    if value is not None and value.strip().lower() in ("false", "no", "off", "0"):
        yield Found(annotation("bypass-resource-checks"), f"'{value}' bypasses the checks all the same", "no annotation")


@warning("KN301", "Workspace")
def public_address(case: Case) -> Iterator[Found]:
    """kaito.sh/enablelb makes a public load balancer without authentication, which also opens Ray's ports."""
    if case.annotations.get(ENABLE_LB) == "True":
        yield Found(
            annotation("enablelb"),
            "a public load balancer without authentication, which also opens Ray's ports 6379 and 8265",
            "a gateway in front",
            "remove it",
        )


@warning("KS243", "Workspace", "RAGEngine")
def deprecated_fields(case: Case) -> Iterator[Found]:
    """resource.count, preset.accessMode, presetOptions.image and imagePullSecrets are deprecated at v1beta1."""
    rag = case.kind == "RAGEngine"
    for path in (
        "spec.compute.count" if rag else "resource.count",
        "inference.preset.accessMode",
        "inference.preset.presetOptions.image",
        "inference.preset.presetOptions.imagePullSecrets",
    ):
        count_matters = path == "resource.count" and case.runtime == "transformers"
        if _written(case, path) is not None and not case.owner and case.version == "v1beta1" and not count_matters:
            told = "deprecated, and without effect on how many nodes vLLM gets" if path.endswith("count") else "deprecated"
            yield Found(path, "read by nothing: a RAG engine runs on one node" if rag else told, "nothing", "remove it")


@warning("KS231", "Workspace", "RAGEngine")
def named_nodes_are_used(case: Case) -> Iterator[Found]:
    """preferredNodes is read by nothing: another node is bought beside the one that is named."""
    path = f"{'spec.compute' if case.kind == 'RAGEngine' else 'resource'}.preferredNodes"
    if _written(case, path) and not case.owner:
        told = "read by nothing in KAITO 0.12: another node is bought beside those that are named"
        yield Found(path, told, "labels of nodes that exist", "remove it, or select nodes by label with nodeProvisioner byo")


def _written(case: Case, path: str) -> Any:
    value: Any = case.raw
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


@warning("KS243", "Workspace", "InferenceSet", "RAGEngine", versions=("v1alpha1",), child=False)
def old_api(case: Case) -> Iterator[Found]:
    """Workspace, InferenceSet and RAGEngine are written at kaito.sh/v1beta1."""
    if case.kind in ("Workspace", "InferenceSet", "RAGEngine"):
        yield Found("apiVersion", f"{case.kind} at v1alpha1, which checks less and knows fewer fields", "kaito.sh/v1beta1")


@warning("KS205", "Workspace")
def model_can_be_tuned(case: Case) -> Iterator[Found]:
    """KAITO can tune the model by the method; admission does not check it."""
    name, method = case.text("tuning.preset.name"), case.text("tuning.method").lower()
    if case.get("tuning") is None or not name:
        return
    card = preset_card(name)
    if card is None or method not in card.tuning_methods:
        yield Found(
            "tuning.preset.name", f"KAITO 0.12 cannot tune '{name[:80]}': {NEVER}", "a model of `kaito-iac models --tunable`"
        )
    elif card.tuning_defect:
        yield Found("tuning.preset.name", card.tuning_defect, "another model")


@warning("KS234", "Workspace")
def adapters_pass_the_next_update(case: Case) -> Iterator[Found]:
    """What KAITO checks of adapters only on update holds from the start: a name, an image or volume, a strength from 0 to 1."""
    for index, adapter in enumerate(case.adapters if case.creates else ()):
        path, strength = f"inference.adapters[{index}]", adapter.get("strength")
        source = adapter.get("source") if isinstance(adapter.get("source"), Mapping) else None
        if strength is not None and not is_share(strength):
            yield Found(
                f"{path}.strength", f"'{str(strength)[:40]}'; KAITO checks it only on update", "a number from 0 to 1, as text"
            )
        if source is not None and (source.get("urls") or bool(source.get("image")) == (source.get("volumeSource") is not None)):
            yield Found(
                f"{path}.source", "not exactly one of image and volumeSource; KAITO checks it only on update", "one of them"
            )
        if source is not None and source.get("image") and not is_image(str(source["image"])):
            yield Found(f"{path}.source.image", f"'{str(source['image'])[:80]}' is no image reference", "registry/path/name:tag")
        if source is not None and not source.get("name"):
            yield Found(f"{path}.source.name", "missing; KAITO checks it only on update", "a name")


@warning("KS234", "Workspace", on="update")
def updates_pass_what_creation_checks(case: Case) -> Iterator[Found]:
    """What KAITO checks only when a Workspace is made holds on update too: annotations, adapter strength, source of data."""
    value = case.annotations.get("kaito.sh/performance-mode")
    if value is not None and value not in PERFORMANCE:
        yield Found(annotation("performance-mode"), f"'{value[:60]}'; KAITO checks it only on creation", " or ".join(PERFORMANCE))
    value = case.annotations.get("kaito.sh/use-local-weights")
    if value is not None and value not in ("true", "false"):
        yield Found(annotation("use-local-weights"), f"'{value[:60]}'; KAITO checks it only on creation", "'true' or 'false'")
    for index, adapter in enumerate(case.adapters):
        if adapter.get("strength") is not None and case.runtime == "vllm" and case.preset is not None:
            yield Found(
                f"inference.adapters[{index}].strength", "a strength under vLLM; KAITO checks it only on creation", "no strength"
            )
    source = case.mapping("tuning.input")
    if case.get("tuning") is not None and not (
        source.get("urls") or source.get("image") or source.get("volumeSource") is not None
    ):
        yield Found("tuning.input", "no source; KAITO checks it only on creation", "one of urls, volumeSource and image")


def _volumes(case: Case) -> Iterator[tuple[str, Any]]:
    for path in ("tuning.input.volumeSource", "tuning.output.volumeSource"):
        if case.get(path) is not None:
            yield path, case.get(path)
    for index, adapter in enumerate(case.adapters):
        source = adapter.get("source")
        if isinstance(source, Mapping) and source.get("volumeSource") is not None:
            yield f"inference.adapters[{index}].source.volumeSource", source["volumeSource"]


@warning("KS237", "Workspace")
def volumes_are_volumes(case: Case) -> Iterator[Found]:
    """A volume source names exactly one kind of volume."""
    for path, volume in _volumes(case):
        for _, found, accepted in volume_found(volume):
            yield Found(path, found, accepted)


@warning("KS236", "Workspace")
def output_outlives_the_pod(case: Case) -> Iterator[Found]:
    """A tuned adapter is written where it outlives the pod."""
    if "emptyDir" in case.mapping("tuning.output.volumeSource"):
        yield Found(
            "tuning.output.volumeSource.emptyDir", "gone with the pod: the adapter cannot be fetched", "a claim, or an image"
        )


@warning("KS237", "Workspace")
def containers_are_complete(case: Case) -> Iterator[Found]:
    """A pod template has containers with names and images."""
    template = case.get("inference.template")
    for where, found, accepted in containers_found(template) if isinstance(template, Mapping) else ():
        yield Found(("inference", "template", *where), found, accepted)


@warning("KS104", "Workspace")
def secrets_can_exist(case: Case) -> Iterator[Found]:
    """Names of Secrets are ones that a Secret can have: the pod waits for any other, after the nodes are bought."""
    adapters = [(f"inference.adapters[{index}].source", one.get("source")) for index, one in enumerate(case.adapters)]
    tuning = [(f"tuning.{key}", case.get(f"tuning.{key}")) for key in ("input", "output")]
    named = [("inference.preset.presetOptions.modelAccessSecret", case.text("inference.preset.presetOptions.modelAccessSecret"))]
    for path, part in (*adapters, *tuning):
        if isinstance(part, Mapping):
            named += [(f"{path}.{key}", part[key]) for key in ("imagePushSecret",) if key in part]
            named += [(f"{path}.imagePullSecrets", one) for one in part.get("imagePullSecrets") or ()]
    for path, name in named:
        if isinstance(name, str) and name and not is_subdomain(name):
            yield Found(path, f"'{name[:60]}' is no name that a Secret can have", "the name of a Secret in its namespace")


@warning("KS296", "Workspace")
def own_containers_ask_for_gpus(case: Case) -> Iterator[Found]:
    """A container of an own pod template requests a GPU: without, it gets none of the node that is bought for it."""
    template = case.get("inference.template")
    if isinstance(template, Mapping) and not requests_gpu(template):
        told = "no container requests a GPU: the node's GPUs stay unused"
        fix = "resources.limits: {nvidia.com/gpu: 1} in the container that computes"
        yield Found("inference.template", told, "a limit of nvidia.com/gpu", fix)


@warning("KS239", "Workspace")
def data_can_be_fetched(case: Case) -> Iterator[Found]:
    """The addresses of training data name ports that exist, and lead out of the cluster also where nobody checks it."""
    for index, url in enumerate(case.mapping("tuning.input").get("urls") or ()):
        if port_of(url) == -1:
            yield Found(f"tuning.input.urls[{index}]", f"'{url[:80]}' names no port that exists", "a port from 1 to 65535")
        elif case.version == "v1alpha1" and (told := local_problem(url)):
            yield Found(f"tuning.input.urls[{index}]", f"'{url[:80]}' is {told}", "an address outside the cluster")


@warning("KS218", "Workspace")
def partition_exists(case: Case) -> Iterator[Found]:
    """No node has more than 16 GPUs, and a slice holds the weights even when the check is bypassed."""
    part = case.partition or {}
    count, profile = part.get("count"), mig_profiles().get(str(part.get("profile") or ""))
    if isinstance(count, int) and many_gpus(count):
        yield Found("resource.partition.count", f"{count} GPUs: no node has as many", f"at most {MOST_GPUS}")
    if case.bypassed and profile and case.card and profile.memory_gib * GIB < case.card.weights_bytes:
        yield Found(
            "resource.partition.profile",
            f"{case.card.name} has {case.card.weights_gib} GiB of weights: {NEVER}",
            "a bigger slice",
        )


@warning("KS235", "Workspace", "RAGEngine")
def count_is_positive(case: Case) -> Iterator[Found]:
    """resource.count is at least 1."""
    path = "spec.compute.count" if case.kind == "RAGEngine" else "resource.count"
    found = case.number(path)
    if found is not None and found < 1:
        yield Found(path, f"{found} nodes", "at least 1")

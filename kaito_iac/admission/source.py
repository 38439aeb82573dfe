"""Sources of data and destinations of adapters: addresses, images and volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kaito_iac.admission.case import Case
from kaito_iac.admission.rule import Found, warning
from kaito_iac.kubernetes.names import is_image, local_problem, port_of, source_problem
from kaito_iac.kubernetes.pod import volume_found


def image_of(source: Mapping[str, Any], path: str) -> Iterator[Found]:
    """Report that the image of a source is no image reference."""
    image = source.get("image")
    if isinstance(image, str) and image and not is_image(image):
        yield Found(f"{path}.image", f"'{image[:80]}' is no image reference", "registry/path/name:tag, in lower case")


def source_found(source: Mapping[str, Any], path: str, *, addresses: bool = True) -> Iterator[Found]:
    """Report what KAITO refuses of a source of data: its addresses, its image, and how many there are."""
    urls = source.get("urls") or []
    for index, url in enumerate(urls if addresses else ()):
        if isinstance(url, str) and (reason := source_problem(url)):
            yield Found(f"{path}.urls[{index}]", f"'{url[:80]}' is {reason}", "an http or https address outside the cluster")
    yield from image_of(source, path)
    given = [
        key
        for key, there in (
            ("urls", urls),
            ("image", source.get("image")),
            ("volumeSource", source.get("volumeSource") is not None),
        )
        if there
    ]
    if len(given) != 1:
        yield Found(path, " and ".join(given) or "no source", "exactly one of urls, volumeSource and image")


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
    """A tuned adapter is written to storage that outlives the pod."""
    if "emptyDir" in case.mapping("tuning.output.volumeSource"):
        yield Found(
            "tuning.output.volumeSource.emptyDir", "gone with the pod: the adapter cannot be fetched", "a claim, or an image"
        )


@warning("KS239", "Workspace")
def data_can_be_fetched(case: Case) -> Iterator[Found]:
    """The addresses of training data name ports that exist, and lead out of the cluster also where KAITO does not check it."""
    for index, url in enumerate(case.mapping("tuning.input").get("urls") or ()):
        if port_of(url) == -1:
            yield Found(f"tuning.input.urls[{index}]", f"'{url[:80]}' names no port that exists", "a port from 1 to 65535")
        elif case.version == "v1alpha1" and (reason := local_problem(url)):
            yield Found(f"tuning.input.urls[{index}]", f"'{url[:80]}' is {reason}", "an address outside the cluster")

"""Finds a model or a size by any name people use, and names the nearest when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache
from typing import Final

from kaito_iac.catalog.load import admitted_prefixes, models, retired, sizes
from kaito_iac.catalog.other_size import find_other_size, retirements, successors_of
from kaito_iac.catalog.plain_size import plain_vcpus
from kaito_iac.catalog.price import listed_sizes
from kaito_iac.catalog.record import GpuSize, ModelCard
from kaito_iac.problem import Problem

AZURE: Final = "Standard_"
"""Beginning of the sizes of Azure."""
SEE_FIT: Final = "`kaito-iac fit MODEL` lists the sizes that hold a model"
STATE_GPUS = "state its GPUs: gpu={'product': …, 'count': …, 'memory_mib': …}, as in the labels of its nodes"


@cache
def _model_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for card in models().values():
        for name in (card.id, card.name, *card.aliases):
            names.setdefault(name.lower(), card.id)
    return names


def find_model(name: str) -> ModelCard | None:
    """Return the curated model of a name: alias, short name or `org/model`, in any case."""
    found = _model_names().get(name.strip().lower())
    return models()[found] if found else None


def _squeezed(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def nearest(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return up to three of the names that a person may have meant, the likeliest first."""
    squeezed = {_squeezed(candidate): candidate for candidate in reversed(names)}
    squeezed |= {_squeezed(name.rpartition("/")[2]): name for name in reversed(names)}
    target = _squeezed(name)[:200]
    close = get_close_matches(target, list(squeezed), n=3, cutoff=0.6)
    inside = sorted((key for key in squeezed if len(target) >= 4 and target in key), key=len)
    return tuple(dict.fromkeys(squeezed[key] for key in [*close, *inside]))[:3]


NO_NVIDIA: Final = "no NVIDIA GPUs"
"""Cause of the problem of a size whose GPUs Kubernetes does not know as nvidia.com/gpu."""
RETIRED: Final = "retired"
"""Cause of the problem of a model that KAITO had."""


def did_you_mean(names: tuple[str, ...]) -> str:
    """Return names as a question for a person who may have meant one of them; empty for none."""
    return f"did you mean {' or '.join(map(repr, names))}?" if names else ""


def model_problem(name: str, path: str) -> Problem:
    """Report that a name is no model of the catalogue, and what may have been meant."""
    gone = retired().get(name.strip().lower())
    if gone:
        return Problem(
            "KS101",
            path,
            f"'{name}' is retired: KAITO 0.12 answers '{gone.said}'",
            "a name from `kaito-iac models`",
            gone.note,
            cause=RETIRED,
        )
    names = tuple(models()) if "/" in name else tuple(dict.fromkeys(card.preset_name for card in models().values()))
    return Problem(
        "KS101",
        path,
        f"'{name}' is not a model of KAITO 0.12",
        "a name from `kaito-iac models`",
        did_you_mean(nearest(name, names)),
    )


@lru_cache(maxsize=1024)
def find_size(name: str, cloud: str | None = None) -> GpuSize | None:
    """Return the size of a name in any case; with a cloud only that cloud's."""
    found = _by_lower_name().get(name.strip().lower(), ())
    return next((size for size in found if cloud in (None, size.cloud)), None)


@cache
def _by_lower_name() -> Mapping[str, tuple[GpuSize, ...]]:
    found: dict[str, tuple[GpuSize, ...]] = {}
    for name, size in sizes().items():
        found[name.lower()] = (*found.get(name.lower(), ()), size)
    return found


@lru_cache(maxsize=4096)
def find_any_size(name: str, cloud: str | None = None) -> GpuSize | None:
    """Return the size of a name in any case, of KAITO's table or beside it: what pools and existing nodes may have."""
    return find_size(name, cloud) or find_other_size(name, cloud)


def size_problems(name: str, cloud: str | None, path: str) -> tuple[Problem, ...]:
    """Report what is wrong with a size name; empty for one that KAITO knows, that can be bought and has NVIDIA GPUs."""
    size = find_size(name, cloud)
    if size is None:
        return (_unknown_size(name, cloud, path),)
    problems = []
    if size.name != name:
        problems.append(
            Problem(
                "KS211",
                path,
                f"'{name}' is not the canonical case: KAITO sizes it and never finds its nodes ready",
                f"'{size.name}'",
                f"write {size.name}",
            )
        )
    if not size.provisionable:
        sold = f"{size.cloud} sells it as '{size.cloud_name}', which KAITO cannot size"
        message = f"'{size.name}' is in KAITO's table, but {sold}; neither can work"
        problems.append(
            Problem(
                "KS211",
                path,
                message,
                "a size that both know",
                "choose Standard_ND96amsr_A100_v4 or another size of `kaito-iac sizes`",
            )
        )
    if not size.schedulable:
        message = f"'{size.name}' has {size.gpu_model}: KAITO's pods request nvidia.com/gpu and would never be scheduled"
        fix = "choose one of `kaito-iac sizes`"
        problems.append(Problem("KS211", path, message, "a size with NVIDIA GPUs", fix, cause=NO_NVIDIA))
    return tuple(problems)


def _real_size(size: GpuSize, where: str, effect: str, path: str) -> Problem:
    """Report a real size that KAITO does not serve, with what takes its place."""
    gpus = f"{size.gpus} x {size.gpu_model}, {size.gpu_memory_gib} GiB"
    retired = retirements().get(size.name)
    gone = f", which {size.cloud} retired on {retired}" if retired else ""
    message = f"'{size.name}' ({gpus}{gone}) is a real size that KAITO 0.12 does not serve{where}{effect}"
    instead = successors_of(size)
    fix = f"the cheapest with as much GPU memory: {' or '.join(instead)}" if instead else SEE_FIT
    return Problem("KS201", path, message, "a size from `kaito-iac sizes`", fix)


def pool_size_problems(name: str, cloud: str | None, path: str, *, stated: bool, exists: bool) -> tuple[Problem, ...]:
    """Report what is wrong with the size of a pool, whose nodes KAITO reads by their labels; `stated`: its GPUs are given."""
    size = find_other_size(name, cloud)
    if size is None:
        found = size_problems(name, cloud, path)
        if stated and not find_size(name):
            return ()
        return tuple(_of_pool(one, name) if one.code == "KS201" and not find_size(name) else one for one in found)
    retired = retirements().get(size.name)
    if retired and not exists:
        message = f"'{size.name}', which {size.cloud} retired on {retired}: it creates no such nodes any more"
        return (Problem("KS294", path, message, "a size that is available", f"choose {' or '.join(successors_of(size))}"),)
    if not size.schedulable:
        message = f"'{size.name}' has {size.gpu_model}: KAITO's pods request nvidia.com/gpu and would never be scheduled there"
        return (Problem("KS211", path, message, "NVIDIA GPUs for KAITO's workloads", "", "warning", cause=NO_NVIDIA),)
    return ()


def _of_pool(problem: Problem, name: str) -> Problem:
    """Return the problem of a size that no table has for a pool, whose nodes KAITO reads by their labels and not by a table."""
    if find_other_size(name):
        return problem
    fix = f"{problem.fix} Else {STATE_GPUS}" if problem.fix.startswith("did you mean") else STATE_GPUS
    message = f"'{name}' is not in the catalogue: the GPUs of its nodes are not known"
    return replace(problem, found=message, accepted="a size from `kaito-iac sizes`, or gpu", fix=fix)


def sizes_with_gpu(name: str, known: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the sizes with the GPU product of a name, the smallest first; `known`: of these alone, else those of workloads."""
    wanted = name.strip().lower()
    every = [
        size for size in sizes().values() if (size.schedulable and size.provisionable if known is None else size.name in known)
    ]
    found = [size for size in every if wanted in (size.gpu_model.lower(), *size.gpu_model.lower().split())]
    return tuple(size.name for size in sorted(found, key=lambda size: (size.gpus, size.gpu_memory_gib, size.name)))


def _near_sizes(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sizes that a person may have meant: those whose names differ by little, the common beginning aside."""
    short = {size.removeprefix(AZURE): size for size in known}
    bare = name.strip()[:200]
    bare = bare[len(AZURE) :] if bare.lower().startswith(AZURE.lower()) else bare
    found = (short[one] for one in nearest(bare, tuple(short)))
    return tuple(size for size in found if _alike(bare, size.removeprefix(AZURE)))


def _alike(one: str, other: str) -> bool:
    first, second = _squeezed(one), _squeezed(other)
    return (len(first) >= 4 and first in second) or SequenceMatcher(None, first, second).ratio() >= 0.75


def _unknown_size(name: str, cloud: str | None, path: str) -> Problem:
    known = tuple(key for key, size in sizes().items() if cloud in (None, size.cloud) and size.schedulable and size.provisionable)
    where = f" on {cloud}" if cloud else ""
    admitted = any(name.lower().startswith(prefix.lower()) for prefix in admitted_prefixes(cloud or "azure"))
    effect = ": KAITO admits the name and then fails to size it" if admitted else ""
    sold_as = next((size for size in sizes().values() if size.cloud_name.lower() == name.strip().lower()), None)
    if sold_as:
        effect = f": KAITO's table calls it '{sold_as.name}', which {sold_as.cloud} does not sell; neither can work"
    if real := find_other_size(name, cloud):
        return _real_size(real, where, effect, path)
    if plain_vcpus(name):
        message = f"'{name}' is a size without GPUs{effect}"
        return Problem("KS201", path, message, "a size from `kaito-iac sizes`", "choose a size with GPUs")
    elsewhere = find_size(name)
    if elsewhere and cloud:
        effect = f": it is a size of {elsewhere.cloud}"
    product = sizes_with_gpu(name, known)
    more = f" kaito-iac sizes --gpu {name.strip()} lists all" if product else ""
    other = find_other_size(name)
    if not elsewhere and other is not None:
        effect = f": it is a size of {other.cloud}, where KAITO does not serve it either"
    elif not elsewhere and name.strip().lower() in listed_sizes():
        message = f"'{name}' is sold, but its GPUs are not in the catalogue, and KAITO 0.12 does not serve it{where}{effect}"
        return Problem("KS201", path, message, "a size from `kaito-iac sizes`", SEE_FIT)
    meant = did_you_mean(product[:3] or _near_sizes(name, known)) + more
    return Problem("KS201", path, f"'{name}' is not a size of KAITO 0.12{where}{effect}", "a size from `kaito-iac sizes`", meant)

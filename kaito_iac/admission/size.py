"""What KAITO refuses of a VM size and of the number of nodes, and which sizes it admits that never become ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from kaito_iac.admission.case import Case, admitted_size, asked_once, known_cloud, provisions, roles, serves
from kaito_iac.admission.rule import Found, rule, warning
from kaito_iac.admission.vocabulary import CPU_SIZES
from kaito_iac.catalog.cloud import CLOUDS
from kaito_iac.catalog.find import SEE_FIT, find_size, size_problems
from kaito_iac.catalog.judged_release import judged_release
from kaito_iac.catalog.load import models
from kaito_iac.problem import Problem, errors
from kaito_iac.sizing.fit import fits_card


@rule("KS309", "InferenceSet")
def set_size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs spec.template.resource.instanceType; existing nodes (byo) exclude it."""
    path = "spec.template.resource.instanceType"
    yield from size_given(case.text(path), case.env.byo, path)


@rule("KS309", "MultiRoleInference")
def role_size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs the instanceType of every role; existing nodes (byo) exclude it."""
    for index, role in enumerate(roles(case)):
        yield from size_given(str(role.get("instanceType", "")), case.env.byo, f"spec.roles[{index}].instanceType")


@rule("KS313", "Workspace", on="create")
def cloud_is_known(case: Case) -> Iterator[Found]:
    """A provisioner needs cloudProviderName azure, aws or arc."""
    if provisions(case) and not known_cloud(case.env):
        yield Found(
            "resource.instanceType", f"the operator runs with cloudProviderName '{case.env.cloud[:40]}'", "azure, aws or arc"
        )


@rule("KS314", "Workspace", on="create")
def size_is_admitted(case: Case) -> Iterator[Found]:
    """The size for inference is in KAITO's table of the cloud; on Azure Standard_N… and Standard_D… are accepted."""
    missing = not case.instance_type and case.version == "v1beta1"  # KS309 reports it
    if provisions(case) and known_cloud(case.env) and not missing and not admitted_size(case.instance_type, case.env):
        message, fix = unserved(case.instance_type[:80], case.env.cloud)
        yield Found("resource.instanceType", message, "a size from `kaito-iac sizes`", _instead(case, fix)[:300])


def unserved(name: str, cloud: str) -> tuple[str, str]:
    """Return what a size is that admission refuses on a cloud, and what would do."""
    other = find_size(name)
    if other is not None and other.cloud != cloud:
        fix = f"--cloud {other.cloud}{' --provisioner karpenter' if other.cloud == 'aws' else ''}"
        return f"'{other.name}' is a size of {other.cloud}, and not of {cloud}", fix
    for problem in _problems(name, cloud, ""):
        if problem.code == "KS201":
            return problem.found[:300], problem.fix[:300]
    return f"'{name}' is not a size of KAITO 0.12 on {cloud}", ""


def _instead(case: Case, fix: str) -> str:
    """Return the fix of a size that KAITO does not serve: the sizes that hold the model, where it is known, by their price."""
    if not fix.startswith(("the cheapest", "choose a size with GPUs", SEE_FIT)) or case.card is None or case.runtime != "vllm":
        return fix
    nodes, found = cheapest_holding(case.card.id, case.env.cloud, judged_release()) if serves(case) else (0, ())
    many = "one node" if nodes == 1 else f"{nodes} nodes"
    return f"the cheapest that hold {case.card.preset_name} in {many}: {' or '.join(found)}" if found else fix


@lru_cache(maxsize=512)
def cheapest_holding(model: str, cloud: str, release: str) -> tuple[int, tuple[str, ...]]:
    """Return the fewest nodes that hold a model on a cloud, and its two cheapest sizes of which so many do."""
    found: dict[int, list[str]] = {}
    for one in fits_card(models()[model], cloud=cloud):
        if isinstance(one.nodes, int) and not errors(one.problems):
            found.setdefault(one.nodes, []).append(one.size)
    nodes = min(found, default=0)
    return nodes, tuple(found.get(nodes, ())[:2])


@rule("KS309", "Workspace", on="create", versions=("v1beta1",))
def size_follows_provisioner(case: Case) -> Iterator[Found]:
    """A provisioner needs resource.instanceType; existing nodes (byo) exclude it."""
    yield from size_given(case.instance_type, case.env.byo, "resource.instanceType")


def size_given(instance_type: str, byo: bool, path: str) -> Iterator[Found]:
    """Report whether a size is missing, or given where nodes are brought."""
    if byo and instance_type:
        yield Found(
            path, f"'{instance_type[:80]}' with provisioner byo", "no instanceType", "remove it and select nodes by label"
        )
    if not byo and not instance_type:
        yield Found(path, "missing", "a VM size: nodes are provisioned", "set it, or --provisioner byo if the nodes exist")


@rule("KS325", "Workspace", on="update")
def count_stays(case: Case) -> Iterator[Found]:
    """resource.count is immutable."""
    assert case.old is not None
    new, before = case.number("resource.count"), case.old.number("resource.count")
    if new is not None and before is not None and new != before:
        yield Found("resource.count", f"{new}", f"{before}: it is immutable")


@rule("KS325", "Workspace", on="update", versions=("v1beta1",))
def size_stays(case: Case) -> Iterator[Found]:
    """resource.instanceType is immutable once set; with existing nodes (byo) it may be cleared."""
    assert case.old is not None
    yield from size_kept(case.instance_type, case.old.instance_type, case.env.byo, "resource.instanceType")


def size_kept(new: str, before: str, byo: bool, path: str) -> Iterator[Found]:
    """Report whether a size changed against what it replaces."""
    if byo and new and new != before:
        yield Found(path, f"'{new[:80]}' with provisioner byo", f"'{before[:80]}' or nothing" if before else "no instanceType")
    if not byo and not new:
        yield Found(path, "missing", "a VM size: nodes are provisioned")
    elif not byo and before and new != before:
        yield Found(path, f"'{new[:80]}'", f"'{before[:80]}': it is immutable")


@rule("KS325", "Workspace", on="update", versions=("v1alpha1",))
def old_size_stays(case: Case) -> Iterator[Found]:
    """At v1alpha1 resource.instanceType does not change, not even its case."""
    assert case.old is not None
    if case.instance_type != case.old.instance_type:
        yield Found("resource.instanceType", f"'{case.instance_type[:80]}'", f"'{case.old.instance_type[:80]}': it is immutable")


def _size_path(case: Case) -> str:
    return "spec.compute.instanceType" if case.kind == "RAGEngine" else "resource.instanceType"


@asked_once
def _judged_size(case: Case) -> tuple[Problem, ...]:
    """Return what is wrong with a size that admission takes, or that it does not look at."""
    path = _size_path(case)
    name = case.text(path)
    if not name or (case.env.byo and case.kind == "Workspace"):
        return ()
    if case.kind == "RAGEngine" and name.lower().startswith(CPU_SIZES):
        return ()
    checked = case.kind == "RAGEngine" or serves(case)
    if checked and not admitted_size(name, case.env) and not case.owner:
        return ()
    return tuple(replace(problem, path=path) for problem in _problems(name, case.env.cloud, path))


@lru_cache(maxsize=4096)
def _problems(name: str, cloud: str, path: str) -> tuple[Problem, ...]:
    return size_problems(name, cloud if cloud in CLOUDS else None, path)


@warning("KS201", "Workspace", "RAGEngine")
def size_is_known(case: Case) -> Iterator[Found]:
    """The size is in KAITO's table: admission accepts other Azure sizes by their prefix, and does not check tuning."""
    for problem in _judged_size(case):
        if problem.code == "KS201":
            yield Found(problem.path, problem.found[:300], problem.accepted, _instead(case, problem.fix)[:300])


@warning("KS211", "Workspace", "RAGEngine")
def size_gets_ready(case: Case) -> Iterator[Found]:
    """The size is in its canonical case, is available under its name, and has GPUs that KAITO's pods can request."""
    for problem in _judged_size(case):
        if problem.code == "KS211":
            yield Found(problem.path, problem.found[:300], problem.accepted, problem.fix[:300])


@warning("KS235", "Workspace", "RAGEngine")
def count_is_positive(case: Case) -> Iterator[Found]:
    """resource.count is at least 1."""
    path = "spec.compute.count" if case.kind == "RAGEngine" else "resource.count"
    found = case.number(path)
    if found is not None and found < 1:
        yield Found(path, f"{found} nodes", "at least 1")

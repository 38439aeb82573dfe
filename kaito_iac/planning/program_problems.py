"""Problems of a program itself: what the run reports, what KAITO and Azure refuse, what does not fit, what is unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kaito_iac.demand.demand import Demand
from kaito_iac.offline.recording import NOT_SUPPLIED
from kaito_iac.planning.always import better_known, stack_problems
from kaito_iac.planning.azure_refusal import azure_problems
from kaito_iac.planning.cluster_stop import stop_problems
from kaito_iac.planning.eks_image import image_problems
from kaito_iac.planning.karpenter_refusal import karpenter_problems
from kaito_iac.planning.keda_refusal import keda_problems
from kaito_iac.planning.needs import need_problems, needs
from kaito_iac.planning.objects import object_problems
from kaito_iac.planning.rehearsal import Rehearsal
from kaito_iac.planning.spot_note import spot_problems
from kaito_iac.planning.wrong_cluster import wrong_cluster_problems
from kaito_iac.problem import Problem
from kaito_iac.stack.resource import Resource, reveal


def program_problems(rehearsal: Rehearsal, resources: Sequence[Resource], found: Sequence[Demand]) -> Iterator[Problem]:
    """Return every problem that needs no pack and no file: of the run, of its objects, of its pools, of what is unseen.

    `resources` are those of the run with their secrets in plain sight.
    """
    yield from better_known(rehearsal.problems(), resources)
    yield from stack_problems(resources, found)
    yield from object_problems(resources)
    yield from wrong_cluster_problems(resources)
    yield from need_problems(needs(resources))
    yield from spot_problems(found)
    yield from azure_problems(resources)
    yield from stop_problems(resources, found)
    yield from keda_problems(resources)
    yield from karpenter_problems(resources)
    yield from image_problems(resources)
    for unseen in rehearsal.recording.unseen:
        fix = f"--invokes FILE with {unseen.supply}" if unseen.supply else ""
        if unseen.reason == NOT_SUPPLIED:
            fix = f'--references FILE with its outputs: {{"{unseen.where}": {{NAME: VALUE}}}}'
        yield Problem("KO401", unseen.where, unseen.reason, "", fix, "warning")


def revealed(resource: Resource) -> Resource:
    """Return a resource with its secrets in plain sight, for rules that must see them and print nothing of them."""
    return replace(resource, inputs=reveal(resource.inputs), outputs=reveal(resource.outputs))

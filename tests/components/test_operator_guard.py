"""The guard of an operator without the Kubernetes client: reported in a preview, and named when the removal fails."""

import asyncio

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac.components import operator_guard as guards
from kaito_iac.errors import SpecError
from kaito_iac.project_url import pip_install
from kaito_iac.readiness.cluster import NoClient
from kaito_iac.resolve import operator
from kaito_iac.testing import record

TOLD = (
    "guard: the Kubernetes client is not installed, by which the guard looks for workloads: the operator could not be removed "
    f"[KS224]\n  fix: {pip_install(('wait',))}, or guard=False"
)


@pytest.mark.parametrize(("guard", "said"), [(True, [TOLD]), (False, [])])
def test_missing_client_is_told_in_a_preview(monkeypatch, guard, said):
    """An operator whose guard could not look at the cluster says so before it is installed."""
    monkeypatch.setattr(operator, "find_spec", lambda name: None)
    recording = record(lambda: kaito.KaitoOperator("kaito", provisioner="byo", guard=guard))
    assert [entry.message for entry in recording.logs if "KS224" in entry.message] == said


def test_missing_client_is_named_by_the_guard(monkeypatch):
    """The refusal of a removal names the client that is missing, and nothing of a kubeconfig."""

    async def reach(*_):
        raise NoClient("the Kubernetes client is not installed")

    monkeypatch.setattr(guards, "reach", reach)
    hooks = []
    monkeypatch.setattr(pulumi, "ResourceHook", lambda name, hook: hooks.append(hook))
    guards.operator_guard("kaito")
    removed = pulumi.ResourceHookArgs("urn", "id", "kaito-guard", "pulumi:index:Stash", None, None, None, None)
    with pytest.raises(SpecError) as caught:
        asyncio.run(hooks[0](removed))
    assert str(caught.value) == (
        "'kaito-guard' cannot be removed: 1 problem\n  kubernetes: the Kubernetes client is not installed [KS224]\n"
        f"    fix: {pip_install(('wait',))} beside the program, and run the same command again"
    )

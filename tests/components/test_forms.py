"""Arguments come by keyword or as one dictionary."""

import pulumi
import pytest

import kaito_iac as kaito
from kaito_iac import SpecError
from kaito_iac.testing import record

A100 = "Standard_NC24ads_A100_v4"


def inputs(make):
    recording = record(make)
    assert recording.error is None
    return recording.by_name("chat-workspace").inputs


def refusal(make):
    found = record(make, allow_error=True)
    assert isinstance(found.error.cause, SpecError)
    assert [resource.name for resource in found.resources] == ["project-dev"]
    return str(found.error.cause)


def test_both_forms_mean_the_same():
    """Keywords and a dictionary of the same arguments make the same Workspace."""
    args: kaito.KaitoWorkspaceArgs = {"preset": "phi-4", "instance_type": A100, "name": "own"}
    assert inputs(lambda: kaito.KaitoWorkspace("chat", **args)) == inputs(lambda: kaito.KaitoWorkspace("chat", args))


def test_options_by_keyword():
    """Options are no argument in either form."""
    made = record(lambda: kaito.KaitoWorkspace("chat", preset="phi-4", opts=pulumi.ResourceOptions(protect=True)))
    assert made.by_name("chat").options.protect is True


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(
            lambda: kaito.KaitoWorkspace("chat", {"preset": "phi-4"}, context=8192, wait=False),
            """\
KaitoWorkspace 'chat': 1 problem
  args: together with context, wait; expected either args or keywords [KS105]
    fix: move context, wait into args, or give every argument by keyword""",
            id="both forms",
        ),
        pytest.param(
            lambda: kaito.KaitoCluster("models", pulumi.ResourceOptions()),
            """\
KaitoCluster 'models': 1 problem
  args: ResourceOptions; expected a mapping of arguments [KS102]
    fix: pass them by keyword: opts=pulumi.ResourceOptions(…)""",
            id="options in the place of arguments",
        ),
        pytest.param(
            lambda: kaito.KaitoWorkspace("chat", "phi-4"),
            """\
KaitoWorkspace 'chat': 1 problem
  args: 'phi-4'; expected a mapping of arguments [KS102]""",
            id="a text",
        ),
    ],
)
def test_refused(make, said):
    """Arguments that come in no form are refused with the way to give them."""
    assert refusal(make) == said

"""A plan finds what is wrong with every component of a program, not with the first alone."""

import pytest

from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.render import render
from kaito_iac.planning.request import Program

SOURCE = """
pool = kaito.GpuNodePool("pool", {"instance_type": "Standard_NC24ads_A100_v5", "labels": {"apps": "gpu"}})
chat = kaito.KaitoWorkspace("chat", {"preset": "phi-4", "node_pool": pool, "count": 3, "context": 20000})
kaito.KaitoRagEngine("docs", {"llm": chat.endpoint, "namespace": "Team A"})
print("said once, never on standard output")
"""
FOUND = [
    ("KS201", "GpuNodePool 'pool': instance_type"),
    ("KS203", "KaitoWorkspace 'chat': context"),
    ("KS104", "KaitoRagEngine 'docs': namespace"),
]


def test_every_refused_component_is_told(program, capsys: pytest.CaptureFixture[str]) -> None:
    """Each component's problems are there once, in the order of the program; the tree is what the CLI would have made."""
    plan = make_plan(Program(program(SOURCE)))
    assert [(problem.code, problem.path) for problem in plan.problems] == FOUND
    assert [resource.name for resource in plan.resources] == ["shop-dev"]
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("said once")) == ("", 1)


def test_render_tells_them_too(program, tmp_path) -> None:
    """Nothing is rendered of a program with refused components, and all are named."""
    with pytest.raises(Refusal) as caught:
        render(Program(program(SOURCE)), folder=tmp_path / "out")
    assert [(problem.code, problem.path) for problem in caught.value.problems] == FOUND
    assert not (tmp_path / "out").exists()


def test_program_that_fails_after_a_refusal(program) -> None:
    """What a program does with a refused component does not hide the refusal."""
    source = """
    pool = kaito.GpuNodePool("pool", {"instance_type": "nonsense", "labels": {"apps": "gpu"}})
    print(pool.spec.size.name)
    """
    assert [problem.code for problem in make_plan(Program(program(source))).problems] == ["KS201"]

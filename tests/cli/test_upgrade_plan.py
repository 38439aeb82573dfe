"""What an upgrade changes for a program."""

from pathlib import Path

from kaito_iac.cli.terminal import Page
from kaito_iac.cli.upgrade_plan import compare
from kaito_iac.planning.request import Program

PROGRAM = """\
import kaito_iac as kaito

kaito.KaitoWorkspace("oss", {"preset": "gpt-oss-120b", "instance_type": "Standard_NC48ads_A100_v4"})
kaito.KaitoWorkspace("hybrid", {"preset": "qwen3.6-27b", "vllm": {"max-num-seqs": 250}})
"""


def program(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: up\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    return tmp_path


def test_nodes_and_cost_of_both_releases(tmp_path):
    """Nodes, contexts and cost that differ are reported, with problems that come and go."""
    reply = compare("0.12.0", "v0.13.0-rc.0", Program(program(tmp_path)), None)
    changes = {row["what"]: (row["from"], row["to"]) for row in reply.data["changes"]}
    assert changes["nodes of oss (Standard_NC48ads_A100_v4)"] == (2, 1)
    assert [problem["code"] for problem in reply.data["gone"]].count("KS293") == 1
    assert reply.code == 0
    text = reply.text(Page(width=80, color=False))
    assert text.startswith("KAITO 0.12.0 -> 0.13.0-rc.0")
    assert "2 -> 1" in text


def test_a_release_nothing_is_judged_by(tmp_path):
    """The add-on's release cannot be planned by."""
    reply = compare("0.6.0", "0.12.0", Program(program(tmp_path)), None)
    assert [problem.headline for problem in reply.problems] == [
        "release: '0.6.0', by which nothing can be judged here; expected 0.13.0-rc.0 or 0.12.0 or 0.11.0 [KO443]"
    ]


def test_what_a_release_says_of_a_plain_object(tmp_path):
    """A plain object is judged anew by each release: an annotation that 0.13 reads does nothing before."""
    (tmp_path / "__main__.py").write_text(
        "import kaito_iac as kaito\n"
        'kaito.Workspace("w", metadata={"name": "w", "annotations": {"kaito.sh/capacity-type": "spot"}},\n'
        '    resource={"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "w"}}},\n'
        '    inference={"preset": {"name": "phi-4"}})\n'
    )
    (tmp_path / "Pulumi.yaml").write_text("name: plain\nruntime: python\n")
    reply = compare("0.12.0", "0.13.0-rc.0", Program(folder=tmp_path), "eastus")
    assert ([one["code"] for one in reply.data["gone"]], reply.data["came"]) == (["KS229"], [])


def test_arguments_that_neither_engine_has(tmp_path):
    """An argument that the old vLLM lacks too does not come with the upgrade; one that the new one has goes as a problem."""
    settings = "vllm:\\n  swap-space: 4\\n  device-ids: '0'\\n"
    (tmp_path / "__main__.py").write_text(
        "import kaito_iac as kaito\n"
        f'kaito.ConfigMap("c", metadata={{"name": "c"}}, data={{"inference_config.yaml": "{settings}"}})\n'
        'kaito.Workspace("w", metadata={"name": "w"},\n'
        '    resource={"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"app": "w"}}},\n'
        '    inference={"preset": {"name": "phi-4"}, "config": "c"})\n'
    )
    (tmp_path / "Pulumi.yaml").write_text("name: plain\nruntime: python\n")
    reply = compare("0.11.0", "0.12.0", Program(folder=tmp_path), "eastus")
    gone = [one["found"] for one in reply.data["gone"]]
    assert gone == ["device-ids: no argument of vLLM 0.22.1, which ends with 'unrecognized arguments'"]
    assert (reply.data["came"], reply.code) == ([], 0)

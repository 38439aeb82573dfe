"""What `render` writes, `check` takes and `convert` converts, for every stack and example."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted(
    path.parent for pattern in ("stacks/*/Pulumi.yaml", "docs/examples/*/Pulumi.yaml") for path in ROOT.glob(pattern)
)
OURS = frozenset({"InferenceSet", "ModelMirror", "MultiRoleInference", "RAGEngine", "Workspace"})


@pytest.mark.process
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_render_check_convert(program, run, tmp_path):
    """A program that can be rendered is taken by check as it is, and converted without a loss."""
    folder = tmp_path / "out"
    rendered = run("render", str(program), "-o", str(folder))
    if rendered.code:
        assert {code for code in ("KS221", "KO401", "KO482") if code in rendered.err}, rendered.err
        return
    checked = run("check", str(folder))
    assert (checked.code, [line for line in checked.out.splitlines() if " error: " in line]) == (0, [])
    converted = run("convert", str(folder), "--json")
    lost = [one for one in converted.json["objects"] if one["kind"] in OURS and not one["converted"]]
    assert lost == []

"""A program in a folder: written again over itself, never over someone else's file."""

from __future__ import annotations

import pytest

from kaito_iac.convert.folder import marked, write
from kaito_iac.errors import SpecError


def refused(folder):
    with pytest.raises(SpecError) as error:
        write(folder, "b = 1\n")
    return [(problem.code, problem.path) for problem in error.value.problems]


def test_files(tmp_path):
    """The program and its project, with a line that says who wrote them; a second run replaces them."""
    folder = tmp_path / "My infra!"
    write(folder, "a = 1\n")
    assert [path.name for path in write(folder, "b = 1\n")] == ["__main__.py", "Pulumi.yaml"]
    assert (folder / "__main__.py").read_text() == marked("b = 1\n")
    description = "description: Kubernetes objects converted from manifests."
    assert (folder / "Pulumi.yaml").read_text() == marked(f'name: "My-infra"\n{description}\nruntime: python\n')


@pytest.mark.parametrize("name", ["__main__.py", "Pulumi.yaml"])
def test_other_files_stay(name, tmp_path):
    """A file of someone else, or one that was edited, is not overwritten, and nothing is written beside it."""
    write(tmp_path, "a = 1\n")
    edited = (tmp_path / name).read_text() + "# mine\n"
    (tmp_path / name).write_text(edited)
    assert refused(tmp_path) == [("KS105", name)]
    assert (tmp_path / name).read_text() == edited
    assert "b = 1" not in (tmp_path / "__main__.py").read_text()
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert refused(tmp_path) == [("KS105", name)]

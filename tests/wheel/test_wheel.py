"""The built wheel, installed into an environment without the sources, does the main job on a program elsewhere."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.wheel
ROOT = Path(__file__).parents[2]
PROGRAM = """
import pulumi
import kaito_iac as kaito

chat = kaito.KaitoWorkspace("chat", {"preset": kaito.Presets.GPT_OSS_20B, "location": "eastus"})
pulumi.export("chat", chat.endpoint)
"""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel, and with the dependencies of this one but not its editable install."""
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, which the dev extra brings")
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True, cwd=folder)
    venv.create(folder / "env", with_pip=False)
    site = next((folder / "env" / "lib").glob("python*/site-packages"))
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", site, *folder.glob("*.whl")], check=True, cwd=folder)
    # A path added by a .pth file is not searched for further .pth files: the editable install stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "program").mkdir()
    (folder / "program" / "__main__.py").write_text(PROGRAM)
    (folder / "program" / "Pulumi.yaml").write_text("name: elsewhere\nruntime: python\n")
    return folder


def run(clean: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PULUMI", "VIRTUAL_ENV"))}
    python = clean / "env" / "bin" / "python"
    return subprocess.run(
        [python, *arguments], cwd=clean / "program", env=environment, input=given, capture_output=True, text=True, timeout=120
    )


def test_sources_are_out_of_reach(clean: Path) -> None:
    """The package that runs is the installed one."""
    done = run(clean, "-c", "import kaito_iac; print(kaito_iac.__file__)")
    assert done.stderr == ""
    assert Path(done.stdout.strip()).is_relative_to(clean / "env")


def test_plan_of_a_program_elsewhere(clean: Path) -> None:
    """Presets, catalogue and plan work from the wheel."""
    done = run(clean, "-m", "kaito_iac.cli.main", "plan", "--json")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["problems"] == []
    assert [(row["component"], row["size"], row["nodes"]["max"]) for row in plan["demands"]] == [
        ("chat", "Standard_NC24ads_A100_v4", 1)
    ]


def test_every_file_travels(clean: Path) -> None:
    """The wheel holds every file of the package, every preset, template, pack and starter configuration, and no other."""
    homes = {
        "kaito_iac": "kaito_iac",
        "presets": "kaito_iac/presets/files",
        "policies": "kaito_iac/rules/packs",
        "templates": "kaito_iac/templates/files",
    }
    tree = {
        f"{home}/{path.relative_to(ROOT / folder)}"
        for folder, home in homes.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(next(clean.glob("*.whl"))) as wheel:
        assert {name for name in wheel.namelist() if ".dist-info/" not in name} == tree


def test_commands_are_installed(clean: Path) -> None:
    """Both scripts are installed and run: the command line, and the post-renderer that Helm calls."""
    scripts = next((clean / "env" / "lib").glob("python*/site-packages")) / "bin"
    assert sorted(path.name for path in scripts.iterdir()) == ["kaito-iac", "kaito-iac-keep-crds"]
    listed = run(clean, str(scripts / "kaito-iac"), "sizes", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    kept = run(clean, str(scripts / "kaito-iac-keep-crds"), given="kind: CustomResourceDefinition\nmetadata: {name: a.b}\n")
    assert (kept.returncode, kept.stderr) == (0, "")
    assert yaml.safe_load(kept.stdout)["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


@pytest.mark.parametrize("starter", ["sandbox.json", "team.json", "production.json"])
@pytest.mark.parametrize("pack", ["gpu-quota", "guardrails"])
def test_shipped_packs_with_their_starter_configurations(clean: Path, pack: str, starter: str) -> None:
    """Every shipped pack runs from the wheel, with each of its starter configurations."""
    code = f"from kaito_iac.rules.shipped import packs_folder as f; print(f() / {pack!r} / {starter!r})"
    config = run(clean, "-c", code).stdout.strip()
    assert Path(config).is_relative_to(clean / "env")
    done = run(clean, "-m", "kaito_iac.cli.main", "plan", "--json", "--policy-pack", pack, "--policy-config", config)
    problems = json.loads(done.stdout)["problems"]
    assert [row for row in problems if row["code"] in ("KO484", "KO485")] == [], "the pack runs, and its configuration fits"


def test_generator_takes_the_tree_it_stands_in(tmp_path: Path) -> None:
    """tools/generate.py imports the sources beside it, whatever package is installed and wherever it is called."""
    code = f"import runpy; runpy.run_path({str(ROOT / 'tools' / 'generate.py')!r}); import kaito_iac; print(kaito_iac.__file__)"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"{ROOT / 'kaito_iac' / '__init__.py'}\n", "")


def test_shipped_pack_by_name(clean: Path, tmp_path: Path) -> None:
    """A shipped policy pack is found by its name and stops a stack over budget."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"gpu-budget": {"maxGpus": 0}}))
    done = run(clean, "-m", "kaito_iac.cli.main", "plan", "--json", "--policy-pack", "gpu-quota", "--policy-config", str(config))
    assert done.returncode == 1, done.stderr
    errors = [problem for problem in json.loads(done.stdout)["problems"] if problem["severity"] == "error"]
    assert [(problem["code"], problem["path"], problem["found"], problem["accepted"]) for problem in errors] == [
        ("KQ101", "stack", "1 GPU (chat 1)", "at most 0")
    ]


def test_presets_are_listed(clean: Path) -> None:
    """The preset files travel in the wheel."""
    done = run(clean, "-m", "kaito_iac.cli.main", "presets", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["presets"]) == 81

"""What the Markdown pages show is what happens: programs run, plans and messages are the real ones, links lead somewhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import kaito_iac as kaito
from kaito_iac.errors import SpecError
from kaito_iac.planning.plan import make_plan
from kaito_iac.planning.plan_text import plan_text
from kaito_iac.planning.request import Program
from kaito_iac.presets.load import read_preset
from kaito_iac.quota.file import quotas, read_quota_text
from kaito_iac.rules import guardrails
from kaito_iac.stack.resource import Resource
from kaito_iac.testing import record

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "policies").rglob("*.md")])
README = (ROOT / "README.md").read_text()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


PROGRAMS = [
    pytest.param(code, id=f"{page.relative_to(ROOT)} {index}")
    for page in PAGES
    for index, code in enumerate(blocks(page.read_text(), "python"))
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_programs_run(code: str) -> None:
    """Every Python block runs as a stack program, or as a test where it records or asserts something itself."""
    if "kaito_iac.testing" in code or "\nassert " in code:
        exec(compile(code, "block", "exec"), {"__name__": "block"})
    else:
        recording = record(lambda: exec(compile(code, "block", "exec"), {"__name__": "block"}))
        assert len(recording.resources) > 1


def test_readme_shows_the_plan_of_the_quickstart() -> None:
    """The plan in the README is the one `make plan` prints."""
    assert blocks(README, "text")[0] == plan_text(make_plan(Program(ROOT)), width=80, color=False)


def test_readme_shows_a_real_refusal() -> None:
    """The message in the README is the one such a program gets."""

    def program() -> None:
        kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", "context": 262144, "namespace": "Team A"})

    with pytest.raises(SpecError) as caught:
        record(program)
    assert blocks(README, "text")[1] == f"{caught.value}\n"


def test_preset_of_the_how_to_is_good(tmp_path: Path) -> None:
    """The preset file shown is a preset file."""
    text = blocks((ROOT / "docs/how-to/own-presets.md").read_text(), "yaml")[0]
    (tmp_path / "support-chat.yaml").write_text(text)
    preset, problems = read_preset(tmp_path / "support-chat.yaml")
    assert problems == []
    assert (preset.name, preset.context) == ("support-chat", 32768)


def test_quota_file_of_the_how_to_is_good() -> None:
    """The quota file shown is a quota file."""
    quota, problems = read_quota_text(blocks((ROOT / "docs/how-to/quota.md").read_text(), "yaml")[0], "quota.yaml")
    assert problems == ()
    assert quota is not None
    left = {family: found.limit - found.used for (family, _), found in quotas(quota)[0].items()}
    assert left == {"standardncadsa100v4family": 48, "lowprioritycores": 100, "cores": 262}


LINKS = [
    pytest.param(page, target, id=f"{page.relative_to(ROOT)} -> {target}")
    for page in PAGES
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text())
    if "://" not in target
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_links_lead_somewhere(page: Path, target: str) -> None:
    """Every relative link names a file or folder of the repository."""
    assert (page.parent / target).exists()


def test_settings_of_the_guardrails_are_good() -> None:
    """The settings shown are settings of the rules they name, and remedies are ones that exist."""
    rules = {rule.name: rule for rule in guardrails.RULES}
    found = blocks((ROOT / "docs/how-to/guardrails.md").read_text(), "json")
    assert len(found) == 3
    for name, settings in (row for text in found for row in json.loads(text).items()):
        level = settings.pop("enforcementLevel", "mandatory")
        rules[name].config.model_validate(settings)
        assert level == "mandatory" or rules[name].remedy


def test_own_rule_of_the_how_to_judges() -> None:
    """The rule shown says what its page promises of a Workspace of another name."""
    names: dict[str, Any] = {}
    exec(blocks((ROOT / "docs/how-to/guardrails.md").read_text(), "py")[0], names)
    fact = Resource("urn:x", "kubernetes:kaito.sh/v1beta1:Workspace", "chat", None, {"metadata": {"name": "chat"}})
    told = "metadata.name: no prefix ml-; expected a name that starts with ml- [ML001]"
    assert [problem.headline for problem in names["RULE"].judge(fact, {})] == [told]


def test_every_page_is_listed() -> None:
    """docs/README.md links to every page of the documentation, and to the examples' own list."""
    linked = set(re.findall(r"\]\(([^)#]+)\)", (ROOT / "docs" / "README.md").read_text()))
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert pages - linked == {"README.md", "_index.md"}


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def test_links_into_pages_lead_to_headings() -> None:
    """A link with an anchor names a heading of the page it leads to."""
    found = [
        (page, (page.parent / target) if target else page, anchor)
        for page in PAGES
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text())
    ]
    lost = [
        f"{page.relative_to(ROOT)} -> {target.name}#{anchor}" for page, target, anchor in found if anchor not in _anchors(target)
    ]
    assert lost == []


def test_stack_configuration_is_listed() -> None:
    """Every key of the stack configuration that the package reads is in the table of the page."""
    page = (ROOT / "docs" / "installation-configuration.md").read_text()
    read = {
        f"{space}:{key}"
        for path in (ROOT / "kaito_iac").rglob("*.py")
        for space, key in re.findall(r'pulumi\.Config\("([\w-]+)"\)\.get\w*\("(\w+)"\)', path.read_text())
    }
    assert len(read) > 3
    assert {key for key in read if f"`{key}`" not in page} == set()


def test_counts_of_the_comparison() -> None:
    """The example of the comparison has as many lines as the page says."""
    page = (ROOT / "docs" / "comparison.md").read_text()
    text = (ROOT / "docs/examples/operator-gpu-provisioner/__main__.py").read_text().split('"""', 2)[2]
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert f"and the manifest | {len(lines)} |" in page

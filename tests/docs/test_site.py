"""The documentation builds into a site without a warning, and a page of it loads nothing from elsewhere."""

from __future__ import annotations

import functools
import http.server
import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def loaded(tool: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"tool_{tool}", ROOT / "tools" / f"{tool}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BROWSER = loaded("browser")
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""Tags that make a browser load something, and the attribute that names it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, timeout=300
    )
    warnings = [line for line in done.stderr.splitlines() if not line.startswith("Fontconfig")]  # of the machine that draws
    assert (done.returncode, done.stdout, warnings) == (0, "", [])
    return folder


@pytest.fixture(scope="module")
def hooks():
    return loaded("site")


def needs_chromium(test: Any) -> Any:
    return pytest.mark.browser(pytest.mark.skipif(BROWSER.browser() is None, reason="no Chromium on PATH")(test))


class Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") in ("canonical", "next", "prev", "edit"):
            return
        if (address := given.get(LOADED.get(tag, ""))) is not None:
            self.found.append(address)


def test_every_page_is_built_and_in_llms_txt(site: Path) -> None:
    """Each page of docs/ is a page of the site, and llms.txt names each that the navigation has."""
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md") if not path.name.startswith("_")]
    built = [re.sub(r"README$", "index", str(page.with_suffix(""))) + ".html" for page in pages]
    assert len(built) > 30
    assert [page for page in built if not (site / page).is_file()] == []
    assert [page for page in built if f"/{page})" not in (site / "llms.txt").read_text()] == []


def test_lists_are_lists(site: Path) -> None:
    """No item of a list is text of a paragraph, as it is where the blank line before the list is missing."""
    found = []
    for page in site.rglob("*.html"):
        text = page.read_text()
        article = re.sub(
            r"<pre.*?</pre>|<code.*?</code>", "", text[text.find("<article") : text.find("</article>")], flags=re.DOTALL
        )
        found += [(page.name, item) for item in re.findall(r"(?:<p>|\n)((?:- |\* |\d+\. )[^\n]{0,50})", article)]
    assert found == []


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    """No script, style, font, picture or frame has an address with a host; styles import none either."""
    strange = []
    for page in site.rglob("*.html"):
        reader = Loads()
        reader.feed(page.read_text())
        assert reader.found
        strange += [(page.name, address) for address in reader.found if re.match(r"(\w+:)?//", address)]
    styles = "".join(path.read_text() for path in site.rglob("*.css"))
    assert strange == []
    assert re.findall(r"url\(['\"]?(?:https?:)?//[^)]*\)|@import[^;]*", styles) == []


def test_diagrams_are_drawn_in_the_colours_of_the_page(hooks) -> None:
    """A Graphviz source becomes an SVG without a colour of its own and without a background."""
    page = hooks.drawn('digraph { "Workspace" -> "NodeClaim" [label="asks for"] }')
    assert page.startswith('<div class="diagram"')
    assert re.findall(r">([^<>]+)</text>", page) == ["Workspace", "NodeClaim", "asks for"]
    assert "currentColor" in page
    assert not re.search(r'"(black|white)"', page)


@pytest.mark.parametrize(
    ("target", "page", "address"),
    [
        ("quota.md", "how-to/check.md", "quota.md"),
        ("../../stacks/npc", "how-to/check.md", "tree/main/stacks/npc"),
        ("../../stacks/npc/__main__.py", "how-to/check.md", "blob/main/stacks/npc/__main__.py"),
        ("../examples/aks-cluster", "how-to/check.md", "tree/main/docs/examples/aks-cluster"),
    ],
)
def test_links_out_of_the_documentation_lead_to_the_repository(hooks, target: str, page: str, address: str) -> None:
    """A link to a file of the repository that is no page leads to the repository, and one to a page stays."""
    assert hooks.outside(target, page).removeprefix(f"{hooks.PROJECT_URL}/") == address


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def tab(served: str) -> Iterator[Any]:
    with BROWSER.tab() as page:
        yield page


@needs_chromium
@pytest.mark.parametrize("page", ["index.html", "how-to/rag.html", "concepts/nodes.html", "reference/sizes.html"])
def test_a_page_runs_without_an_error_and_asks_no_other_server(served: str, tab: Any, page: str) -> None:
    """One page of each kind, with its scripts: nothing on the console, every request goes to the server of the site."""
    tab.open(f"{served}/{page}", BROWSER.SIZES["desktop"])
    assert tab.faults() == []
    assert [address for address in tab.asked() if not address.startswith(f"{served}/")] == []
    assert f"{served}/assets/filter.js" in tab.asked()
    assert bool(tab.value("document.querySelector('.filter') !== null")) == (page == "reference/sizes.html")


@needs_chromium
def test_every_page_fits_a_phone_and_a_desktop(site: Path, served: str, tab: Any) -> None:
    """No page is wider than its window, and none has a picture without content; without scripts, which take most of the time."""
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    found = []
    for page in sorted(str(path.relative_to(site)) for path in site.rglob("*.html") if path.name != "404.html"):
        tab.open(f"{served}/{page}", BROWSER.SIZES["desktop"])
        found += [(page, "desktop", fault) for fault in tab.faults()]
        tab.resize(BROWSER.SIZES["phone"])
        found += [(page, "phone", fault) for fault in tab.faults()]
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    assert found == []


@needs_chromium
def test_a_fault_of_a_page_is_seen(tab: Any, tmp_path: Path) -> None:
    """A page that is too wide, lacks its picture and stops with an error is reported with all three."""
    page = tmp_path / "page.html"
    page.write_text('<article><p style="width: 1400px">wide</p><img src="none.png"></article><script>missing()</script>')
    tab.open(page.as_uri(), BROWSER.SIZES["desktop"])
    assert {fault.partition(":")[0] for fault in tab.faults()} == {
        "128 px wider than the window",
        "picture without content",
        "error of a script",
        "console",
    }


@needs_chromium
@pytest.mark.parametrize(
    ("phrase", "page"),
    [
        ("AKS GPU quota exceeded", "how-to/gpu-quota-exceeded"),
        ("KAITO workspace stuck pending", "how-to/workspace-pending"),
        ("which VM size for Llama 3.3 70B", "how-to/which-vm-size"),
        ("fine-tune with own data", "how-to/fine-tune"),
        ("RAG over documents", "how-to/rag"),
        ("GPU spot instances price", "how-to/spot-nodes"),
        ("bring your own GPU nodes", "how-to/bring-your-own-nodes"),
        ("air-gapped cluster images", "how-to/air-gap"),
        ("migrate from Terraform", "how-to/migrate-from-terraform"),
        ("Helm chart KAITO operator install", "how-to/operator"),
        ("deploy phi-4 on AKS", "tutorial/aks"),
        ("EKS Karpenter GPU", "tutorial/eks"),
        ("vLLM out of memory KV cache", "concepts/sizing"),
        ("pull request cost comment", "how-to/pull-request"),
        ("multi-instance GPU MIG", "how-to/bring-your-own-nodes"),
        ("GitOps Argo CD Flux", "how-to/gitops"),
        ("GPU budget per team", "how-to/quota"),
        ("delete cluster stuck finalizer", "how-to/delete-workloads"),
        ("Hugging Face token gated model", "faq"),
        ("how much does an H100 cost per month", "faq"),
        ("KAITO LoRA adapter", "how-to/fine-tune"),
        ("autoscaling KEDA inference", "how-to/replicas-tuning-roles"),
        ("OpenAI API endpoint curl", "tutorial/existing-nodes"),
        ("install pip uv", "tutorial/install"),
        ("TypeScript", "how-to/languages"),
        ("SkuNotAvailable", "how-to/workspace-pending"),
        ("ErrCode_InsufficientVCPUQuota", "how-to/gpu-quota-exceeded"),
        ("update model without downtime", "how-to/replace-without-downtime"),
        ("CI pipeline GitHub Actions", "how-to/ci-pipeline"),
        ("convert YAML to Pulumi", "how-to/convert"),
        ("VM sizes with GPU memory", "reference/sizes"),
        ("KS203", "reference/codes"),
        ("llama-3.3-70b-instruct", "how-to/which-vm-size"),
    ],
)
def test_the_search_finds_the_page_that_answers(served: str, tab: Any, phrase: str, page: str) -> None:
    """The search of the site, as a browser runs it, has the page among its first three results."""
    if not tab.value("location.href").startswith(f"{served}/index.html"):
        tab.open(f"{served}/index.html", BROWSER.SIZES["desktop"])
    found = [address.partition("?")[0].removeprefix(f"{served}/") for address in tab.search(phrase)]
    assert f"{page}.html" in found[:3]

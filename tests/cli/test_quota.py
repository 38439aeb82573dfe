"""`quota fetch` and `quota show`, as a user calls them."""

import io
import json
import re
from datetime import date

import pytest

from kaito_iac.cli.quota_showing import show
from kaito_iac.cli.terminal import Page
from kaito_iac.planning.request import Limits, Program
from kaito_iac.problem import Problem
from kaito_iac.quota.fetch import Usage
from kaito_iac.quota.file import read_quota
from kaito_iac.quota.intake import Taken

NO_SIZES = (Taken(), ())
ONE = "00000000-0000-0000-0000-000000000001"
TODAY = date.today().isoformat()
USAGES = [
    Usage(region="eastus", family="cores", limit=350, used=88),
    Usage(region="eastus", family="standardNCADSA100v4Family", limit=96, used=48),
]
FETCHED = f"""\
date: {TODAY}
source: "Azure Resource Manager, Microsoft.Compute usages"
subscriptions:
  "{ONE}":
    regions:
      eastus:
        families:
          cores: {{limit: 350, used: 88}}
          standardNCADSA100v4Family: {{limit: 96, used: 48}}
"""
QUOTA = f"""\
date: {TODAY}
source: by hand
subscriptions:
  research:
    regions:
      eastus:
        families:
          cores: {{limit: 350, used: 88}}
          StandardNCADSA100v4Family: {{limit: 96, used: USED}}
          StandardNVADSA10v5Family: {{limit: 0}}
        running:
          shop/dev: {{StandardNCADSA100v4Family: 24}}
"""
BUDGETS = "budgets:\n  namespaces:\n    default: {gpus: GPUS}\n"
PROGRAM = """\
import kaito_iac as kaito
size = {"instance_type": "Standard_NC24ads_A100_v4", "location": "eastus"}
kaito.KaitoWorkspace("chat", {"preset": "phi-4-mini-instruct", **size})
"""


@pytest.fixture
def azure(monkeypatch):
    """Simulates Azure: gives what it was set to, and remembers what it was asked."""
    asked = []

    def say(usages=USAGES, problems=(), sizes=NO_SIZES):
        def read(subscription, regions):
            asked.append((subscription, list(regions)))
            return list(usages), list(problems)

        monkeypatch.setattr("kaito_iac.quota.fetch.read_usage", read)
        monkeypatch.setattr("kaito_iac.quota.fetch_sizes.read_sizes", lambda *_: sizes)
        return asked

    return say


def fetch(run, *more):
    return run("quota", "fetch", "--subscription", ONE, "--region", "East US", *more)


def test_fetch_prints(run, azure):
    """Without a file the text is printed."""
    asked = azure()
    ended = fetch(run)
    assert (ended.code, ended.out, ended.err) == (0, FETCHED, "")
    assert asked == [(ONE, ["eastus"])]


def test_fetch_as_json(run, azure):
    """With --json the figures are printed as data."""
    azure()
    families = {"cores": {"limit": 350, "used": 88}, "standardNCADSA100v4Family": {"limit": 96, "used": 48}}
    assert fetch(run, "--json").json == {
        "date": TODAY,
        "source": "Azure Resource Manager, Microsoft.Compute usages",
        "subscriptions": {ONE: {"regions": {"eastus": {"families": families}}}},
    }


def test_fetch_keeps_what_it_did_not_read(run, azure, tmp_path):
    """Budgets and comments of the file stay; its other regions are read again, and that is reported."""
    asked = azure([*USAGES, Usage(region="westus", family="cores", limit=10, used=0)])
    path = tmp_path / "quota.yaml"
    budgets = "# eight\nbudgets: {teams: {a: {gpus: 8}}}\n"
    path.write_text(FETCHED.replace("eastus", "westus").replace(TODAY, "2026-01-31") + budgets)
    ended = fetch(run, "-o", str(path))
    assert (ended.code, ended.out) == (0, f"{path}: limits and use of {TODAY}\n")
    assert ended.err == "also read, as the file has them: westus\n"
    assert asked == [(ONE, ["eastus", "westus"])]
    west = "      westus:\n        families:\n          cores: {limit: 10, used: 0}\n"
    assert path.read_text() == f"{FETCHED}{west}\n{budgets}"
    assert [found.name for found in tmp_path.iterdir()] == ["quota.yaml"]


def test_fetch_replaces_the_first_version(run, azure, tmp_path):
    """Limits of the first version are replaced, and that is reported."""
    azure()
    path = tmp_path / "quota.yaml"
    path.write_text("date: 2026-01-31\nlimits: [{family: a, region: b, limit: 3}]\n")
    ended = fetch(run, "-o", str(path))
    assert (ended.code, ended.err) == (0, "limits of the first version are replaced by subscriptions\n")
    assert path.read_text() == FETCHED


def test_fetch_says_what_runs_no_more(run, azure, tmp_path):
    """A stack that runs less than the file says is a problem of the file, which is written all the same."""
    azure()
    path = tmp_path / "quota.yaml"
    path.write_text(FETCHED.replace("48}", "96}") + "        running: {shop/dev: {standardNCADSA100v4Family: 72}}\n")
    ended = fetch(run, "-o", str(path))
    assert ended.code == 1
    assert ended.err == (
        "quota.yaml: 1 problem\n  quota.yaml:11: running: 72 of standardNCADSA100v4Family in eastus; "
        "expected at most the 48 used [KQ103]\n    fix: correct the quota file\n"
    )
    assert path.read_text() == FETCHED + "        running:\n          shop/dev: {standardNCADSA100v4Family: 72}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "date: soon\nlimits: []\n",
            "quota.yaml cannot be read, so it is not overwritten: 1 problem\n"
            "  quota.yaml:1: date: 'soon'; expected a day such as 2026-01-31 [KQ103]\n    fix: correct the quota file\n",
            id="no quota file",
        ),
        pytest.param(
            "{date: 2026-01-31, limits: []}\n",
            "kaito-iac: quota.yaml cannot be edited safely: write every key on a line of its own\n",
            id="all on one line",
        ),
    ],
)
def test_fetch_overwrites_no_other_file(run, azure, tmp_path, text, said):
    """A file that cannot be read, or whose text cannot be kept, stays as it is."""
    azure()
    path = tmp_path / "quota.yaml"
    path.write_text(text)
    ended = fetch(run, "-o", str(path))
    assert (ended.code, path.read_text()) == (3, text)
    assert ended.err == said


def test_fetch_keeps_sizes(run, azure, tmp_path):
    """Sizes that can be ordered are written with the limits; where they cannot be read, those of the file stay."""
    path = tmp_path / "quota.yaml"
    refused = {"eastus": {"Standard_NC40ads_H100_v5": "QuotaId"}}
    sold = Taken(sold={"eastus": {"Standard_NC24ads_A100_v4": ("1",)}}, refused=refused)
    azure(sizes=(sold, ()))
    assert fetch(run, "-o", str(path)).err == ""
    sizes = '        sizes:\n          Standard_NC24ads_A100_v4: ["1"]\n'
    sizes += "        refused:\n          Standard_NC40ads_H100_v5: QuotaId\n"
    assert path.read_text() == FETCHED + sizes
    azure(sizes=(Taken(), [Problem("KQ120", "Azure", "no right")]))
    assert fetch(run, "-o", str(path)).err == "sizes that are sold were not read: Azure: no right [KQ120]\n"
    assert path.read_text() == FETCHED + sizes


def test_fetch_that_fails(run, azure, tmp_path):
    """What Azure does not report is reported, and nothing is written."""
    azure([], [Problem("KQ120", "Azure", "no login that Azure accepts", "a login", "log in")])
    ended = fetch(run, "-o", str(tmp_path / "quota.yaml"))
    assert (ended.code, ended.out) == (3, "")
    assert (
        ended.err == "quota fetch: 1 problem\n  Azure: no login that Azure accepts; expected a login [KQ120]\n    fix: log in\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_fetch_into_no_folder(run, azure, tmp_path):
    """A file that cannot be written is reported on one line."""
    azure()
    ended = fetch(run, "-o", str(tmp_path / "none" / "quota.yaml"))
    assert (ended.code, ended.err) == (
        3,
        f"kaito-iac: cannot write {tmp_path / 'none' / 'quota.yaml'}: No such file or directory\n",
    )


@pytest.fixture
def shop(tmp_path):
    """Writes a program that holds one A100 node, a quota file, and the plan of another stack."""

    def write(used=48, gpus=2):
        folder = tmp_path / "shop"
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (folder / "__main__.py").write_text(PROGRAM)
        (tmp_path / "quota.yaml").write_text(QUOTA.replace("USED", str(used)) + BUDGETS.replace("GPUS", str(gpus)))
        return folder, tmp_path / "quota.yaml"

    return write


SHOWN = f"""\
Limits and use of {TODAY}, by hand
This stack: shop/dev

                                               used   other   this
region  family                     limit  elsewhere  stacks  stack  left
------------------------------------------------------------------------
eastus  cores                        350         88       0     24   238
eastus  StandardNCADSA100v4Family     96         24       0     24    48
1 more without a limit above 0 and without usage; --json has them

                                       used   other   this
budget             of    limit    elsewhere  stacks  stack  left
----------------------------------------------------------------
namespace default  GPUs      2          -         0      1     1
"""


def squeezed(text):
    return [" ".join(line.split()) for line in text.splitlines() if "---" not in line]


def test_show(run, shop):
    """Limit, use by others, other stacks, this stack and what is left, by region and family; then budgets."""
    folder, quota = shop()
    ended = run("quota", "show", str(folder), "--quota", str(quota))
    assert (ended.code, ended.err) == (0, "")
    assert squeezed(ended.out) == squeezed(SHOWN)


def test_show_the_cloud_alone(run, shop):
    """Without a program the cloud and the ledger are shown."""
    _, quota = shop()
    found = run("quota", "show", "--quota", str(quota), "--json").json
    assert found["stack"] is None
    assert [(row["family"], row["usedElsewhere"], row["thisStack"], row["left"]) for row in found["quotas"]] == [
        ("cores", 88, 0, 262),
        ("StandardNCADSA100v4Family", 48, 0, 48),
        ("StandardNVADSA10v5Family", 0, 0, 0),
    ]


def test_show_other_stacks(run, shop, tmp_path):
    """The plan of another stack counts; this stack's own plan in the ledger does not count twice."""
    folder, quota = shop()
    (tmp_path / "plans").mkdir()
    own = run("plan", str(folder), "--json")
    (tmp_path / "plans" / "own.json").write_text(own.out)
    (tmp_path / "plans" / "other.json").write_text(own.out.replace("::shop::", "::ads::").replace('"shop"', '"ads"'))
    ended = run("quota", "show", str(folder), "--quota", str(quota), "--ledger", str(tmp_path / "plans"), "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["ledger"] == [{"stack": "ads/dev", "made": TODAY}]
    assert ended.json["quotas"][1] == {
        "region": "eastus",
        "family": "StandardNCADSA100v4Family",
        "limit": 96,
        "used": 48,
        "usedElsewhere": 24,
        "thisStack": 24,
        "otherStacks": {"ads/dev": 24},
        "left": 24,
    }
    (budget,) = ended.json["budgets"]
    assert budget == {
        "of": "namespace",
        "name": "default",
        "what": "GPUs",
        "limit": 2,
        "thisStack": 1,
        "otherStacks": 1,
        "left": 0,
        "unknown": [],
    }


@pytest.mark.parametrize(
    ("used", "gpus", "said"),
    [
        pytest.param(
            97,
            2,
            "StandardNCADSA100v4Family in eastus: 24 vCPUs (chat 24); expected at most 23 (96 less 73 used elsewhere) [KQ102]",
            id="a quota",
        ),
        pytest.param(48, 0, "namespace default: 1 GPU (chat 1); expected at most 0 [KQ108]", id="a budget"),
    ],
)
def test_show_what_is_over(run, shop, used, gpus, said):
    """More than there is ends with exit code 1, and is reported."""
    folder, quota = shop(used, gpus)
    ended = run("quota", "show", str(folder), "--quota", str(quota))
    assert ended.code == 1
    assert ended.err.splitlines()[:2] == ["Quota: 1 problem", f"  {said}"]


@pytest.mark.parametrize(
    ("program", "said"),
    [
        pytest.param("import nothing_of_this_name\n", "shop/dev cannot be planned: 1 problem", id="a program that fails"),
        pytest.param("raise SystemExit(3)\n", "shop/dev cannot be planned: 1 problem", id="a program that leaves early"),
    ],
)
def test_show_of_half_a_plan(run, shop, program, said):
    """What is left is not reported of a program that ends early: it would be too much."""
    folder, quota = shop()
    (folder / "__main__.py").write_text(program)
    ended = run("quota", "show", str(folder), "--quota", str(quota))
    assert (ended.code, ended.out, ended.err.splitlines()[0]) == (3, "", said)


def test_show_without_a_file(run, tmp_path, monkeypatch):
    """Without a quota file there is nothing to show."""
    ended = run("quota", "show", "--quota", str(tmp_path / "none.yaml"))
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "quota show: 1 problem\n  none.yaml: No such file or directory; expected a readable quota file [KQ103]\n"
        "    fix: name the file, or write one: kaito-iac quota fetch --subscription ID --region REGION\n"
    )


def test_bars(shop):
    """On a terminal every row ends in a bar: used, other stacks, this stack, left."""
    folder, quota = shop(gpus=0)
    text = re.sub(r"\x1b\[[0-9;]*m", "", show(Program(folder), quota, Limits()).text(Page(100, color=True)))
    bars = [line.split()[-1] for line in text.splitlines() if re.search("[█▓▒░!]$", line)]
    assert bars == ["█████▒░░░░░░░░░░░░░░", "█████▒▒▒▒▒░░░░░░░░░░", "!"]
    assert text.endswith("\nbars: █ used in the cloud, ▓ other stacks, ▒ this stack, ░ left, ! over\n")


TWO = "00000000-0000-0000-0000-000000000002"
PAYS = f"""\
date: {TODAY}
subscriptions:
  {ONE}: {{name: big, regions: {{eastus: {{families: {{StandardNCADSA100v4Family: {{limit: 96}}}}}}}}}}
  {TWO}: {{name: small, regions: {{eastus: {{families: {{StandardNCADSA100v4Family: {{limit: 0}}}}}}}}}}
"""
OF_ONE = PAYS.replace(PAYS.splitlines()[3] + "\n", "")
NO_NAME = "names none of the subscriptions; expected one of"


@pytest.mark.parametrize(
    ("text", "config", "more", "said"),
    [
        pytest.param(PAYS, {"azure-native:subscriptionId": ONE}, [], None, id="the one of the stack's configuration"),
        pytest.param(PAYS, {"azure-native:subscriptionId": TWO}, [], "24 vCPUs (chat 24); expected at most 0", id="the other"),
        pytest.param(PAYS, {"azure:subscriptionId": ONE}, [], None, id="of the provider azure"),
        pytest.param(
            PAYS,
            {"azure-native:subscriptionId": ONE},
            ["--subscription", "small"],
            "24 vCPUs (chat 24); expected at most 0",
            id="what is asked for is above it",
        ),
        pytest.param(PAYS, {}, [], "several subscriptions; expected one of big, small", id="not given"),
        pytest.param(PAYS, {"azure-native:subscriptionId": {"secure": "x"}}, [], "several subscriptions", id="a secret"),
        pytest.param(
            OF_ONE, {"azure-native:subscriptionId": TWO}, [], f"'{TWO}' {NO_NAME} big", id="the file is of another subscription"
        ),
        pytest.param(
            OF_ONE.replace(ONE, "lab"), {"azure-native:subscriptionId": TWO}, [], None, id="the only one has a name of its own"
        ),
    ],
)
def test_the_subscription_of_the_stack(run, tmp_path, text, config, more, said):
    """plan and quota show take the subscription that the stack is configured for, unless another is asked for."""
    (tmp_path / "quota.yaml").write_text(text)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}))
    for command in (["plan"], ["quota", "show"]):
        ended = run(*command, str(tmp_path), "--quota", str(tmp_path / "quota.yaml"), *more)
        words = " ".join((ended.out + ended.err).split())
        assert (ended.code != 0, "KQ1" in words) == (said is not None, said is not None), words
        assert said is None or said in words


USAGE = json.dumps([{"currentValue": "24", "limit": "96", "name": {"value": "StandardNCADSA100v4Family"}}])


@pytest.mark.parametrize("piped", [False, True], ids=["a file", "standard input"])
def test_import_writes_the_quota_file(piped, run, tmp_path, monkeypatch):
    """What `az vm list-usage` prints becomes limits and use of the quota file, from a file or a pipe."""
    (tmp_path / "usage.json").write_text(USAGE)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(USAGE.encode())))
    source = "-" if piped else str(tmp_path / "usage.json")
    file = tmp_path / "quota.yaml"
    ended = run("quota", "import", source, "--region", "eastus", "--subscription", "lab", "-o", str(file))
    assert (ended.code, ended.out) == (0, f"{file}: limits, use and sizes of {date.today().isoformat()}\n")
    quota, problems = read_quota(file)
    assert problems == []
    family = quota.subscriptions["lab"].regions["eastus"].families["StandardNCADSA100v4Family"]
    assert (family.limit, family.used) == (96, 24)


def test_import_of_what_cannot_be_read(run, tmp_path, monkeypatch):
    """Every file that cannot be read is reported, a closed standard input too, and nothing is written."""
    monkeypatch.setattr("sys.stdin", None)
    (tmp_path / "a.json").write_text("[")
    ended = run("quota", "import", "-", str(tmp_path / "a.json"), str(tmp_path / "none.json"), "-o", str(tmp_path / "q.yaml"))
    assert ended.code == 3
    assert [line.partition(";")[0] for line in ended.err.splitlines() if "[KQ121]" in line] == [
        "  stdin: standard input is closed",
        "  a.json: no JSON",
        "  none.json: No such file or directory",
    ]
    assert not (tmp_path / "q.yaml").exists()

"""The quota file: what it may say, and what is wrong with it by line."""

import datetime

import pytest

from kaito_iac.quota.file import Quota, quotas, read_quota
from kaito_iac.quota.model import Limit, QuotaFile, family_key

MEND = "\n  fix: correct the quota file"


def said(tmp_path, text):
    path = tmp_path / "quota.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    quota, problems = read_quota(path)
    assert (quota is None) == bool(problems)
    return [problem.text(indent="") for problem in problems]


def test_a_whole_file(tmp_path):
    """Limits, uses and subscriptions by family and region, of one day."""
    path = tmp_path / "quota.yaml"
    path.write_text(
        "date: 2026-06-29\n"
        "limits:\n"
        "  - family: Standard NCADS_A100_v4 Family\n"
        "    region: East US\n"
        "    limit: 96\n"
        "    used: 24\n"
        "    subscription: research\n"
        "  - {family: cores, region: eastus, limit: 350}\n"
    )
    quota, problems = read_quota(path)
    assert problems == []
    assert quota == QuotaFile(
        date=datetime.date(2026, 6, 29),
        limits=(
            Limit(family="Standard NCADS_A100_v4 Family", region="East US", limit=96, used=24, subscription="research"),
            Limit(family="cores", region="eastus", limit=350),
        ),
    )
    assert [limit.key for limit in quota.limits] == [("standardncads_a100_v4family", "eastus"), ("cores", "eastus")]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param("date: '2026-06-29'\nlimits: []\n", [], id="a day in quotes"),
        pytest.param(
            "", ["quota.yaml:1: no mapping at the top; expected the keys date and subscriptions [KQ103]"], id="an empty file"
        ),
        pytest.param(
            "- 1\n", ["quota.yaml:1: no mapping at the top; expected the keys date and subscriptions [KQ103]"], id="a list"
        ),
        pytest.param(b"\xff\xfe", ["quota.yaml: no UTF-8 text; expected a readable quota file [KQ103]"], id="no text"),
        pytest.param("limits: []\n", [f"quota.yaml:1: date: missing; expected a value [KQ103]{MEND}"], id="no day"),
        pytest.param(
            "date: 2026-06-29T10:00:00\nlimits: []\n",
            [f"quota.yaml:1: date: '2026-06-29T10:00:00'; expected a day such as 2026-01-31 [KQ103]{MEND}"],
            id="a day with an hour",
        ),
        pytest.param(
            "date: 3\nlimits: []\n",
            [f"quota.yaml:1: date: 3; expected a day such as 2026-01-31 [KQ103]{MEND}"],
            id="no day at all",
        ),
        pytest.param(
            "date: 2026-06-29\nlimits:\n  - family: a\n    region: b\n    limit: -1\n    use: 3\n  - 7\n",
            [
                f"quota.yaml:5: limits.0.limit: -1; expected at least 0 [KQ103]{MEND}",
                "quota.yaml:6: limits.0.use: an unknown key; expected one of family, region, limit, used, subscription "
                "[KQ103]\n  fix: did you mean used?",
                f"quota.yaml:7: limits.1: 7; expected a mapping [KQ103]{MEND}",
            ],
            id="every problem on its line",
        ),
        pytest.param(
            "date: 2026-06-29\nlimits:\n  - {family: '', region: b, limit: '8'}\n",
            [
                f"quota.yaml:3: limits.0.family: ''; expected at least 1 character [KQ103]{MEND}",
                f"quota.yaml:3: limits.0.limit: '8'; expected a whole number [KQ103]{MEND}",
            ],
            id="an empty family, and a text for the limit",
        ),
        pytest.param(
            "date: 2026-06-29\nlimits:\n  - {family: My Family, region: East US, limit: 8}\n"
            "  - {family: b, region: eastus, limit: 8}\n  - {family: myfamily, region: eastus, limit: 9}\n",
            [
                "quota.yaml:5: myfamily in eastus a second time, first on line 3; "
                "expected one limit per family and region [KQ103]\n  fix: keep the one that holds"
            ],
            id="a limit twice, in two spellings",
        ),
        pytest.param(
            "date: 2026-06-29\ndate: 2026-06-30\nlimits: []\n",
            ["quota.yaml:2: key date a second time; expected every key once [KQ103]"],
            id="a key twice",
        ),
    ],
)
def test_problems(tmp_path, text, problems):
    """What cannot be used is reported with file and line, everything at once."""
    assert said(tmp_path, text) == problems


def test_a_folder(tmp_path):
    """A folder is no quota file."""
    _, (problem,) = read_quota(tmp_path)
    assert problem.headline == f"{tmp_path.name}: Is a directory; expected a readable quota file [KQ103]"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("Standard NDASv4_A100 Family", "standardndasv4_a100family", id="blanks and capitals"),
        pytest.param("standardndasv4_a100family", "standardndasv4_a100family", id="already plain"),
    ],
)
def test_family_key(name, key):
    """Families agree without blanks, in lower case."""
    assert family_key(name) == key


TWO = """date: 2026-06-29
source: az vm list-usage
subscriptions:
  00000000-0000-0000-0000-000000000001:
    name: research
    regions:
      East US:
        families:
          StandardNCADSA100v4Family: {limit: 96, used: 48}
          cores: {limit: 350, used: 88}
        running:
          platform/prod: {Standard NCADSA100v4 Family: 24}
  00000000-0000-0000-0000-000000000002:
    regions:
      westus: {families: {lowPriorityCores: {limit: 100}}}
budgets:
  teams:
    search: {namespaces: [chat, rag], gpus: 8, gpusByProduct: {A100: 4, nvidia h100: 0}, usdPerMonth: 12000.5}
  namespaces:
    chat: {vcpusByFamily: {StandardNCADSA100v4Family: 96}}
"""
A100 = Quota(family="StandardNCADSA100v4Family", region="East US", limit=96, used=48, running={"platform/prod": 24})
CORES = Quota(family="cores", region="East US", limit=350, used=88)
SPOT = Quota(family="lowPriorityCores", region="westus", limit=100, used=0)


@pytest.mark.parametrize(
    ("subscription", "found"),
    [
        pytest.param("research", {("standardncadsa100v4family", "eastus"): A100, ("cores", "eastus"): CORES}, id="by name"),
        pytest.param("00000000-0000-0000-0000-000000000002", {("lowprioritycores", "westus"): SPOT}, id="by id"),
    ],
)
def test_limits_of_a_subscription(tmp_path, subscription, found):
    """The limits of one subscription by family and region, with what is running of the use."""
    (tmp_path / "quota.yaml").write_text(TWO)
    quota, problems = read_quota(tmp_path / "quota.yaml")
    assert problems == []
    assert quotas(quota, subscription) == (found, [])
    assert [quota.budgets.owner(name) for name in ("chat", "rag", "other")] == ["search", "search", None]


@pytest.mark.parametrize(
    ("subscription", "said"),
    [
        pytest.param("", "several subscriptions", id="none is named"),
        pytest.param("ads", "'ads' names none of the subscriptions", id="one that is not there"),
    ],
)
def test_which_subscription(tmp_path, subscription, said):
    """Of several subscriptions one has to be named."""
    (tmp_path / "quota.yaml").write_text(TWO)
    table, (problem,) = quotas(read_quota(tmp_path / "quota.yaml")[0], subscription)
    assert table == {}
    assert problem.text(indent="") == (
        f"subscription: {said}; expected one of research, 00000000-0000-0000-0000-000000000002 [KQ103]"
        "\n  fix: name the subscription that pays for the stack"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(
            "limit: 96, used: 48",
            "limit: 9.5, used: -1, free: 3",
            [
                "quota.yaml:9: {at}.families.StandardNCADSA100v4Family.limit: 9.5; expected a whole number [KQ103]{MEND}",
                "quota.yaml:9: {at}.families.StandardNCADSA100v4Family.used: -1; expected at least 0 [KQ103]{MEND}",
                "quota.yaml:9: {at}.families.StandardNCADSA100v4Family.free: an unknown key; expected one of limit, used "
                "[KQ103]{MEND}",
            ],
            id="figures of wrong types, and an unknown key",
        ),
        pytest.param(
            "cores: {limit: 350, used: 88}",
            "standardncadsa100v4family: {limit: 96, used: 48}",
            [
                "quota.yaml:10: standardncadsa100v4family in East US a second time, first on line 9; "
                "expected one limit per family and region [KQ103]\n  fix: keep the one that holds"
            ],
            id="a family twice, in two spellings",
        ),
        pytest.param(
            "      westus: {families: {lowPriorityCores: {limit: 100}}}",
            "      westus: {families: {}}\n      West US: {families: {}}",
            [
                "quota.yaml:16: West US a second time, first on line 15; expected every region once [KQ103]"
                "\n  fix: keep the one that holds"
            ],
            id="a region twice",
        ),
        pytest.param(
            "platform/prod: {Standard NCADSA100v4 Family: 24}",
            "platform: {Standard NCADSA100v4 Family: 49}",
            [
                "quota.yaml:12: running: 'platform'; expected a project and a stack, such as platform/prod [KQ103]{MEND}",
                "quota.yaml:12: running: 49 of Standard NCADSA100v4 Family in East US; "
                "expected at most the 48 used [KQ103]{MEND}",
            ],
            id="more running than used, of no stack",
        ),
        pytest.param(
            "  namespaces:\n",
            "    ads: {namespaces: [rag]}\n  namespaces:\n",
            [
                "quota.yaml:19: namespace rag of ads a second time, first on line 18; expected one team per namespace [KQ103]"
                "\n  fix: keep the one that holds"
            ],
            id="a namespace of two teams",
        ),
        pytest.param(
            "A100: 4, nvidia h100: 0}, usdPerMonth: 12000.5",
            "A1000: 4}, usdPerMonth: -1",
            [
                "quota.yaml:18: budgets.teams.search.gpusByProduct.A1000: 'A1000'; expected one of {KNOWN} [KQ103]{MEND}",
                "quota.yaml:18: budgets.teams.search.usdPerMonth: -1; expected at least 0 [KQ103]{MEND}",
            ],
            id="a  that does not exist, and no amount",
        ),
        pytest.param(
            "budgets:\n",
            "limits: []\nbudgets:\n",
            [
                "quota.yaml:16: limits beside subscriptions; expected one of them [KQ103]"
                "\n  fix: move the limits into subscriptions"
            ],
            id="both versions in one file",
        ),
    ],
)
def test_problems_of_the_second_version(tmp_path, before, after, said):
    """What cannot be used is reported with file and line, everything at once."""
    assert before in TWO
    known = (
        "AMD MI300X, AMD Radeon Instinct MI25, AMD Radeon PRO V620, AMD Radeon Pro V520, AWS Inferentia accelerators, "
        "AWS Inferentia2 accelerators, "
        "AWS Trainium accelerators, AWS Trainium2 accelerators, "
        "NVIDIA A10, NVIDIA A100, NVIDIA A10G, NVIDIA A16, NVIDIA A2, NVIDIA B200, NVIDIA B300, NVIDIA GB200, NVIDIA GB300, "
        "NVIDIA H100, NVIDIA H200, NVIDIA L4, NVIDIA L40S, NVIDIA RTX PRO 4500, NVIDIA RTX PRO 6000, NVIDIA T4G, "
        "Tesla K80, Tesla M60, Tesla P100, Tesla P40, Tesla T4, "
        "Tesla V100"
    )
    at = "subscriptions.00000000-0000-0000-0000-000000000001.regions.East US"
    texts = [text.replace("{MEND}", MEND).replace("{KNOWN}", known).replace("{at}", at) for text in said]
    (tmp_path / "quota.yaml").write_text(TWO.replace(before, after))
    assert [problem.text(indent="") for problem in read_quota(tmp_path / "quota.yaml")[1]] == texts


def test_a_file_without_anything(tmp_path):
    """A day alone is no quota file."""
    found = said(tmp_path, "date: 2026-06-29\n")
    assert found == [f"quota.yaml:1: neither subscriptions, budgets nor prices; expected at least one of them [KQ103]{MEND}"]

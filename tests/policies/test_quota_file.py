"""The quota file: what it may say, and what is wrong with it by line."""

import datetime

import pytest

from kaito_iac.policies.quota_file import read_quota
from kaito_iac.policies.quota_model import Limit, QuotaFile, family_key

MEND = "\n  fix: mend the quota file"


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
            [f"quota.yaml:1: date: datetime.datetime(2026, 6, 29, 10, 0); expected a day such as 2026-01-31 [KQ103]{MEND}"],
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
                "quota.yaml:6: limits.0.use: a key nobody knows; expected one of family, region, limit, used, subscription "
                f"[KQ103]{MEND}",
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
    """What cannot be used is said with file and line, everything at once."""
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

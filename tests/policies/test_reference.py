"""The reference pages of rules and quota file are what the code says."""

import os
from pathlib import Path

import pytest

from kaito_iac.policies.quota_file import read_quota
from kaito_iac.policies.reference import QUOTA_EXAMPLE, policies_page, quota_page

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("policies.md", policies_page, id="rules"),
        pytest.param("quota-file.md", quota_page, id="quota file"),
    ],
)
def test_page_is_up_to_date(name, make):
    """The page is the generated one; KAITO_IAC_WRITE_GOLDEN=1 writes it anew."""
    path = REFERENCE / name
    if os.environ.get("KAITO_IAC_WRITE_GOLDEN"):
        path.write_text(make())
    assert path.read_text() == make()


def test_example_of_the_quota_file(tmp_path):
    """The example on the page is a quota file without problems."""
    (tmp_path / "quota.yaml").write_text(QUOTA_EXAMPLE)
    quota, problems = read_quota(tmp_path / "quota.yaml")
    assert problems == []
    assert [limit.limit - limit.used for limit in quota.limits] == [72, 100, 310]

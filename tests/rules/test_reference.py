"""The reference pages of rules and quota file are what the code says."""

import os
from pathlib import Path

import pytest

from kaito_iac.quota.file import quotas, read_quota
from kaito_iac.rules.reference import FIRST_VERSION, QUOTA_EXAMPLE, policies_page, quota_page, quota_schema

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("policies.md", policies_page, id="rules"),
        pytest.param("quota-file.md", quota_page, id="quota file"),
        pytest.param("quota.schema.json", quota_schema, id="JSON schema of the quota file"),
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
    assert [found.limit - found.used for found in quotas(quota)[0].values()] == [48, 100, 262]


def test_example_of_the_first_version(tmp_path):
    """The example of the first version is still a quota file without problems."""
    (tmp_path / "quota.yaml").write_text(FIRST_VERSION)
    quota, problems = read_quota(tmp_path / "quota.yaml")
    assert problems == []
    assert [found.limit - found.used for found in quotas(quota)[0].values()] == [72]

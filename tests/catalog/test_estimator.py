"""The constants of the node estimate by release."""

import re

import pytest

from kaito_iac.catalog.estimator import estimator, estimators, of_gpu
from kaito_iac.catalog.load import table_of


def test_releases_have_sources():
    """Every release names the commit its constants were read at."""
    table = table_of("estimators.json")
    assert list(estimators()) == list(table["sources"]) == ["0.11.0", "0.12.0", "0.13.0-rc.0"]
    assert [told for told in table["sources"].values() if not re.search(r" at [0-9a-f]{40}$", told)] == []


@pytest.mark.parametrize(
    ("release", "gpu", "shares"),
    [
        ("0.11.0", "NVIDIA A10", (0.84, 0.84, 2.3)),
        ("0.12.0", "NVIDIA A10", (0.84, 0.82, 2.3)),
        ("0.12.0", "NVIDIA H100", (0.84, 0.84, 2.3)),
        ("0.13.0-rc.0", "NVIDIA A10", (0.82, 0.82, 1.5)),
        ("0.13.0-rc.0", "NVIDIA H100", (0.92, 0.92, 2.3)),
        ("0.6.0", "NVIDIA H100", (0.84, 0.84, 2.3)),
    ],
)
def test_constants(release, gpu, shares):
    """Shares and overhead are those of the release and GPU; a release that is not described has the default's."""
    rules = estimator(release)
    assert (of_gpu(rules.utilization, gpu), of_gpu(rules.launch_utilization, gpu), of_gpu(rules.base_overhead_gib, gpu)) == shares

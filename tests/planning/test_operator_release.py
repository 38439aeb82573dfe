"""The release that a program installs."""

import pytest

from kaito_iac.planning.operator_release import OPERATOR, operator_release
from kaito_iac.stack.resource import Resource


def operator(version):
    return Resource(
        urn=f"urn:pulumi:dev::p::{OPERATOR}::o{version}", name="o", type=OPERATOR, parent="", inputs={"version": version}
    )


@pytest.mark.parametrize(
    ("versions", "release"),
    [
        pytest.param(["0.11.0"], "0.11.0", id="one"),
        pytest.param([], None, id="none"),
        pytest.param(["0.11.0", "0.12.0"], None, id="two that differ"),
        pytest.param(["0.6.0"], None, id="the add-on's"),
    ],
)
def test_release(versions, release):
    """One operator of a release that can be judged by decides; anything else does not."""
    assert operator_release(map(operator, versions)) == release

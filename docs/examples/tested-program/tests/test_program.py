"""What the program may hold, cost and expose, asserted before every merge: `pytest` in the folder of the program."""

from pathlib import Path

import pytest

from kaito_iac.testing import (
    assert_cost_at_most,
    assert_fits_quota,
    assert_gpus_at_most,
    assert_no_errors,
    assert_nothing_public,
)

QUOTA = Path(__file__).parents[1] / "quota.yaml"


def test_it_can_work(kaito_plan):
    """Nothing in the program is an error."""
    assert_no_errors(kaito_plan())


def test_never_more_than_eight_h100(kaito_plan):
    """The autoscaler's maximum counts."""
    assert_gpus_at_most(kaito_plan(), 8, "H100")


def test_no_public_endpoint(kaito_plan):
    """The model answers inside the cluster alone."""
    assert_nothing_public(kaito_plan())


@pytest.mark.parametrize("most", [2, 3])
def test_it_fits_the_quota(kaito_plan, most):
    """Three nodes would still fit, with the node that an upgrade adds."""
    assert_fits_quota(kaito_plan(config={"most": str(most)}), QUOTA)


def test_cost(kaito_plan):
    """The pool at its maximum stays below what was agreed."""
    assert_cost_at_most(kaito_plan(), 11_000)


def test_the_plan(kaito_plan, kaito_snapshot):
    """A change of anything that the plan shows is seen in review."""
    kaito_snapshot(kaito_plan())

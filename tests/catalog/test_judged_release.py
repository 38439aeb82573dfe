"""The release that is judged by, and what follows from it."""

from kaito_iac.catalog.engine import engine_arguments, engine_version
from kaito_iac.catalog.estimator import estimator
from kaito_iac.catalog.judged_release import judged_release, judged_releases, judging_by, named_release
from kaito_iac.catalog.load import DEFAULT_VERSION
from kaito_iac.sizing.fit import Query, fit


def test_the_default_is_judged_by_unless_told():
    """Outside of a block no one named a release; inside it is the one that was named; None changes nothing."""
    assert (judged_release(), named_release()) == (DEFAULT_VERSION, None)
    with judging_by("0.11.0"):
        assert (judged_release(), named_release()) == ("0.11.0", "0.11.0")
        with judging_by(None):
            assert judged_release() == "0.11.0"
    assert named_release() is None


def test_releases_that_can_be_judged_by():
    """The AKS add-on, which Azure runs, is none of them."""
    assert judged_releases() == ("0.13.0-rc.0", "0.12.0", "0.11.0")


def test_engine_and_estimator_are_the_release_s():
    """vLLM, its arguments, the estimator's shares and the nodes are those of the release."""
    with judging_by("0.11.0"):
        assert engine_version() == "0.22.1"
        assert "watermark" not in engine_arguments()
        assert estimator().launch_utilization["*"] == 0.84
    query = Query(model="gpt-oss-120b", size="Standard_NC48ads_A100_v4")
    assert fit(query).nodes == 2
    with judging_by("0.13.0-rc.0"):
        assert fit(query).nodes == 1

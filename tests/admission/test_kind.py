"""Objects that are KAITO's, or meant to be."""

import pytest

from kaito_iac.admission.kind import is_kaito, is_meant


@pytest.mark.parametrize(
    ("kind", "version", "keys", "ours"),
    [
        pytest.param("Workspace", "kaito.sh/v1beta1", (), True, id="its group"),
        pytest.param("Anything", "kaito.sh/v9", (), True, id="a kind that its group does not have"),
        pytest.param("ragengine", "kaito/v1beta1", (), True, id="a group that is called after it"),
        pytest.param("Workspace", "v1beta1", ("inference",), True, id="no group, and its keys"),
        pytest.param("Workspace", "v1beta1", ("metadata",), False, id="no group, and no key of its own"),
        pytest.param("Workspace", "tenancy.kcp.dev/v1", ("spec",), False, id="a kind of another group"),
        pytest.param("Secret", "v1", ("spec",), False, id="another kind"),
    ],
)
def test_kinds(kind, version, keys, ours):
    """Its group, a group that is called after it, or no group with one of its kinds and keys."""
    assert (is_kaito(kind, version) or is_meant(kind, version, keys)) is ours

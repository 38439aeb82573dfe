"""Room for ephemeral OS disks: every size is one of Azure's that KAITO knows, and the room is plausible."""

import pytest

from kaito_iac.catalog.ephemeral import EPHEMERAL_GIB
from kaito_iac.catalog.find import find_size


@pytest.mark.parametrize(("name", "gib"), EPHEMERAL_GIB.items())
def test_sizes_with_room(name, gib):
    """The table names sizes as the catalogue does, and none has less room than the smallest disk of AKS."""
    size = find_size(name, "azure")
    assert size is not None
    assert size.name == name
    assert gib >= 30

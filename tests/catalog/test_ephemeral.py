"""Room for ephemeral OS disks: every size is one of Azure's that KAITO knows, and the room is plausible."""

import pytest

from kaito_iac.catalog.ephemeral import ephemeral_gib
from kaito_iac.catalog.find import find_size
from kaito_iac.catalog.load import sources, table_of


@pytest.mark.parametrize(("name", "gib"), ephemeral_gib().items())
def test_sizes_with_room(name, gib):
    """The table names sizes as the catalogue does, and none has less room than the smallest disk of AKS."""
    size = find_size(name, "azure")
    assert size is not None
    assert size.name == name
    assert gib >= 30
    assert table_of("ephemeral.json")["gib"][name]["source"] in sources("ephemeral")

"""Labels, annotations and taints: as Kubernetes takes them."""

from __future__ import annotations

import pytest

from kaito_iac.catalog import label
from kaito_iac.kubernetes.names import is_label_key

KEYS = ("CREATED_BY_SET", "NODE_CLASS", "ENABLE_LB", "GPU", "INSTANCE_TYPE", "NODE_POOL", "CAPACITY_TYPE", "AZURE_INTERNAL")
OURS = ("WAIT_FOR", "SKIP_AWAIT", "PLANNED_NODES")


@pytest.mark.parametrize("name", [*KEYS, *OURS])
def test_keys_are_as_kubernetes_takes_them(name: str) -> None:
    """Every key can stand on an object."""
    assert is_label_key(getattr(label, name))


def test_reserved_labels() -> None:
    """Labels that KAITO keeps to itself are of its own domains, and can stand on an object."""
    assert {key.partition("/")[0] for key in label.RESERVED} == {"kaito.sh", "karpenter.kaito.sh"}
    assert [key for key in label.RESERVED if not is_label_key(key)] == []


def test_taint() -> None:
    """The taint is key, value and effect as AKS takes them."""
    key, _, rest = label.TAINT.partition("=")
    assert (is_label_key(key), rest) == (True, "gpu:NoSchedule")


def test_metric_keys_follow_the_prefix() -> None:
    """What the scaler reads is the prefix and a word."""
    assert is_label_key(f"{label.SCALER}metrics")

"""Quantities of Kubernetes."""

import pytest

from kaito_iac.kubernetes.quantity import amount, is_quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", 8.0),
        ("+8", 8.0),
        ("0", 0.0),
        ("-0", 0.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("500m", 0.5),
        ("2k", 2000.0),
        ("1Ki", 1024.0),
        ("1.5Gi", 1.5 * 2**30),
        ("1Ei", 2.0**60),
        ("1e3", 1000.0),
        ("1E3", 1000.0),
        ("2500e-3", 2.5),
        ("7n", 7e-9),
    ],
)
def test_amounts(text: str, expected: float) -> None:
    """Suffixes of thousands and of 1024, and exponents, as Kubernetes reads them."""
    assert is_quantity(text)
    assert amount(text) == expected


@pytest.mark.parametrize(
    "text", ["", "x", "1 Gi", " 1", "1K", "1ki", "0x1", "1_000", "٣", "1e", "1.2.3", "Gi", "9" * 400, "1e1e1"]
)
def test_what_is_no_quantity(text: str) -> None:
    """Other texts are none, and have no amount."""
    assert not is_quantity(text)
    assert amount(text) is None


@pytest.mark.parametrize("text", ["-1", "-5m", "1e99", "1e1000", "9" * 399])
def test_amounts_out_of_bounds(text: str) -> None:
    """Kubernetes reads negative and very large ones; nothing is counted with them."""
    assert is_quantity(text)
    assert amount(text) is None

"""Placeholders of manifests."""

import pytest

from kaito_iac.admission.placeholder import placeholders


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("${NAME}", True, id="envsubst"),
        pytest.param("registry/${IMAGE:-app}:1", True, id="inside a text"),
        pytest.param("{{ .Values.name }}", True, id="Helm"),
        pytest.param("<VM SIZE>", True, id="angle brackets"),
        pytest.param("$NAME", True, id="shell"),
        pytest.param("__NAME__", True, id="underscores"),
        pytest.param("a<b", False, id="a comparison"),
        pytest.param("phi-4", False, id="a value"),
        pytest.param("$5", False, id="a price"),
    ],
)
def test_placeholder(text, found):
    """A text that stands for another one is a placeholder, wherever it is but in commands of pods."""
    assert list(placeholders({"a": [{"b": text}]})) == ([(("a", 0, "b"), text)] if found else [])
    assert list(placeholders({"containers": [{"args": [text], "env": [{"value": text}]}]})) == []

"""KAITO's APIKey: the key that callers of a namespace's gateway send."""

from __future__ import annotations

from typing import ClassVar

from kaito_iac.resources.spec_object import SpecObject


class APIKey(SpecObject):
    """Asks KAITO's apikey-operator for a key; it writes the Secret `llm-api-key` of the same namespace."""

    served_as: ClassVar[tuple[str, str]] = ("kaito.sh/v1alpha1", "APIKey")

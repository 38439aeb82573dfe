"""Kubernetes objects as YAML that people read: texts of several lines as blocks, nothing as an alias, no line broken."""

from __future__ import annotations

from typing import Any, Final

import yaml

_WIDTH: Final = 1000


class _Dumper(yaml.SafeDumper):
    """Writes everything as often as it is used."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that nothing is written as an alias."""
        return True


def _block(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _block)


def yaml_text(value: Any) -> str:
    """Return plain data as YAML, keys in the order they have."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=_WIDTH)

"""The Helm post-renderer that marks CRDs as kept: reads manifests, writes them with one annotation more on each CRD."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Final

import yaml

KEEP: Final = {"helm.sh/resource-policy": "keep"}
"""What Helm reads at uninstall and at upgrade, in the manifest it stored."""
SEPARATOR: Final = re.compile(r"^---[ \t\r]*(?:\n|\Z)", re.MULTILINE)
KIND: Final = "CustomResourceDefinition"


def kept(manifests: str) -> str:
    """Return the manifests with every CRD marked; all others stay as they are, letter by letter."""
    return "---\n".join(_marked(one) if KIND in one else one for one in SEPARATOR.split(manifests))


def _marked(document: str) -> str:
    read: Any = yaml.load(document, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(read, dict) or read.get("kind") != KIND:
        return document
    metadata = read.setdefault("metadata", {})
    metadata["annotations"] = {**(metadata.get("annotations") or {}), **KEEP}
    return json.dumps(read) + "\n"


def main() -> int:
    """Read standard input, writes standard output; what cannot be read ends in exit code 1 and one line."""
    try:
        sys.stdout.write(kept(sys.stdin.read()))
    except (yaml.YAMLError, ValueError, AttributeError) as error:
        print(f"kaito-iac-keep-crds: manifests cannot be read: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

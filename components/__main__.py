"""Serves the components to programs in every Pulumi language, from the sources beside this folder."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from kaito_iac.components.package import serve

    serve()

"""The reference page of the file of defaults, from its keys."""

from __future__ import annotations

from typing import Final

from kaito_iac.cli.defaults import KEYS
from kaito_iac.cli.invocation import variable


def reference_page() -> str:
    """Return the reference page of the file."""
    rows = [f"| `{key.name}` | {key.accepted()} | {key.text} | `{variable(key.name)}` |" for key in KEYS]
    return HEAD + "\n".join(rows) + "\n"


HEAD: Final = """\
# Defaults of the command line

<!-- Generated from kaito_iac/cli/defaults.py; do not edit. -->

Every command reads the nearest `kaito-iac.toml`, or `pyproject.toml` with a table `[tool.kaito-iac]`, from the folder of the
program it is given, else from the working directory, upwards to the root of the repository. Only one file is read; paths in it
are relative to it. A key that is unknown or has a wrong value refuses the command with all problems at once (KS110).

```toml
# kaito-iac.toml; in pyproject.toml the same keys stand below [tool.kaito-iac]
cloud = "azure"
region = "westeurope"
packs = ["guardrails", "policies/own"]
quota = "quota.yaml"
prices = "prices.yaml"

[gates]
enableMIG = true
```

An option wins over the environment variable of its key, which wins over the file. Lists in a variable are separated by spaces,
paths as in `PATH`; an empty variable is wrong usage. `-v` prints which defaults a command used; `kaito-iac doctor` shows the
file and all it says.

| key | accepted | what it sets | variable |
|---|---|---|---|
"""
"""The page before its table."""

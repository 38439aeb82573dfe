"""Names of arguments of the engine vLLM: which are known, and which must not stand in a ConfigMap."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.catalog.find import did_you_mean, nearest
from kaito_iac.catalog.load import engine_arguments

SECRET_NAME: Final = re.compile(r"(^|-)(api-key|token|password|secret)($|-)")
UNKNOWN: Final = "no argument of vLLM that is known here: vLLM ends with an error on one that it does not know"
HELP: Final = "a name of `vllm serve --help` without leading dashes"


def is_known(name: str) -> bool:
    """Tells whether vLLM, or KAITO's server around it, is known to have an argument of this name."""
    known = engine_arguments()
    return name in known or name.removeprefix("no-") in known


def is_secret(name: str) -> bool:
    """Tells whether the value of an argument is a secret, which a ConfigMap would show."""
    return SECRET_NAME.search(name) is not None


def meant(name: str) -> str:
    """Gives the known names that are spelt like this one, as a question; empty when there are none."""
    near = nearest(name, tuple(sorted(engine_arguments())))
    return f"{did_you_mean(near)} " if near else ""

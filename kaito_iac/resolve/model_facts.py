"""The argument `model_facts` from the config.json of a model."""

from __future__ import annotations

import os
from pathlib import Path

from kaito_iac.errors import SpecError
from kaito_iac.kinds.nested import ModelFactsArgs
from kaito_iac.sizing.model_config import read_facts


def model_facts(config: str | os.PathLike[str], *, weights_gib: float | None = None, gated: bool | None = None) -> ModelFactsArgs:
    """Return the facts of a model outside the catalogue, for `model_facts`, from its config.json or the folder of it.

    The size of the weights is that of the files beside it, unless it is stated. Nothing is looked up in a network. Raises
    SpecError with everything that is missing.
    """
    found, problems = read_facts(Path(config), weights_gib=weights_gib)
    if found is None:
        raise SpecError("model_facts", problems)
    facts: ModelFactsArgs = {
        "weights_gib": found.weights_gib,
        "bytes_per_token": found.bytes_per_token,
        "max_context_tokens": found.max_context_tokens,
        "layers": found.layers,
        "heads": found.heads,
        "kv_heads": found.kv_heads,
    }
    if gated is not None:
        facts["gated"] = gated
    return facts

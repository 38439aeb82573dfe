"""Whether the GPUs can be shared as the settings of the engine say, in place of what KAITO counts itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.admission.case import Case
from kaito_iac.admission.engine_settings import handed_on
from kaito_iac.admission.engine_words import read_words
from kaito_iac.admission.memory import sized_answer
from kaito_iac.admission.rule import Found, warning
from kaito_iac.sizing.estimate import Estimate

_SIZES: Final = ("tensor", "pipeline", "data")


@warning("KS212", "Workspace", on="create")
def stated_parallelism_fits(case: Case) -> Iterator[Found]:
    """tensor-, pipeline- and data-parallel-size under `vllm` need no more GPUs than there are, and divide the heads."""
    found = sized_answer(case)
    if found is None or case.card is None or not isinstance(found[0], Estimate):
        return
    words = read_words(handed_on(case))
    given = {name: size for name in _SIZES if (size := words.whole(f"{name}-parallel-size"))}
    if not given:
        return
    own = {name: getattr(found[0], f"{name}_parallel") for name in _SIZES}
    tensor, pipeline, data = ({**own, **given}[name] for name in _SIZES)
    needed, names = tensor * pipeline * data, " and ".join(f"{name}-parallel-size {size}" for name, size in given.items())
    inside = ("vllm", words.keys[f"{next(iter(given))}-parallel-size"])
    kept = [f"{name}-parallel-size {size}" for name, size in own.items() if name not in given and size > 1]
    if needed > found[0].gpus:
        names += f" beside {' and '.join(kept)} of KAITO" if kept else ""
        message = f"{names}: {needed} GPUs, of {found[0].gpus} that there are: vLLM ends with an error"
        yield Found("inference.config", message, "what KAITO sets by itself", "leave it out", inside=inside)
    elif "tensor" in given and case.card.heads % tensor:
        message = (
            f"tensor-parallel-size {tensor}, which does not divide the {case.card.heads} attention heads of {case.card.name}"
        )
        yield Found("inference.config", message, "what KAITO sets by itself", "leave it out", inside=inside)

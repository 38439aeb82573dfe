"""Keys of inference_config.yaml that stand beside `vllm`, where KAITO's server reads two others alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kaito_iac.admission.case import Case
from kaito_iac.admission.config_map import text_of
from kaito_iac.admission.engine_argument import is_known
from kaito_iac.admission.engine_settings import inference_config
from kaito_iac.admission.rule import Found, warning
from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.kubernetes.document import Unreadable, read_one

READ: Final = ("vllm", "max_probe_steps", "kv_cache_cpu_memory_utilization")
"""Keys that KAITO 0.11 to 0.13 read (presets/workspace/inference/vllm/inference_api.py, KaitoConfig.from_yaml)."""


@warning("KS231", "Workspace", on="create")
def settings_stand_under_vllm(case: Case) -> Iterator[Found]:
    """Every key beside `vllm` is one that KAITO reads: arguments of vLLM have no effect there."""
    text = text_of(case, case.namespace, inference_config(case), INFERENCE_KEY)
    try:
        top = read_one(text).data if text is not None else None
    except Unreadable:
        return
    for key in map(str, top if isinstance(top, dict) else ()):
        if key not in READ:
            ours = is_known(key.replace("_", "-"))
            message = f"{key[:60]}: beside vllm, where nothing reads it"
            yield Found(
                "inference.config", message, f"{' or '.join(READ)}", f"move {key[:60]} under vllm" if ours else "remove it"
            )

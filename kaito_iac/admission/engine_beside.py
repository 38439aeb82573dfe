"""What KAITO's server reads of inference_config.yaml beside the arguments of vLLM, and what ends it before vLLM starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.admission.case import Case, asked_once
from kaito_iac.admission.config_map import text_of
from kaito_iac.admission.engine_argument import is_known
from kaito_iac.admission.engine_settings import inference_config
from kaito_iac.admission.rule import Found, warning
from kaito_iac.catalog.label import INFERENCE_KEY
from kaito_iac.kubernetes.document import Document, Unreadable, read_one

READ: Final = ("vllm", "max_probe_steps", "kv_cache_cpu_memory_utilization")
"""Keys that KAITO 0.11 to 0.13 read (presets/workspace/inference/vllm/inference_api.py, KaitoConfig.from_yaml)."""
SHARE: Final = "kv_cache_cpu_memory_utilization"
ENDS: Final = "KAITO's server ends with an error before vLLM starts"


@asked_once
def _document(case: Case) -> Document | None:
    """Return the text as YAML; None: it is not known, or none."""
    text = text_of(case, case.namespace, inference_config(case), INFERENCE_KEY)
    try:
        return None if text is None else read_one(text)
    except Unreadable:
        return None


def _top(case: Case) -> Mapping[str, Any]:
    found = _document(case)
    return found.data if found is not None and isinstance(found.data, Mapping) else {}


@warning("KS231", "Workspace", on="create")
def settings_stand_under_vllm(case: Case) -> Iterator[Found]:
    """Every key beside `vllm` is one that KAITO reads: arguments of vLLM have no effect there."""
    for key in map(str, _top(case)):
        if key not in READ:
            ours = is_known(key.replace("_", "-"))
            message = f"{key[:60]}: beside vllm, where nothing reads it"
            yield Found(
                "inference.config", message, f"{' or '.join(READ)}", f"move {key[:60]} under vllm" if ours else "remove it"
            )


@warning("KS291", "Workspace", on="create")
def server_reads_the_settings(case: Case) -> Iterator[Found]:
    """The text is not empty, `vllm` has entries or is {}, and the share of main memory is a number from 0 to 1."""
    found, top = _document(case), _top(case)
    if found is not None and found.data is None:
        yield Found("inference.config", f"{INFERENCE_KEY} without a key: {ENDS}", "a key", "write vllm: {}")
    elif "vllm" in top and top["vllm"] is None:
        yield Found("inference.config", f"vllm without an entry: {ENDS}", "an entry, or {}", "write vllm: {}, or remove it")
    share = top.get(SHARE)
    if isinstance(share, str | list | dict):
        message = f"{SHARE}: '{str(share)[:40]}': {ENDS}"
        yield Found("inference.config", message, "a number from 0 to 1, without quotes", "", inside=(SHARE,))
    elif isinstance(share, int | float) and share > 1:
        message = f"{SHARE}: {str(share)[:40]}: more main memory than the node has left"
        yield Found("inference.config", message, "a number from 0 to 1", "", inside=(SHARE,))


@warning("KS235", "Workspace", on="create")
def settings_stand_once(case: Case) -> Iterator[Found]:
    """A key of the settings is used once: KAITO sizes nodes by the first `max-model-len`, and the server takes the last one."""
    found = _document(case)
    for line, key in found.repeated if found is not None else ():
        sized = ", and KAITO counts nodes by the first" if key == "max-model-len" else ""
        message = f"line {line} of {INFERENCE_KEY}: key {key[:60]} a second time: the last one is taken{sized}"
        yield Found("inference.config", message, "every key once", f"remove one {key[:60]}")

"""What the tuning program refuses of the values of a training: it hands each on as a word, and a parser reads the words.

Source: KAITO 0.12 presets/workspace/tuning/text-generation/parser.py and cli.py, transformers' HfArgumentParser and
TrainingArguments, peft's LoraConfig 0.11.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from kaito_iac.admission.training import Wrong, unknown_field
from kaito_iac.catalog.find import nearest
from kaito_iac.catalog.load import table_of

Kind = str | tuple[str, ...]
"""bool, int, float, or the words that are taken."""

_LORA: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("r", "lora_alpha"), "int"),
    **dict.fromkeys(("fan_in_fan_out", "use_rslora", "use_dora", "inference_mode", "init_lora_weights"), "bool"),
    "lora_dropout": "float",
    "bias": ("none", "all", "lora_only"),
    "task_type": ("SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"),
}
_DTYPES: Final = ("bfloat16", "float16", "float32", "float64", "half", "float", "double")
KINDS: Final[Mapping[str, Mapping[str, Kind]]] = MappingProxyType(
    {
        "LoraConfig": _LORA,
        "ModelConfig": {
            **dict.fromkeys(("force_download", "output_loading_info", "local_files_only", "trust_remote_code"), "bool"),
            "torch_dtype": _DTYPES,
        },
        "QuantizationConfig": {
            **dict.fromkeys(
                ("llm_int8_enable_fp32_cpu_offload", "llm_int8_has_fp16_weight", "bnb_4bit_use_double_quant"), "bool"
            ),
            "llm_int8_threshold": "float",
            "bnb_4bit_compute_dtype": _DTYPES,
            "bnb_4bit_quant_type": ("fp4", "nf4"),
        },
        "DatasetConfig": {"shuffle_dataset": "bool", "shuffle_seed": "int", "train_test_split": "float"},
        "DataCollator": {"mlm": "bool", "mlm_probability": "float"},
        "TrainingArguments": {
            **{name: kind for name, kind in table_of("training.json")["fields"].items() if kind in ("bool", "int", "float")},
            **{name: tuple(words) for name, words in table_of("training.json")["choices"].items()},
        },
    }
)
"""Section to its fields of which the kind is known."""
POSITIVE: Final = (
    ("LoraConfig", "r"),
    ("LoraConfig", "lora_alpha"),
    ("TrainingArguments", "num_train_epochs"),
    ("TrainingArguments", "per_device_train_batch_size"),
    ("TrainingArguments", "gradient_accumulation_steps"),
    ("TrainingArguments", "learning_rate"),
)
SHARES: Final = (
    ("LoraConfig", "lora_dropout"),
    ("DatasetConfig", "train_test_split"),
    ("DataCollator", "mlm_probability"),
    ("DataCollator", "mask_replace_prob"),
    ("DataCollator", "random_replace_prob"),
)
_TRUTH: Final = re.compile(r"yes|true|t|y|1|no|false|f|n|0", re.I)
_NAMED: Final = {"bool": "true or false", "int": "a whole number", "float": "a number"}
MOST: Final = 16
"""Words of a list that are named one by one."""


def value_found(section: str, field: str, value: Any) -> Wrong | None:
    """Return what the training makes nothing of: another kind of value, one out of its range; None: it takes the value."""
    path, name = (section, field), field.replace("-", "_")
    if isinstance(value, Mapping):
        return _flattened(path, value)
    number = _number(value)
    if (section, name) in POSITIVE and not (number is not None and number > 0):
        return Wrong(path, f"{value!r}"[:60], "a number above 0")
    if name == "train_test_split" and number == 0:
        return Wrong(path, "0, which leaves nothing to train with: the job ends with an error", "above 0, at most 1")
    if (section, name) in SHARES and not (number is not None and 0 <= number <= 1):
        return Wrong(path, f"{value!r}"[:60], "a number from 0 to 1")
    kind = KINDS.get(section, {}).get(name)
    return None if kind is None or isinstance(value, list) else _of_kind(path, kind, value)


def _of_kind(path: tuple[str, ...], kind: Kind, value: Any) -> Wrong | None:
    """Return why the parser refuses the word that Python prints of a value."""
    word = str(value)
    message = f"{value!r}"[:60] + ": the job ends with an error"
    if not isinstance(kind, str):
        if word in kind:
            return None
        accepted = ", ".join(kind) if len(kind) <= MOST else f"one of its {len(kind)} words"
        if value is False and "no" in kind:
            return Wrong(
                path, "no without quotes, which YAML reads as false: the job ends with an error", accepted, f"{path[1]}: 'no'"
            )
        near = nearest(word, kind)
        return Wrong(path, message, accepted, f"did you mean {near[0]!r}?" if near else "")
    if kind == "bool":
        taken = _TRUTH.fullmatch(word) is not None
    else:
        number = _number(value)
        taken = number is not None and (kind == "float" or not isinstance(number, float))
    return None if taken else Wrong(path, message, _NAMED[kind])


def _number(value: Any) -> int | float | None:
    """Return a number, also one in quotes; None: it is none to Python."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    for convert in (int, float):
        try:
            return convert(value) if isinstance(value, str) else value
        except ValueError:
            continue
    return None


def _flattened(path: tuple[str, ...], value: Mapping[Any, Any]) -> Wrong | None:
    """Return what becomes of a mapping: each key is an option of its own, which the parser does not have."""
    section, field = path
    lost = next((f"{field}_{key}" for key in value if unknown_field(section, f"{field}_{key}")), None)
    if lost is None:
        return None
    message = f"a mapping, which KAITO passes as --{lost}: the job ends with an error"
    return Wrong(path, message, "JSON as text", f"{field}: '{{…}}'")


def together_found(fields: Mapping[str, Any]) -> Iterator[Wrong]:
    """Report what TrainingArguments refuses of two fields together."""
    section = "TrainingArguments"
    given = {str(key).replace("-", "_"): value for key, value in fields.items()}
    evaluates, saves = (str(given.get(f"{key}_strategy", default)) for key, default in (("eval", "no"), ("save", "steps")))
    if _on(given.get("fp16")) and _on(given.get("bf16")):
        yield Wrong((section, "fp16"), "true, as bf16 is: the job ends with an error", "one of the two")
    if _on(given.get("load_best_model_at_end")) and saves not in ("best", evaluates):
        message = f"true with save_strategy {saves} and eval_strategy {evaluates}: the job ends with an error"
        yield Wrong((section, "load_best_model_at_end"), message, "the same strategy for both", f"eval_strategy: {saves}")
    if given.get("lr_scheduler_type") in ("reduce_lr_on_plateau", "greedy") and evaluates == "no":
        message = f"{given['lr_scheduler_type']} without eval_strategy: the job ends with an error"
        yield Wrong((section, "lr_scheduler_type"), message, "eval_strategy epoch or steps", "eval_strategy: epoch")
    if _number(given.get("logging_steps")) == 0 and given.get("logging_strategy", "steps") == "steps":
        yield Wrong((section, "logging_steps"), "0: the job ends with an error", "a number above 0, or logging_strategy 'no'")
    warmup = next((key for key in ("warmup_steps", "warmup_ratio") if (_number(given.get(key)) or 0) < 0), None)
    if warmup:
        yield Wrong((section, warmup), f"{given[warmup]}: the job ends with an error", "0 or more")


def _on(value: Any) -> bool:
    return str(value).lower() in ("yes", "true", "t", "y", "1")

"""Checks a training configuration by the rules KAITO reads it with, and writes training_config.yaml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Any, Final

import pulumi

from kaito_iac.catalog.find import nearest
from kaito_iac.problem import Problem, Severity
from kaito_iac.resolve.check import is_number, shown
from kaito_iac.resolve.reading import Reader

FIELDS: Final[Mapping[str, tuple[str, ...] | None]] = {
    "ModelConfig": tuple(
        "pretrained_model_name_or_path state_dict cache_dir force_download proxies output_loading_info local_files_only revision "
        "trust_remote_code torch_dtype device_map chat_template".split()
    ),
    "QuantizationConfig": tuple(
        "quant_method load_in_8bit load_in_4bit llm_int8_threshold llm_int8_skip_modules llm_int8_enable_fp32_cpu_offload "
        "llm_int8_has_fp16_weight bnb_4bit_compute_dtype bnb_4bit_quant_type bnb_4bit_use_double_quant".split()
    ),
    "LoraConfig": tuple(
        "r lora_alpha lora_dropout target_modules bias fan_in_fan_out init_lora_weights layers_to_transform layers_pattern "
        "modules_to_save rank_pattern alpha_pattern use_rslora use_dora loftq_config task_type exclude_modules inference_mode "
        "base_model_name_or_path revision peft_type megatron_config megatron_core layer_replication lora_bias "
        "trainable_token_indices target_parameters auto_mapping corda_config eva_config runtime_config use_qalora".split()
    ),
    "TrainingArguments": None,
    "DatasetConfig": tuple(
        "dataset_path dataset_extension shuffle_dataset shuffle_seed context_column response_column messages_column "
        "train_test_split".split()
    ),
    "DataCollator": tuple("tokenizer mlm mlm_probability pad_to_multiple_of tf_experimental_compile return_tensors seed".split()),
}
"""Sections KAITO 0.12 reads, and the fields of their classes; None: those of TRL's SFTConfig, which are too many to list."""
OF_OTHERS: Final = ("LoraConfig", "DataCollator")
"""Classes of PEFT and transformers, whose fields are listed from no source on record: a strange one is a warning."""
LOADING: Final = ("load_in_4bit", "load_in_8bit")
MOUNT: Final = "/mnt"
POSITIVE: Final = (
    ("LoraConfig", "r"),
    ("LoraConfig", "lora_alpha"),
    ("TrainingArguments", "num_train_epochs"),
    ("TrainingArguments", "per_device_train_batch_size"),
    ("TrainingArguments", "gradient_accumulation_steps"),
    ("TrainingArguments", "learning_rate"),
)
SHARES: Final = (("LoraConfig", "lora_dropout"), ("DatasetConfig", "train_test_split"), ("DataCollator", "mlm_probability"))

Sections = Mapping[str, Mapping[str, Any]]


def resolve_training(reader: Reader, method: str | None) -> Sections:
    """Resolves the argument `training`: sections of plain values; problems go to the reader."""
    sections: dict[str, dict[str, Any]] = {}
    for section in reader.mapping("training"):
        path = reader.path(f"training.{section}")
        if section not in FIELDS:
            near = nearest(section, tuple(FIELDS))
            reader.add(Problem("KS226", path, "not a section", ", ".join(FIELDS), f"did you mean {near[0]!r}?" if near else ""))
            continue
        inner = Reader(reader.args["training"], tuple(FIELDS), prefix=f"{reader.path('training')}.")
        fields = inner.mapping(section)
        reader.problems += [problem for problem in inner.problems if problem.path == path]
        sections[section] = {key: _whole(value) for key, value in fields.items()}
        for key, value in fields.items():
            reader.add(_field_problem(section, key, f"{path}.{key}", value))
    reader.problems += _rules(reader.path("training"), sections, method)
    return sections


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and is_number(value) and value.is_integer() and abs(value) >= 1 else value


def _field_problem(section: str, key: str, path: str, value: Any) -> Problem | None:
    if isinstance(value, pulumi.Output):
        return Problem("KS103", path, "an Output", "a plain value: the configuration's name follows from its content")
    known = FIELDS[section]
    if known is not None and key not in known:
        near = nearest(key, known)
        fix = f"did you mean {near[0]!r}?" if near else ""
        severity: Severity = "warning" if section in OF_OTHERS else "error"
        told = f"not a field of {section}: the job ends with an error"
        if severity == "warning":
            told = f"no field of {section} that is known here; a wrong one ends the job"
        return Problem("KS226", path, told, "a field of its class", fix, severity)
    if not _plain(value):
        return Problem("KS226", path, shown(value), "text, a number, true, false, or a list of them")
    if (section, key) in POSITIVE and not (is_number(value) and value > 0):
        return Problem("KS226", path, shown(value), "a number above 0")
    if (section, key) in SHARES and not (is_number(value) and 0 <= value <= 1):
        return Problem("KS226", path, shown(value), "a number from 0 to 1")
    return None


def _plain(value: Any) -> bool:
    items = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(item, str | bool) or is_number(item) for item in items)


def _rules(path: str, sections: Sections, method: str | None) -> Iterator[Problem]:
    quantized = sections.get("QuantizationConfig", {})
    for key in LOADING:
        if key in quantized and not isinstance(quantized[key], bool):
            yield Problem("KS226", f"{path}.QuantizationConfig.{key}", shown(quantized[key]), "true or false")
    loaded = [key for key in LOADING if quantized.get(key) is True]
    where = f"{path}.QuantizationConfig"
    if len(loaded) == 2:
        yield Problem("KS226", where, "load_in_4bit and load_in_8bit together", "one of them")
    if method == "lora" and loaded:
        yield Problem("KS226", f"{where}.{loaded[0]}", "true with method lora", "false", "method='qlora'")
    if method == "qlora" and not loaded and sections:
        accepted = "load_in_4bit or load_in_8bit true for method qlora"
        yield Problem("KS226", where, "neither load_in_4bit nor load_in_8bit", accepted, "load_in_4bit=True")
    output = sections.get("TrainingArguments", {}).get("output_dir")
    if output is None:
        return
    if not isinstance(output, str):
        yield Problem("KS226", f"{path}.TrainingArguments.output_dir", shown(output), "a folder below /mnt")
    elif not _below_mount(output):
        yield Problem(
            "KS226", f"{path}.TrainingArguments.output_dir", shown(output), "a folder below /mnt", "output_dir='results'"
        )


def _below_mount(folder: str) -> bool:
    """Tells whether a folder, joined to /mnt unless it starts there, stays below it."""
    whole = normpath(folder if folder.startswith(MOUNT) else f"{MOUNT}/{folder}")
    return whole.startswith(MOUNT) and whole != MOUNT


def training_text(sections: Sections) -> str:
    """Gives training_config.yaml; empty when there is nothing to say."""
    if not sections:
        return ""
    rows = ["training_config:"]
    for section in FIELDS:
        if section in sections:
            rows.append(f"  {section}:" if sections[section] else f"  {section}: {{}}")
            rows += [f"    {key}: {_scalar(value)}" for key, value in sorted(sections[section].items())]
    return "\n".join([*rows, ""])


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text  # YAML 1.1 reads 1e-07 as text


def training_name(workspace: str, sections: Sections) -> str:
    """Gives the name of our ConfigMap, which changes with its content."""
    return f"{workspace}-training-{hashlib.sha256(training_text(sections).encode()).hexdigest()[:8]}"

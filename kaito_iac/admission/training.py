"""What a training configuration may say: KAITO's sections, the fields of their classes, quantisation and the output folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Any, Final, NamedTuple

from kaito_iac.catalog.find import nearest
from kaito_iac.catalog.load import table_of
from kaito_iac.problem import Severity

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ModelConfig": tuple(
        "pretrained_model_name_or_path state_dict cache_dir force_download proxies output_loading_info local_files_only revision "
        "trust_remote_code torch_dtype device_map chat_template".split()
    ),
    "QuantizationConfig": tuple(
        "quant_method load_in_8bit load_in_4bit llm_int8_threshold llm_int8_skip_modules llm_int8_enable_fp32_cpu_offload "
        "llm_int8_has_fp16_weight bnb_4bit_compute_dtype bnb_4bit_quant_type bnb_4bit_use_double_quant".split()
    ),
    "LoraConfig": tuple(
        "r lora_alpha lora_dropout target_modules fan_in_fan_out bias use_rslora modules_to_save init_lora_weights "
        "layers_to_transform layers_pattern rank_pattern alpha_pattern megatron_config megatron_core loftq_config use_dora "
        "layer_replication task_type inference_mode base_model_name_or_path revision peft_type auto_mapping".split()
    ),
    "TrainingArguments": tuple(table_of("training.json")["fields"]),
    "DatasetConfig": tuple(
        "dataset_path dataset_extension shuffle_dataset shuffle_seed context_column response_column messages_column "
        "train_test_split".split()
    ),
    "DataCollator": tuple(
        "tokenizer mlm whole_word_mask mlm_probability mask_replace_prob random_replace_prob pad_to_multiple_of "
        "tf_experimental_compile return_tensors seed".split()
    ),
}
"""Section to the fields of the class that KAITO 0.12's tuning program parses it with.

LoraConfig is that of peft 0.11.1, which its image pins. TrainingArguments is TRL's SFTConfig, of which the image takes any
version from 1.0.0 on: a field of one of them is taken for one.
"""
SECTIONS: Final = tuple(FIELDS)
UNREAD: Final = ("context_column", "response_column", "messages_column")
"""Fields of DatasetConfig that are parsed, and read by nothing in KAITO 0.12 (presets/workspace/tuning/text-generation)."""
LOOSE: Final = ("DataCollator",)
"""Sections whose class is listed from other versions of transformers than the one in the image: a strange field may be new."""
BITS: Final = ("load_in_4bit", "load_in_8bit")
FOLDER: Final = "a folder below /mnt"
_MOUNT: Final = "/mnt"


class Wrong(NamedTuple):
    """Something that is wrong with a training configuration."""

    path: tuple[str, ...]
    """Section, and field if it is one field."""
    found: str
    accepted: str
    fix: str = ""
    severity: Severity = "error"


def unknown_section(section: str) -> Wrong | None:
    """Report that KAITO refuses a section; None: it is one of its six."""
    if section in FIELDS:
        return None
    near = nearest(section, SECTIONS)
    holder = next((one for one, fields in FIELDS.items() if section.replace("-", "_") in fields), "")
    fix = f"write it under {holder}" if holder else f"did you mean {near[0]!r}?" if near else ""
    return Wrong((section,), "not a section", ", ".join(SECTIONS), fix)


def unknown_field(section: str, field: str) -> Wrong | None:
    """Report that the tuning program ends with an error over a field that the class of its section does not have.

    The program hands every field to a command line parser, which takes hyphens for underscores.
    """
    known = FIELDS.get(section, ())
    name = field.replace("-", "_")
    if section == "DatasetConfig" and name in UNREAD:
        message = "no effect: the tuning program of KAITO 0.12 reads columns by the names that TRL knows"
        accepted = "columns called messages, or prompt and completion"
        return Wrong((section, field), message, accepted, "rename the columns; `kaito-iac data FILE` looks at them", "warning")
    if name in known or (section == "TrainingArguments" and name.removeprefix("no_") in known):
        return None
    near = nearest(name, known)
    fix = f"did you mean {near[0]!r}?" if near else ""
    message = f"not a field of {section}: the job ends with an error"
    if section in LOOSE:
        message = f"no field of {section} that is known here; a wrong one ends the job"
        return Wrong((section, field), message, "a field of its class", fix, "warning")
    return Wrong((section, field), message, "a field of its class", fix)


def quantisation_found(fields: Mapping[str, Any], method: str) -> Iterator[Wrong]:
    """Report what KAITO refuses of QuantizationConfig: its two switches, and what lora and qlora ask of them."""
    section = "QuantizationConfig"
    wrong = [key for key in BITS if fields.get(key) is not None and not isinstance(fields[key], bool)]
    for key in wrong:
        yield Wrong((section, key), f"{fields[key]!r}"[:60], "true or false")
    on = [key for key in BITS if fields.get(key) is True]
    if wrong:
        return
    if len(on) == 2:
        yield Wrong((section,), "load_in_4bit and load_in_8bit together", "one of them")
    elif method == "lora" and on:
        yield Wrong((section, on[0]), "true with method lora", "false", "method='qlora'")
    elif method == "qlora" and not on:
        accepted = "load_in_4bit or load_in_8bit true for method qlora"
        yield Wrong((section,), "neither load_in_4bit nor load_in_8bit", accepted, "load_in_4bit=True")


def folder_is_admitted(folder: str) -> bool:
    """Return whether admission takes an output folder: joined to /mnt, it begins like /mnt and is not /mnt itself."""
    whole = normpath(f"{_MOUNT}/{folder}")
    return whole != _MOUNT and whole.startswith(_MOUNT)


def folder_works(folder: str) -> bool:
    """Return whether the job's controller takes the folder, and it is below /mnt: one that begins like /mnt is not joined."""
    whole = normpath(folder if folder.startswith(_MOUNT) else f"{_MOUNT}/{folder}")
    return not folder or whole.startswith(f"{_MOUNT}/")

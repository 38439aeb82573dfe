"""The sections of a training configuration, with the names and types of KAITO 0.12's tuning program."""

from typing import NotRequired, TypedDict

from kaito_iac.kinds.training_fields import TrainingArgumentsFields


class ModelConfigFields(TypedDict, total=False):
    """How the base model is loaded."""

    pretrained_model_name_or_path: str
    state_dict: str
    cache_dir: str
    force_download: bool
    proxies: str
    output_loading_info: bool
    local_files_only: bool
    revision: str
    trust_remote_code: bool
    torch_dtype: str
    device_map: str
    chat_template: str


class QuantizationConfigFields(TypedDict, total=False):
    """How the base model is quantised; method qlora needs one of the two switches."""

    quant_method: str
    load_in_8bit: bool
    load_in_4bit: bool
    llm_int8_threshold: float
    llm_int8_skip_modules: list[str]
    llm_int8_enable_fp32_cpu_offload: bool
    llm_int8_has_fp16_weight: bool
    bnb_4bit_compute_dtype: str
    bnb_4bit_quant_type: str
    bnb_4bit_use_double_quant: bool


class LoraConfigFields(TypedDict, total=False):
    """The adapter, as peft 0.11.1 takes it."""

    r: int
    lora_alpha: int
    lora_dropout: float
    target_modules: list[str]
    fan_in_fan_out: bool
    bias: str
    use_rslora: bool
    modules_to_save: list[str]
    init_lora_weights: bool
    layers_to_transform: list[int]
    layers_pattern: list[str]
    rank_pattern: str
    alpha_pattern: str
    megatron_config: str
    megatron_core: str
    loftq_config: str
    use_dora: bool
    layer_replication: str
    task_type: str
    inference_mode: bool
    base_model_name_or_path: str
    revision: str
    peft_type: str
    auto_mapping: str


class DatasetConfigFields(TypedDict, total=False):
    """File, columns, and the part of the rows that is used for evaluation."""

    dataset_path: str
    dataset_extension: str
    shuffle_dataset: bool
    shuffle_seed: int
    context_column: str
    response_column: str
    messages_column: str
    train_test_split: float


class DataCollatorFields(TypedDict, total=False):
    """How samples become batches."""

    tokenizer: str
    mlm: bool
    whole_word_mask: bool
    mlm_probability: float
    mask_replace_prob: float
    random_replace_prob: float
    pad_to_multiple_of: int
    tf_experimental_compile: bool
    return_tensors: str
    seed: int


class TrainingArgs(TypedDict):
    """Sections of training_config.yaml. Default of each field: the preset's, else that of KAITO's tuning program."""

    ModelConfig: NotRequired[ModelConfigFields]
    """How the base model is loaded, such as torch_dtype."""
    QuantizationConfig: NotRequired[QuantizationConfigFields]
    """load_in_4bit or load_in_8bit, which method qlora needs."""
    LoraConfig: NotRequired[LoraConfigFields]
    """The adapter, such as r and lora_alpha."""
    TrainingArguments: NotRequired[TrainingArgumentsFields]
    """Arguments of TRL's SFTConfig, such as num_train_epochs; output_dir is below /mnt."""
    DatasetConfig: NotRequired[DatasetConfigFields]
    """Which file and which columns of the data are read."""
    DataCollator: NotRequired[DataCollatorFields]
    """How samples become batches, such as mlm."""

"""Values of a training as the tuning program's parser takes them.

Source: KAITO 0.12 presets/workspace/tuning/text-generation/parser.py; transformers 5.14.1 hf_argparser.py and training_args.py;
trl 1.0.0 to 1.16.0; peft 0.11.1.
"""

import pytest

from kaito_iac.admission.training_value import together_found, value_found

ENDS = "the job ends with an error"


@pytest.mark.parametrize(
    ("section", "field", "value", "said"),
    [
        pytest.param("TrainingArguments", "learning_rate", "2e-4", None, id="a number in quotes"),
        pytest.param("TrainingArguments", "learning_rate", "fast", "'fast'; expected a number above 0", id="no number"),
        pytest.param("TrainingArguments", "max_steps", -1, None, id="any whole number"),
        pytest.param(
            "TrainingArguments", "max-steps", 2.5, f"2.5: {ENDS}; expected a whole number", id="hyphens, and a fraction"
        ),
        pytest.param("TrainingArguments", "save_total_limit", None, f"None: {ENDS}; expected a whole number", id="nothing"),
        pytest.param("TrainingArguments", "bf16", "yes", None, id="a word of truth"),
        pytest.param("TrainingArguments", "bf16", "maybe", f"'maybe': {ENDS}; expected true or false", id="another word"),
        pytest.param("TrainingArguments", "packing", 2, f"2: {ENDS}; expected true or false", id="a number"),
        pytest.param("TrainingArguments", "lr_scheduler_type", "cosine", None, id="a schedule"),
        pytest.param(
            "TrainingArguments", "optim", "adamw_8bitt", f"'adamw_8bitt': {ENDS}; expected one of its 42 words", id="no optimizer"
        ),
        pytest.param(
            "TrainingArguments",
            "eval_strategy",
            False,
            f"no without quotes, which YAML reads as false: {ENDS}; expected epoch, no, steps",
            id="no is false in YAML",
        ),
        pytest.param("TrainingArguments", "run_name", 7, None, id="text takes any word"),
        pytest.param(
            "TrainingArguments",
            "gradient_checkpointing_kwargs",
            {"use_reentrant": False},
            f"a mapping, which KAITO passes as --gradient_checkpointing_kwargs_use_reentrant: {ENDS}; expected JSON as text",
            id="a mapping",
        ),
        pytest.param("TrainingArguments", "warmup", {"steps": 5}, None, id="a mapping that makes another field"),
        pytest.param("LoraConfig", "target_modules", ["q_proj", "v_proj"], None, id="a list"),
        pytest.param("LoraConfig", "bias", "none", None, id="a word of LoRA"),
        pytest.param(
            "LoraConfig",
            "task_type",
            "CAUSAL_LMM",
            f"'CAUSAL_LMM': {ENDS}; expected SEQ_CLS, SEQ_2_SEQ_LM, CAUSAL_LM, TOKEN_CLS, QUESTION_ANS, FEATURE_EXTRACTION",
            id="no task",
        ),
        pytest.param("LoraConfig", "lora_dropout", "0.1", None, id="a share in quotes"),
        pytest.param("LoraConfig", "lora_dropout", 1.5, "1.5; expected a number from 0 to 1", id="more than all"),
        pytest.param(
            "ModelConfig",
            "torch_dtype",
            "bf16",
            f"'bf16': {ENDS}; expected bfloat16, float16, float32, float64, half, float, double",
            id="a short name",
        ),
        pytest.param("DatasetConfig", "shuffle_seed", "x", f"'x': {ENDS}; expected a whole number", id="no seed"),
        pytest.param(
            "DatasetConfig",
            "train_test_split",
            0,
            f"0, which leaves nothing to train with: {ENDS}; expected above 0, at most 1",
            id="nothing to train with",
        ),
    ],
)
def test_value(section, field, value, said):
    """A value is handed on as Python prints it, and read by the kind of its field."""
    found = value_found(section, field, value)
    assert (f"{found.found}; expected {found.accepted}" if found else None) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"bf16": True, "fp16": False}, [], id="one precision"),
        pytest.param({"bf16": True, "fp16": "true"}, [f"fp16: true, as bf16 is: {ENDS}"], id="two precisions"),
        pytest.param({"load_best_model_at_end": True, "eval_strategy": "epoch", "save_strategy": "epoch"}, [], id="one strategy"),
        pytest.param({"load_best_model_at_end": True, "save_strategy": "best"}, [], id="the best is saved"),
        pytest.param(
            {"load_best_model_at_end": True},
            [f"load_best_model_at_end: true with save_strategy steps and eval_strategy no: {ENDS}"],
            id="the defaults differ",
        ),
        pytest.param(
            {"lr-scheduler-type": "reduce_lr_on_plateau"},
            [f"lr_scheduler_type: reduce_lr_on_plateau without eval_strategy: {ENDS}"],
            id="a schedule by evaluation",
        ),
        pytest.param({"logging_steps": 0, "logging_strategy": "epoch"}, [], id="steps that no one counts"),
        pytest.param({"logging_steps": 0}, [f"logging_steps: 0: {ENDS}"], id="a log every 0 steps"),
        pytest.param({"warmup_ratio": -0.1}, [f"warmup_ratio: -0.1: {ENDS}"], id="a warm-up before the start"),
    ],
)
def test_together(fields, said):
    """What TrainingArguments refuses of fields that are right one by one."""
    assert [f"{wrong.path[1]}: {wrong.found}" for wrong in together_found(fields)] == said

"""The shape of a preset file: three kinds, frozen, plain values, no key that does not exist."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

SCALAR = str | int | float | bool
"""A value of the engine's command line."""

NAME: Final = r"^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$"
"""Preset names: lower case, digits, dots and dashes."""


class _Preset(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, strict=True, allow_inf_nan=False)

    name: str = Field(pattern=NAME, max_length=63, description="Name of the preset; the file is called `<name>.yaml`.")
    why: str = Field(
        min_length=20, max_length=400, description="The reason for this choice, in words a reviewer can disagree with."
    )


class InferencePreset(_Preset):
    """A model to serve, the size it is served on, and the engine's settings."""

    kind: Literal["inference"]
    model: str = Field(min_length=1, description="A name from `kaito-iac models`, or any `organisation/model` of Hugging Face.")
    vm_size: str = Field(
        min_length=1, description="VM size to use unless the program says otherwise; a name from `kaito-iac sizes`."
    )
    context: int | None = Field(
        None, ge=1, description="Context in tokens; left out: vLLM takes what fits, up to the model's limit."
    )
    vllm: dict[str, SCALAR] = Field(
        default_factory=dict, description="Arguments of vLLM without the leading dashes, such as `max-num-seqs`."
    )


class TuningPreset(_Preset):
    """An adapter to train, the size it is trained on, and the training settings."""

    kind: Literal["tuning"]
    model: str = Field(min_length=1, description="A tunable model, see `kaito-iac models --tunable`.")
    method: Literal["lora", "qlora"] = Field(description="lora, or qlora with the base model loaded in 4 bits.")
    vm_size: str = Field(min_length=1, description="VM size with at least one GPU; KAITO tunes on one node.")
    training: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="Sections of KAITO's training_config: LoraConfig, QuantizationConfig, TrainingArguments, DatasetConfig …",
    )


class RagPreset(_Preset):
    """A RAG engine: what embeds, where vectors live, how much of the model's context it may use."""

    kind: Literal["rag"]
    embedding: str = Field(min_length=1, description="Embedding model; KAITO 0.12 always uses BAAI/bge-small-en-v1.5.")
    vector_store: Literal["faiss", "qdrant"] = Field("faiss", description="faiss: inside the service; qdrant: a server by URL.")
    storage_gib: int | None = Field(
        None, ge=1, le=65536, description="Size of the volume for indexes, GiB; left out: lost at a restart."
    )
    context_window: int | None = Field(
        None, ge=1, description="Tokens of question, documents and answer; left out: the endpoint's context."
    )
    vm_size: str | None = Field(None, description="VM size for the service; left out: no separate node (500m CPU, 512 MiB).")


Preset = InferencePreset | TuningPreset | RagPreset
"""Any preset."""

ADAPTER: Final[TypeAdapter[Preset]] = TypeAdapter(Annotated[Preset, Field(discriminator="kind")])
"""Validates plain data into a preset."""


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a preset file."""
    schema = ADAPTER.json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "kaito-iac preset", **schema}

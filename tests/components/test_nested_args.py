"""Typed arguments: editors complete exactly what the resolver reads and the judge knows."""

import pytest

from kaito_iac.admission.engine_argument import is_known, is_secret
from kaito_iac.admission.scaler import METRIC_KEYS
from kaito_iac.admission.training import FIELDS
from kaito_iac.catalog.engine import engine_arguments
from kaito_iac.components import nested_args as nested
from kaito_iac.components.kaito_inference_set import KaitoInferenceSetArgs
from kaito_iac.components.kaito_multi_role_inference import KaitoMultiRoleInferenceArgs
from kaito_iac.components.kaito_workspace import KaitoWorkspaceArgs
from kaito_iac.components.package import schema
from kaito_iac.components.training_args import TrainingArgs
from kaito_iac.components.vllm_arguments import VllmArguments
from kaito_iac.resolve import (
    adapter,
    autoscale,
    data_source,
    inference_set,
    model_choice,
    model_mirror,
    multi_role,
    node_pool_reading,
    placement,
    rag_engine,
    upgrade,
    workspace,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (KaitoWorkspaceArgs, workspace.KEYS),
        (KaitoInferenceSetArgs, inference_set.KEYS),
        (KaitoMultiRoleInferenceArgs, multi_role.KEYS),
        (nested.AdapterArgs, adapter.ADAPTER_KEYS),
        (nested.AutoUpgradeArgs, upgrade.UPGRADE_KEYS),
        (nested.AutoscaleArgs, autoscale.AUTOSCALE_KEYS),
        (nested.CronArgs, autoscale.CRON_KEYS),
        (nested.DatasetArgs, data_source.SOURCE_KEYS),
        (nested.GpuArgs, node_pool_reading.GPU_KEYS),
        (nested.GuardrailsArgs, rag_engine.GUARDRAIL_KEYS),
        (nested.MaintenanceWindowArgs, upgrade.WINDOW_KEYS),
        (nested.MetricArgs, METRIC_KEYS),
        (nested.MirrorSecretArgs, model_mirror.SECRET_KEYS),
        (nested.ModelFactsArgs, model_choice.FACT_KEYS),
        (nested.PartitionArgs, placement.PARTITION_KEYS),
        (nested.RoleArgs, multi_role.ROLE_KEYS),
        (nested.StorageArgs, rag_engine.STORAGE_KEYS),
        (nested.TuningOutputArgs, data_source.TARGET_KEYS),
        (nested.VectorStoreArgs, rag_engine.STORE_KEYS),
        (TrainingArgs, FIELDS),
    ],
    ids=lambda found: getattr(found, "__name__", None) or "",
)
def test_keys_are_those_that_are_read(typed, read):
    """A typed dictionary has the keys that the resolver reads, no more and no fewer."""
    assert sorted(typed.__annotations__) == sorted(read)


@pytest.mark.parametrize("section", list(FIELDS))
def test_fields_of_a_training_are_those_of_the_judge(section):
    """A section's typed dictionary has the fields that the judge knows of its class."""
    typed = TrainingArgs.__annotations__[section].__args__[0]
    assert sorted(typed.__annotations__) == sorted(FIELDS[section])


def test_arguments_of_vllm_are_those_of_the_catalogue():
    """Every known argument can be typed unless it is a secret, and nothing can be that is not known."""
    typed = set(VllmArguments.__annotations__)
    assert {name for name in engine_arguments() if not is_secret(name)} <= typed
    assert [name for name in typed if not is_known(name)] == []


def test_nested_types_are_described_in_the_schema():
    """Types of the schema, their properties and those that are inherited have a description of their own."""
    types = {token.rpartition(":")[2]: found for token, found in schema()["types"].items()}
    ours = [name for name in dir(nested) if name.endswith("Args") and name != "AdapterArgs"]
    assert sorted(types) == sorted([*ours, "TrainingArgs"])
    said = {f"{name}.{key}": told for name, found in types.items() for key, told in found["properties"].items()}
    bare = [key for key, told in said.items() if not told.get("description")]
    assert bare == []


def test_foreign_names_are_maps_in_the_schema():
    """Names with hyphens and underscores are no properties of a schema: they stay keys of a map."""
    asked = schema()["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]["vllm"]
    assert {key: asked[key] for key in ("type", "plain")} == {"type": "object", "plain": True}
    assert asked["additionalProperties"]["$ref"] == "pulumi.json#/Any"
    adapters = schema()["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]["adapters"]
    assert adapters["items"]["$ref"] == "pulumi.json#/Any"

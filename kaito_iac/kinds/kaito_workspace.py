"""Arguments of a served model."""

from collections.abc import Mapping
from typing import Annotated, Literal, NotRequired

import pulumi

from kaito_iac.catalog.label import ENABLE_LB
from kaito_iac.kinds.field import At, annotation
from kaito_iac.kinds.nested import AdoptArgs
from kaito_iac.kinds.served_model import ServedModelArgs


class KaitoWorkspaceArgs(ServedModelArgs):
    """Arguments of a KaitoWorkspace: preset or template, and node_pool or instance_type.

    Keys: preset, template, model_facts, namespace, operator, node_pool, instance_type, cloud, provisioner, node_selector,
    partition, location, context, runtime, vllm, vllm_extra, config, adapters, access_secret, local_weights,
    performance_mode, node_class, benchmark, timeout_minutes, name, count, max_nodes, expose, replacement, labels,
    annotations, wait, adopt.
    """

    name: NotRequired[Annotated[str, At("metadata.name")]]
    """Name of the Workspace and its Service, at most 54 characters; 47 under blueGreen. Default: the component's name."""
    count: NotRequired[Annotated[int, At("resource.count", default=1)]]
    """Number of nodes for a template or the transformers runtime; for a preset with vLLM KAITO computes it. Default: 1."""
    max_nodes: NotRequired[int]
    """Refuse to plan for more nodes than this; KAITO has no limit. Default: 8."""
    expose: NotRequired[Annotated[Literal["cluster", "loadBalancer"], annotation(ENABLE_LB, {"loadBalancer": "True"}, "cluster")]]
    """cluster, or loadBalancer: a public address without authentication, for trials. Default: cluster."""
    replacement: NotRequired[Literal["recreate", "blueGreen"]]
    """recreate, or blueGreen: the new Workspace is created first, with another suffix in its name. Default: recreate."""
    labels: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.labels")]]
    """Labels of the Workspace."""
    annotations: NotRequired[Annotated[Mapping[str, pulumi.Input[str]], At("metadata.annotations")]]
    """Further annotations of the Workspace."""
    wait: NotRequired[bool]
    """Wait until the model answers. Default: true."""
    adopt: NotRequired[AdoptArgs]
    """Manage an existing Workspace: object, force, delete; remove the argument after the update. Default: create one."""

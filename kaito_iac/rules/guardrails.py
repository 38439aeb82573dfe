"""The pack guardrails: specification, exposure and operation of KAITO's stacks."""

from __future__ import annotations

from typing import Final

from kaito_iac.rules import (
    admission_rules,
    allowed_models,
    context_limit,
    device_plugin,
    endpoint_context,
    image_registry,
    missing_gate,
    namespace_gpus,
    no_auth,
    node_parts,
    operator_replicas,
    owner_tag,
    plain_secret,
    pool_autoscaling,
    pool_capacity,
    pool_replacement,
    pool_taints,
    production_spot,
    public_load_balancer,
    ray_ports,
    ready_timeout,
    secret_reach,
    source_ranges,
    taint_mismatch,
    unknown_values,
    unprotected,
    waivers,
)
from kaito_iac.rules.rule import AnyRule

NAME: Final = "guardrails"
RULES: Final[tuple[AnyRule, ...]] = (
    *admission_rules.RULES,
    context_limit.RULE,
    endpoint_context.RULE,
    public_load_balancer.RULE,
    source_ranges.RULE,
    no_auth.RULE,
    ray_ports.RULE,
    plain_secret.RULE,
    secret_reach.RULE,
    missing_gate.RULE,
    operator_replicas.RULE,
    *pool_capacity.RULES,
    node_parts.RULE,
    *namespace_gpus.RULES,
    pool_autoscaling.RULE,
    pool_replacement.RULE,
    unprotected.RULE,
    production_spot.RULE,
    pool_taints.RULE,
    taint_mismatch.RULE,
    device_plugin.RULE,
    owner_tag.RULE,
    image_registry.RULE,
    ready_timeout.RULE,
    allowed_models.RULE,
    unknown_values.RULE,
    waivers.RULE,
)

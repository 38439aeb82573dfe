"""The command that reads saved states, and its options: parsing only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from kaito_iac.cli.command import Argument
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import (
    FeatureGates,
    Ignore,
    Json,
    Ledger,
    PolicyConfig,
    PolicyPacks,
    Provisioner,
    Quota,
    Region,
    Strict,
    Subscription,
    together,
)
from kaito_iac.cli.printing import emit
from kaito_iac.cli.strictness import Strictness


def state(
    file: Annotated[Path, Argument(metavar="FILE", help="Output of `pulumi stack export`; - reads stdin.")],
    policy_pack: PolicyPacks = None,
    policy_config: PolicyConfig = None,
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Region = None,
    provisioner: Provisioner = None,
    feature_gate: FeatureGates = None,
    strict: Strict = False,
    ignore: Ignore = None,
    as_json: Json = False,
) -> ExitCode:
    """Show what a saved state holds: GPUs, cost, problems. No cloud is contacted; exit code 1 when there are errors."""
    from kaito_iac.admission.stated_installation import stated
    from kaito_iac.cli.state_judging import judge
    from kaito_iac.planning.request import Limits

    policy_config = together(policy_pack, policy_config, ledger, quota)
    limits = Limits(quota=quota, ledger=tuple(ledger or ()), subscription=subscription, region=region)
    packs, strictness = tuple(policy_pack or ()), Strictness(frozenset(ignore or ()), strict)
    with stated(provisioner, feature_gate or ()):
        return emit(judge(file, limits, packs=packs, policy_config=policy_config, strictness=strictness), as_json=as_json)

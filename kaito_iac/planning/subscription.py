"""Which subscription of a quota file pays for a program: the one that is named, else the one its stack is configured for."""

from __future__ import annotations

import re
from typing import Final

from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.request import Limits, Program
from kaito_iac.stack.resource import Secret

KEYS: Final = ("azure-native:subscriptionId", "azure:subscriptionId")
"""Configuration of a stack that names its subscription, the first that is there."""
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def paying(program: Program, limits: Limits) -> str:
    """Return the subscription as the quota file is to be asked for it; empty: the only one in the file.

    One that the file knows under a name of its own, and not by id, is taken for the stack's where it is the only one.
    """
    if limits.subscription or limits.quota is None:
        return limits.subscription
    from kaito_iac.quota.file import account_of, read_quota

    own = configured(program)
    file = read_quota(limits.quota)[0] if own else None
    if file is None or not account_of(file, own)[1]:
        return own if file else ""
    only = next(iter(file.subscriptions)) if len(file.subscriptions) == 1 else ""
    return "" if not file.subscriptions or (only and not _ID.fullmatch(only)) else own


def configured(program: Program) -> str:
    """Return the id of the subscription that a stack is configured for; empty where it is not configured, or a secret."""
    if program.function is not None:
        given = [program.config.get(key) for key in KEYS if not isinstance(program.config.get(key), Secret)]
        return next((str(value) for value in given if value), "")
    from kaito_iac.offline import config as stack_config
    from kaito_iac.offline import project

    try:
        found = stack_config.load(project.load(program.folder), program.stack or "dev", program.config)
    except Refusal:  # the run of the program says what is wrong
        return ""
    hidden = {*found.secret_keys, *found.encrypted.values()}
    return next((found.values[key] for key in KEYS if found.values.get(key) and key not in hidden), "")

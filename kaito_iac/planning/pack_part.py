"""The part of a policy configuration for each pack: the engine takes one file a pack, with rules of that pack alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kaito_iac.offline.recording import Refusal
from kaito_iac.rules.policy_config import ALL, entries, placed, read_file
from kaito_iac.rules.shipped import pack_folder, pack_of_rules, shipped_name, shipped_rules

_OF_EVERY_PACK: Final = (ALL, "environments")


def pack_configs(packs: Sequence[Path], config: Path | None, folder: Path, base: Path | None = None) -> list[Path]:
    """Write the configuration of every pack into a folder, where there is one; raises Refusal for one that is wrong.

    Relative paths of the configuration are looked for in `base`, the program's folder, then beside the configuration.
    """
    if config is None:
        return []
    given, problems = read_file(config)
    given, _ = placed(given, [base or Path.cwd(), config.parent])
    problems = problems or tuple(entries(given)[1])
    if problems:
        raise Refusal("Policy configuration", problems)
    paths = []
    for index, part in enumerate(parts(packs, given)):
        path = folder / f"policy-{index}.json"
        path.write_text(json.dumps(part), encoding="utf-8")
        paths.append(path)
    return paths


def parts(packs: Sequence[Path], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the settings of each pack; a name that is no rule of any goes to one that refuses it, or to a pack of others."""
    names = [shipped_name(pack_folder(pack)) for pack in packs]
    own = [{rule.name for rule in shipped_rules(name)} if name else set() for name in names]
    known = set().union(*own)
    rest = {name for name in given if name not in known and name not in _OF_EVERY_PACK}
    foreign = [index for index, name in enumerate(names) if not name]
    shipped = pack_of_rules()
    for index in foreign:
        own[index] |= {name for name in rest if name not in shipped}
    if own:
        own[0] |= {name for name in rest if not foreign or name in shipped}
    return [{name: value for name, value in given.items() if name in _OF_EVERY_PACK or name in rules} for rules in own]

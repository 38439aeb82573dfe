"""Records what `pulumi up` of every stack and example would keep in the state, as the present version registers it.

`python tools/record_states.py VERSION` writes tests/upgrades/VERSION/*.json; tests/upgrades compares later versions with it.
The files are never written again for a version that was released: they are what users' stacks hold.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
UPGRADES: Final = ROOT / "tests" / "upgrades"
SECRET: Final = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "not recorded"}
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
A100S: Final = '{"a100": {"instanceType": "Standard_NC24ads_A100_v4", "count": 2}}'


def programs() -> Iterator[tuple[str, Path, Mapping[str, str], Path | None]]:
    """Return name, folder, configuration and outputs of other stacks of every program."""
    stacks = ROOT / "stacks"
    yield "stack-quickstart", ROOT, {}, None
    yield "stack-quickstart-existing", ROOT, {"nodes": "existing", "nodeLabel": "apps=lab-gpu"}, None
    yield "stack-platform-byo", stacks / "platform", {"provisioner": "byo", "pools": A100S}, None
    for name in ("chat-and-docs", "npc", "platform", "multi-team"):
        yield f"stack-{name}", stacks / name, {}, None
    yield "stack-workloads", stacks / "workloads", {}, stacks / "workloads" / "references.json"
    for path in sorted((ROOT / "docs" / "examples").glob("*/__main__.py")):
        yield f"example-{path.parent.name}", path.parent, {}, None


def state(name: str, program: Path, config: Mapping[str, str], references: Path | None) -> str:
    """Return the state of one program as `pulumi stack export` writes it, a resource a line."""
    from kaito_iac.testing import run

    outputs = json.loads(references.read_text()) if references else None
    recording = run(program, stack="dev", config=dict(config), references=outputs, preview=False)
    if recording.error is not None:
        raise SystemExit(f"{name}: {recording.error.message}")
    lines = ",\n".join(json.dumps(_saved(resource), sort_keys=True) for resource in recording.resources)
    manifest = json.dumps({"time": "2026-11-28T00:00:00Z", "magic": "", "version": ""})
    return f'{{"version": 3, "deployment": {{"manifest": {manifest}, "resources": [\n{lines}\n]}}}}\n'


def _saved(resource: Any) -> dict[str, Any]:
    options = resource.options
    found = {
        "urn": resource.urn,
        "type": resource.type,
        "custom": resource.custom,
        "parent": resource.parent,
        "provider": resource.provider,
        "inputs": _plain(resource.inputs),
        "outputs": _plain(resource.outputs) if not resource.custom else None,
        "protect": options.protect or None,
        "replaceOnChanges": sorted(options.replace_on_changes),
        "ignoreChanges": sorted(options.ignore_changes),
        "aliases": sorted(options.aliases),
        "external": resource.read or None,
        "id": f"id-of-{resource.name}" if resource.custom else None,
    }
    return {key: value for key, value in found.items() if value not in (None, [], {}, "")}


def _plain(value: Any) -> Any:
    kind = type(value).__name__
    if kind == "Secret":
        return SECRET
    if kind == "Unknown":
        return UNKNOWN
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def main(arguments: list[str]) -> int:
    """Write the states of the version that is named."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = UPGRADES / arguments[0]
    folder.mkdir(parents=True, exist_ok=True)
    for name, program, config, references in programs():
        (folder / f"{name}.json").write_text(state(name, program, config, references))
    print(f"{folder.relative_to(ROOT)}: {len(list(folder.iterdir()))} states")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

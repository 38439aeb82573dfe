"""For tests of programs: what they register, and assertions about their plans, without CLI, cloud, cluster or stubs.

```python
from kaito_iac.testing import record, tree

def test_a_pool_has_one_child():
    recording = record(lambda: GpuNodePool("a100", instance_type="Standard_NC24ads_A100_v4"))
    assert tree(recording) == "kaito-iac:index:GpuNodePool a100\\n  azure-native:containerservice:AgentPool a100-nodes"
```
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kaito_iac.offline.deployment import Answer
from kaito_iac.offline.recording import NotRecorded, Recording, Unseen
from kaito_iac.offline.values import unknown_in
from kaito_iac.stack.resource import Resource, Secret, conceal, reveal
from kaito_iac.testing.asserts import (
    assert_cost_at_most,
    assert_fits_quota,
    assert_gpus_at_most,
    assert_no_errors,
    assert_nothing_public,
)

__all__ = [
    "NotRecorded",
    "ProgramFailed",
    "Recording",
    "Resource",
    "Secret",
    "Unseen",
    "assert_cost_at_most",
    "assert_fits_quota",
    "assert_gpus_at_most",
    "assert_no_errors",
    "assert_nothing_public",
    "conceal",
    "known",
    "leaks",
    "record",
    "reveal",
    "run",
    "tree",
]


class ProgramFailed(Exception):
    """Report why a recorded program ended early, when no exception of it does."""


def record(
    function: Callable[[], Any],
    *,
    preview: bool = True,
    config: Mapping[str, Any] | None = None,
    project: str = "project",
    stack: str = "dev",
    references: Mapping[str, Mapping[str, Any]] | None = None,
    invokes: Mapping[str, Answer] | None = None,
    allow_error: bool = False,
) -> Recording:
    """Run a function as a stack program and record it.

    Raises what the function raised, unless `allow_error` is set: then it is in `recording.error`.
    In a preview ids and computed outputs are unknown; with `preview=False` ids are `<name>-id`.
    """
    from kaito_iac.offline.run import run_function

    recording = run_function(
        function,
        project=project,
        stack=stack,
        dry_run=preview,
        config=config,
        references=references,
        invokes=invokes,
    )
    return recording if allow_error else _succeeded(recording)


def run(
    program: Path,
    *,
    stack: str = "dev",
    preview: bool = True,
    config: Mapping[str, str] | None = None,
    references: Mapping[str, Mapping[str, Any]] | None = None,
    invokes: Mapping[str, Answer] | None = None,
    allow_error: bool = False,
) -> Recording:
    """Run the stack program in a folder and record it; raises what it raised, unless `allow_error` is set."""
    from kaito_iac.offline.run import run_program

    recording = run_program(program, stack=stack, dry_run=preview, config=config, references=references, invokes=invokes)
    return recording if allow_error else _succeeded(recording)


def tree(recording: Recording) -> str:
    """Return the resources as indented lines `type name`, parents first, siblings sorted; the stack itself is left out."""
    children: dict[str | None, list[Resource]] = {}
    for resource in recording.resources:
        children.setdefault(resource.parent, []).append(resource)
    lines: list[str] = []

    def walk(parent: str | None, depth: int) -> None:
        for resource in sorted(children.get(parent, ()), key=lambda found: (found.type, found.name)):
            lines.append(f"{'  ' * depth}{resource.type} {resource.name}")
            walk(resource.urn, depth + 1)

    for root in children.get(None, ()):
        walk(root.urn, 0)
    return "\n".join(lines)


def known(value: Any) -> bool:
    """Report whether a recorded value holds no `Unknown` at any depth."""
    return unknown_in(value) is None


def leaks(shown: str, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets that a text holds: as they are, escaped, in base64 wherever they begin, or in hexadecimals.

    Of a secret with several lines give the telling one. Raises ValueError for one of fewer than 8 characters.
    """
    return sorted(name for name, secret in secrets.items() if any(form in shown for form in _forms(secret)))


def _forms(secret: str) -> Iterator[str]:
    """Return how a secret may stand in a text; of base64 only the characters that nothing beside the secret decides."""
    if len(secret) < 8:
        raise ValueError(f"{len(secret)} characters are too few to be found; expected at least 8")
    raw = secret.encode()
    yield from (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret, safe=""), raw.hex())
    for before in range(3):
        coded = b64encode(b"\0" * before + raw).decode().rstrip("=")
        own = coded[-(-before * 4 // 3) : (before + len(raw)) * 4 // 3]
        yield from (own, own.translate({ord("+"): "-", ord("/"): "_"}))


def _succeeded(recording: Recording) -> Recording:
    error = recording.error
    if error is None:
        return recording
    if isinstance(error.cause, Exception):
        raise error.cause
    raise ProgramFailed(error.message)

"""Runs `pulumi preview` once so that it gives both halves: events with policies, and the document with program lines."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kaito_iac.offline.secret_config import secret_values
from kaito_iac.planning.pack_part import pack_configs
from kaito_iac.rules.shipped import pack_folder
from kaito_iac.secrecy import KNOWN

EVENTS, DOCUMENT = "events.jsonl", "preview.json"
_GRACE: Final = 30.0
"""Seconds that the engine gets to end by itself when the run is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One preview of a program."""

    program: Path
    """Folder of Pulumi.yaml."""
    stack: str | None = None
    """Default: the stack that is selected."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Configuration for this run alone."""
    packs: tuple[Path, ...] = ()
    """Policy packs that the engine runs; shipped ones by name."""
    policy_config: Path | None = None
    """Configuration of all packs."""
    refresh: bool = False
    minutes: float | None = None
    """How long it may take. Default: without a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What one run of the engine left."""

    events: Path
    document: Path
    code: int
    """The engine's exit code."""
    talk: str
    """What it wrote for people."""

    @property
    def last_words(self) -> str:
        """Return the last line of what it wrote, and how it ended."""
        message = self.talk.strip().splitlines()[-1] if self.talk.strip() else "it wrote no event"
        return f"pulumi ended with {self.code}: {message[:300]}"


def command(wanted: Wanted, events: Path, configs: Sequence[Path] = ()) -> list[str]:
    """Return the call of the engine; `configs` holds the configuration of each pack, where there is one."""
    words = ["pulumi", "preview", "--json", "--event-log", str(events), "--color", "never", "--non-interactive"]
    words += ["--cwd", str(wanted.program.resolve())]
    words += ["--stack", wanted.stack] if wanted.stack else []
    words += ["--refresh"] if wanted.refresh else []
    for key, value in wanted.config.items():
        words += ["--config", f"{key}={value}"]
    for pack in wanted.packs:
        words += ["--policy-pack", str(pack_folder(pack).resolve())]
    for config in configs:
        words += ["--policy-pack-config", str(config)]
    return words


@contextmanager
def previewed(wanted: Wanted) -> Iterator[Previewed]:
    """Preview a program; what the engine wrote is there until the block ends.

    Raises FileNotFoundError without the Pulumi CLI, and TimeoutError when the time is over.
    """
    if shutil.which("pulumi") is None:
        raise FileNotFoundError(2, "pulumi is not on PATH")
    KNOWN.add(secret_values(wanted.program, wanted.stack or "dev", wanted.config))
    with TemporaryDirectory(prefix="kaito-iac-preview-") as folder:
        events, document, talk = (Path(folder) / name for name in (EVENTS, DOCUMENT, "talk.txt"))
        environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "1"}
        with document.open("wb") as out, talk.open("wb") as errors:
            configs = pack_configs(wanted.packs, wanted.policy_config, Path(folder), wanted.program)
            running = subprocess.Popen(command(wanted, events, configs), env=environment, stdout=out, stderr=errors)
            code = _ended(running, wanted.minutes)
        events.touch()
        yield Previewed(events=events, document=document, code=code, talk=talk.read_text(errors="replace"))


def _ended(running: subprocess.Popen[bytes], minutes: float | None) -> int:
    """Wait for the engine; one that is stopped, or takes too long, may still end its plugins and give back its lock."""
    try:
        return running.wait(None if minutes is None else minutes * 60)
    except subprocess.TimeoutExpired:
        _stop(running)
        raise TimeoutError(f"it took longer than {minutes:g} minutes") from None
    except BaseException:
        _stop(running)
        raise


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        running.wait(_GRACE)
        return
    running.kill()
    running.wait()

"""Defaults of a folder: `kaito-iac.toml`, or `[tool.kaito-iac]` in pyproject.toml, read by one function for every command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kaito_iac.problem import Problem

CODE: Final = "KS110"
OWN: Final = "kaito-iac.toml"
SHARED: Final = "pyproject.toml"
TABLE: Final = "tool.kaito-iac"
MOST_BYTES: Final = 2**20
"""A larger file is not read."""


class Refusal(Exception):
    """Report what is wrong with the file, all of it."""

    def __init__(self, file: Path, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__(str(file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a file says, by its keys; paths are absolute."""

    file: Path | None = None
    values: Mapping[str, Any]

    def of(self, key: str) -> Any:
        """Return the value of a key as the command line has it; None where the file does not say it."""
        found = self.values.get(key)
        if key == "gates" and found is not None:
            return [f"{name}={'true' if on else 'false'}" for name, on in found.items()]
        return found


NONE: Final = Defaults(values={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the file."""

    name: str
    text: str
    """What it sets, for the reference page."""
    accepted: Callable[[], str]
    """What is accepted, in words."""
    read: Callable[[Any, Path], Any]
    """Return the value, of what the file has and the folder of the file; raises ValueError where it is not accepted."""


def _text(value: Any, folder: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def _flag(value: Any, folder: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _path(value: Any, folder: Path) -> Path:
    return folder / Path(_text(value, folder)).expanduser()


def _pack(value: Any, folder: Path) -> Path:
    from kaito_iac.rules.shipped import NAMES

    return Path(value) if value in NAMES else _path(value, folder)


def _configuration(value: Any, folder: Path) -> Path:
    from kaito_iac.rules.shipped import STARTERS

    return Path(value) if value in STARTERS and not (folder / value).exists() else _path(value, folder)


def _list(one: Callable[[Any, Path], Any]) -> Callable[[Any, Path], list[Any]]:
    def read(value: Any, folder: Path) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError
        return [one(item, folder) for item in value]

    return read


def _one_of(known: Callable[[], Sequence[str]]) -> Callable[[Any, Path], str]:
    def read(value: Any, folder: Path) -> str:
        found = [name for name in known() if isinstance(value, str) and name.lower() == value.strip().lower()]
        if not found:
            raise ValueError
        return found[0]

    return read


def _gates(value: Any, folder: Path) -> dict[str, bool]:
    known = gate_names()
    if not isinstance(value, dict) or not all(name in known and isinstance(on, bool) for name, on in value.items()):
        raise ValueError
    return dict(value)


def cloud_names() -> Sequence[str]:
    """Return the clouds of the catalogue."""
    from kaito_iac.catalog.cloud import CLOUDS

    return CLOUDS


def provisioner_names() -> Sequence[str]:
    """Return KAITO's provisioners."""
    from kaito_iac.admission.verdict import PROVISIONERS

    return PROVISIONERS


def gate_names() -> Sequence[str]:
    """Return KAITO's feature gates."""
    from kaito_iac.admission.verdict import GATES

    return tuple(GATES)


def release_names() -> Sequence[str]:
    """Return the releases of KAITO that can be judged by."""
    from kaito_iac.catalog.judged_release import judged_releases

    return judged_releases()


def code_names() -> Sequence[str]:
    """Return all problem codes."""
    from kaito_iac.code import CODES

    return tuple(CODES)


def _names(known: Callable[[], Sequence[str]], before: str = "") -> Callable[[], str]:
    return lambda: f"{before}{', '.join(known())}"


KEYS: Final = (
    Key(name="cloud", text="Cloud of sizes and manifests.", accepted=_names(cloud_names), read=_one_of(cloud_names)),
    Key(name="region", text="Region for prices and quota.", accepted=lambda: "a region, such as eastus", read=_text),
    Key(
        name="provisioner",
        text="nodeProvisioner of KAITO's chart, for `check`, `plan`, `render` and `state`.",
        accepted=_names(provisioner_names),
        read=_one_of(provisioner_names),
    ),
    Key(
        name="gates",
        text="Feature gates of a KAITO installation outside the program, for `check`, `plan`, `render` and `state`.",
        accepted=_names(gate_names, "true or false for "),
        read=_gates,
    ),
    Key(
        name="kaito-version",
        text="KAITO release whose rules apply.",
        accepted=_names(release_names),
        read=_one_of(release_names),
    ),
    Key(
        name="packs",
        text="Policy packs that are applied to plans and states.",
        accepted=lambda: "a list of gpu-quota, guardrails and folders of packs",
        read=_list(_pack),
    ),
    Key(
        name="policy-config",
        text="Configuration of the packs.",
        accepted=lambda: "a file, or production, sandbox or team of the shipped packs",
        read=_configuration,
    ),
    Key(name="quota", text="Quota file.", accepted=lambda: "a file", read=_path),
    Key(name="prices", text="Price file.", accepted=lambda: "a file", read=_path),
    Key(name="ledger", text="Plans of other stacks.", accepted=lambda: "a list of files and folders", read=_list(_path)),
    Key(name="subscription", text="Subscription to check quota against.", accepted=lambda: "an id or a name", read=_text),
    Key(
        name="ignore",
        text="Problem codes that are left out.",
        accepted=lambda: "a list of problem codes, such as KS238",
        read=_list(_one_of(code_names)),
    ),
    Key(name="strict", text="Count warnings as errors.", accepted=lambda: "true or false", read=_flag),
)
"""Every key of the file."""


def read_defaults(start: Path) -> Defaults:
    """Read the nearest file from a folder upwards, up to the root of its repository; raises Refusal with all that is wrong."""
    folder = start.expanduser().absolute()
    for one in (folder, *folder.parents):
        for name in (OWN, SHARED):
            table = _table(one / name)
            if table is not None:
                return _checked(one / name, table)
        if (one / ".git").exists():
            break
    return NONE


def _table(file: Path) -> Mapping[str, Any] | None:
    """Return the table of a file; None where there is no file, or no table of ours in it."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refusal(file, (Problem(CODE, file.name, f"cannot be read: {error.strerror}", "a file"),)) from error
    if file.name == SHARED and b"kaito-iac" not in data:
        return None
    if len(data) > MOST_BYTES:
        raise Refusal(file, (Problem(CODE, file.name, "more than 1 MiB", "a small file"),))
    import tomllib  # loaded only where there is a file

    try:
        found: Any = tomllib.loads(data.decode())
    except ValueError as error:
        raise Refusal(file, (Problem(CODE, file.name, f"no TOML: {error}", "TOML"),)) from error
    if file.name == OWN:
        return dict(found)
    tool = found.get("tool")
    own = tool.get("kaito-iac") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else None


def _checked(file: Path, table: Mapping[str, Any]) -> Defaults:
    keys = {key.name: key for key in KEYS}
    prefix = "" if file.name == OWN else f"{TABLE}."
    values, problems = {}, []
    for name, value in table.items():
        key = keys.get(name)
        if key is None:
            from kaito_iac.catalog.find import did_you_mean, nearest

            near = did_you_mean(nearest(name, tuple(keys))[:1])
            problems.append(Problem(CODE, f"{prefix}{name}", "an unknown key", f"one of {', '.join(keys)}", near))
            continue
        try:
            values[name] = key.read(value, file.parent)
        except ValueError:
            problems.append(Problem(CODE, f"{prefix}{name}", _shown(value), key.accepted()))
    if "policy-config" in values and "packs" not in values:
        problems.append(Problem(CODE, f"{prefix}policy-config", "without packs", "packs, which it configures"))
    if "ledger" in values and "quota" not in values:
        problems.append(Problem(CODE, f"{prefix}ledger", "without quota", "quota, the limits that plans are added up for"))
    if problems:
        raise Refusal(file, tuple(problems))
    return Defaults(file=file, values=values)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"

"""Configuration is read as the Pulumi CLI reads it, and handed on as it hands it on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kaito_iac.kubernetes.builder import Unreadable
from kaito_iac.kubernetes.document import read_one
from kaito_iac.offline.go_yaml import PULUMI, iso, text

NESTED = "{b: yes, a: 2024-01-01, 1: x, 1.50: y, no: z, c: <a&b>, d: é, e: 1e3, f: 1e21, g: 0.0000001, h: ~, 'true': 1, i: 1.0}"
SCALARS = {
    "1:30": "1:30",
    "yes": "yes",
    "off": "off",
    "y": "y",
    "true": "true",
    "2024-01-01": "2024-01-01 00:00:00 +0000 UTC",
    "2024-13-45": "2024-13-45",
    "2024-1-2 3:4:5.60": "2024-01-02 03:04:05.6 +0000 UTC",
    "2024-01-01T10:20:30Z": "2024-01-01 10:20:30 +0000 UTC",
    "2024-01-01T10:20:30+02:00": "2024-01-01 10:20:30 +0200 +0200",
    "1e3": "1000",
    "1e-7": "1e-7",
    "123456789.125": "123456789.125",
    "0.00001": "0.00001",
    "-2.5e-10": "-2.5e-10",
    "1.10": "1.1",
    "1.0": "1",
    "-0.0": "0",
    ".5": "0.5",
    "0o17": "15",
    "010": "8",
    "08": "8",
    "0x1F": "31",
    "-0b11": "-3",
    "1_000": "1000",
    "18446744073709551615": "18446744073709551615",
    "18446744073709551616": "18446744073709552000",
    "'off'": "off",
    "!!str 5": "5",
    "!!float 5": "5",
    "!!binary aGk=": "hi",
    "!custom x": "x",
    "[off, 1.50, 2024-01-01]": '["off",1.5,"2024-01-01 00:00:00 +0000 UTC"]',
    "{true: 1, ~: 2, 2024-01-01: 3}": '{"2024-01-01 00:00:00 +0000 UTC":3,"\\u003cnil\\u003e":2,"true":1}',
    NESTED: (
        '{"1":"x","1.5":"y","a":"2024-01-01 00:00:00 +0000 UTC","b":"yes","c":"\\u003ca\\u0026b\\u003e","d":"é",'
        '"e":1000,"f":1e+21,"g":1e-7,"h":null,"i":1,"no":"z","true":1}'
    ),
}
"""What stands in Pulumi.<stack>.yaml to what `pulumi config` of 3.260 makes of it."""
DEFAULTS = {
    "off": "off",
    "1:30": "1:30",
    "1e3": "1000",
    "0o17": "15",
    "010": "8",
    "1.50": "1.5",
    "true": "true",
    "{a: 2024-01-01, b: yes}": '{"a":"2024-01-01T00:00:00Z","b":"yes"}',
    "[off, 1e3, 1.0]": '["off",1000,1]',
}
"""What stands as a default in Pulumi.yaml to what `pulumi config` makes of it."""


@pytest.mark.parametrize(("written", "told"), SCALARS.items())
def test_stack_files(written: str, told: str) -> None:
    """Values of a stack are the texts that the CLI hands to the program."""
    assert text(read_one(f"a: {written}", PULUMI).data["a"]) == told


@pytest.mark.parametrize(("written", "told"), DEFAULTS.items())
def test_defaults(written: str, told: str) -> None:
    """Defaults of a project are the texts that the CLI hands to the program."""
    assert text(iso(read_one(f"a: {written}", PULUMI).data["a"])) == told


def test_nothing_is_an_empty_text() -> None:
    """A key without a value is an empty text, as the CLI has it, and warns of it."""
    assert [text(read_one(f"a: {written}", PULUMI).data["a"]) for written in ("", "~", "null")] == ["", "", ""]


@pytest.mark.parametrize("written", [".inf", "-.INF", ".nan", "!!int x", "!!bool yes", "!!timestamp x"])
def test_what_the_cli_refuses(written: str) -> None:
    """What the CLI cannot hand on is refused."""
    with pytest.raises(Unreadable):
        read_one(f"a: {written}", PULUMI)


def _pulumi_config(folder: Path, project: str, stack: str) -> str:
    """Return the configuration of a stack as the real CLI shows it."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        pytest.skip("needs the pulumi CLI on PATH")
    home = folder / "home"
    own = {"PULUMI_HOME": str(home), "PULUMI_BACKEND_URL": f"file://{home}", "PULUMI_CONFIG_PASSPHRASE": "x"}
    environment = {**os.environ, **own, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    home.mkdir()

    def run(*arguments: str) -> str:
        done = subprocess.run([pulumi, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (folder / "Pulumi.yaml").write_text(project)
    run("stack", "init", "dev")
    file = folder / "Pulumi.dev.yaml"
    file.write_text(stack + file.read_text())
    return run("config", "--json", "--stack", "dev")


@pytest.mark.engine
def test_the_real_cli_agrees(tmp_path: Path) -> None:
    """Pulumi config of the real CLI shows the same texts, for the stack's file and for the project's defaults."""
    stack = "".join(f"  demo:a{index}: {written}\n" for index, written in enumerate(SCALARS))
    project = "".join(f"  b{index}: {{default: {written}}}\n" for index, written in enumerate(DEFAULTS))
    told = _pulumi_config(tmp_path, f"name: demo\nruntime: python\nconfig:\n{project}", f"config:\n{stack}")
    expected = {f"demo:a{index}": found for index, found in enumerate(SCALARS.values())}
    expected |= {f"demo:b{index}": found for index, found in enumerate(DEFAULTS.values())}
    assert {key: value["value"] for key, value in json.loads(told).items()} == expected

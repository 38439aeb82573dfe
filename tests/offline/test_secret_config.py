"""What is secret in the configuration of a stack is known before its program runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaito_iac.offline.secret_config import secret_values

PROJECT = "name: shop\nruntime: python\n"
DECLARED = "config:\n  token:\n    type: string\n    default: s3cret-value\n    secret: true\n"
PLAIN = "config:\n  token:\n    type: string\n    default: plain-value\n"


def files(folder: Path, project: str, stack: str = "", *, within: str = "") -> Path:
    (folder / "Pulumi.yaml").write_text(PROJECT + project)
    (folder / "__main__.py").write_text("")
    if stack:
        (folder / within).mkdir(exist_ok=True)
        (folder / within / "Pulumi.dev.yaml").write_text(stack)
    return folder


@pytest.mark.parametrize(
    ("project", "stack", "within", "known"),
    [
        pytest.param(PLAIN, "config:\n  shop:token: text\n", "", (), id="nothing"),
        pytest.param("", "", "", (), id="no configuration"),
        pytest.param(DECLARED, "", "", ("s3cret-value",), id="declared"),
        pytest.param(DECLARED, "config:\n  shop:token: s3cret-too\n", "", ("s3cret-too",), id="declared, set in the stack"),
        pytest.param(DECLARED.replace("secret:", '"s\\x65cret":'), "", "", ("s3cret-value",), id="escaped"),
        pytest.param("config: {token: {default: s3cret-value, secret: true}}\n", "", "", ("s3cret-value",), id="in one line"),
        pytest.param(
            "stackConfigDir: stacks\n" + DECLARED,
            "config:\n  shop:token: s3cret-too\n",
            "stacks",
            ("s3cret-too",),
            id="stacks in a folder",
        ),
    ],
)
def test_secret_values(tmp_path: Path, project: str, stack: str, within: str, known: tuple[str, ...]) -> None:
    """A value is known as secret however its files are written and wherever they are."""
    assert secret_values(files(tmp_path, project, stack, within=within), "dev", {}) == known


@pytest.mark.parametrize(
    ("project", "within"),
    [
        pytest.param("", "", id="beside the project"),
        pytest.param("config: stacks\n", "stacks", id="folder named by config"),
        pytest.param("config:\n  stacks\n", "stacks", id="folder named by config on its own line"),
        pytest.param("stackConfigDir: stacks\n", "stacks", id="folder named by stackConfigDir"),
    ],
)
def test_overrides_of_encrypted_values(tmp_path: Path, project: str, within: str) -> None:
    """A value that is set for a key which the stack's file keeps encrypted is secret; the stand-in of the file is not."""
    folder = files(tmp_path, project, "config:\n  shop:token:\n    secure: AAABAE\n  shop:size: small\n", within=within)
    assert secret_values(folder, "dev", {"token": "s3cret-given", "size": "large"}) == ("s3cret-given",)
    assert secret_values(folder, "dev", {}) == ()


@pytest.mark.parametrize(
    ("project", "within"),
    [
        pytest.param("", "", id="beside the project"),
        pytest.param("config: stacks\n", "stacks", id="folder named by config"),
        pytest.param("stackConfigDir: stacks\n", "stacks", id="folder named by stackConfigDir"),
    ],
)
def test_what_stands_beside_an_encrypted_value(tmp_path: Path, project: str, within: str) -> None:
    """A value with an encrypted part is secret as a whole, wherever the stack's file is."""
    stack = "config:\n  shop:login:\n    user: some-user-name\n    password:\n      secure: AAABAE\n"
    assert "some-user-name" in secret_values(files(tmp_path, project, stack, within=within), "dev", {})


def test_a_project_that_cannot_be_read(tmp_path: Path) -> None:
    """Where the project cannot be read all that is set on the command line counts as secret."""
    assert secret_values(files(tmp_path, "main: [\n"), "dev", {"a": "one-value"}) == ("one-value",)
    assert secret_values(tmp_path / "none", "dev", {"a": "one-value"}) == ("one-value",)
    assert secret_values(tmp_path / "none", "dev", {}) == ()

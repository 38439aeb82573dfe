"""Which problems count: --strict, --ignore, and what -q and -v print."""

from __future__ import annotations

import pytest

GATED = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: chat}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {app: chat}}}
inference: {preset: {name: llama-3.1-8b-instruct}}
"""


@pytest.mark.parametrize(
    ("options", "code", "lines", "notes"),
    [
        pytest.param((), 0, 1, ["1 manifest, none refused; 0 other documents passed over"], id="a warning passes"),
        pytest.param(
            ("--strict",), 1, 1, ["1 manifest, none refused; 0 other documents passed over"], id="a warning under --strict"
        ),
        pytest.param(
            ("--strict", "--ignore", "ks204"),
            0,
            0,
            ["1 manifest, none refused; 0 other documents passed over", "ignored: 1 x KS204"],
            id="an ignored warning",
        ),
        pytest.param(("-q",), 0, 1, [], id="without notes"),
    ],
)
def test_check(options, code, lines, notes, run, tmp_path):
    """Warnings fail a check under --strict; codes that are ignored are left out, and counted on stderr."""
    file = tmp_path / "chat.yaml"
    file.write_text(GATED)
    ended = run("check", str(file), *options)
    assert (ended.code, len(ended.out.splitlines()), ended.err.splitlines()) == (code, lines, notes)


def test_plan_and_state(run, tmp_path):
    """A plan and a state follow the same options, in their JSON too."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(
        "import kaito_iac as kaito\nkaito.KaitoWorkspace('chat', preset='phi-4', context=300000)\n"
    )
    assert run("plan", str(tmp_path)).code == 1
    ended = run("plan", str(tmp_path), "--ignore", "KS203", "--json")
    assert (ended.json["problems"], ended.err) == ([], "ignored: 1 x KS203\nthe program ends early, whatever is ignored\n")
    assert ended.code == 1, "a program that ends early stays refused"
    strict = run("state", "tests/cli/files/state.json", "--strict", "--json")
    counted = {problem["severity"] for problem in strict.json["problems"]} & {"error", "warning"}
    assert (strict.code == 1) == bool(counted)


def test_unknown_code(run):
    """A code that there is not is a usage error."""
    ended = run("check", "x.yaml", "--ignore", "KS999")
    said = "invalid value for '--ignore': 'KS999' is no problem code, such as KS238; `kaito-iac explain CODE` explains one"
    assert (ended.code, ended.err) == (2, f"kaito-iac check: {said}; see kaito-iac check --help\n")


def test_verbose_tells_the_time(run):
    """-v adds how long the command took."""
    ended = run("models", "phi-4", "-v")
    assert ended.err.startswith("took 0.")
    assert ended.err.endswith(" s\n")

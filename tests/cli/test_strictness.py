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


MIG = """\
import kaito_iac as kaito

nodes = {"instance_type": "Standard_NC40ads_H100_v5", "selector": {"apps": "mig"}, "max_count": 1, "location": "eastus"}
slice_of_24 = {"mode": "mig", "profile": "2g.24gb"}
kaito.KaitoWorkspace("guard", preset="qwen3.5-2b", node_pool=nodes, partition=slice_of_24)
"""


def test_gates_of_an_installation_elsewhere(run, tmp_path, monkeypatch):
    """Gates of the file of defaults, or of the option, are those of the KAITO that a plan, its packs and a render are for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(MIG)
    command = ("plan", ".", "--policy-pack", "guardrails", "--policy-config", "team", "--json")

    def gated(*options):
        plan = run(*command, *options).json
        needs = [need["name"] for need in plan["needs"] if need["kind"] == "FeatureGate"]
        return needs, [(problem["severity"], problem["code"]) for problem in plan["problems"]]

    assert gated() == (["enableMIG"], [("error", "KO402"), ("info", "KO402")])
    assert gated("--feature-gate", "enableMIG=true") == ([], [])
    (tmp_path / "kaito-iac.toml").write_text("[gates]\nenableMIG = true\n")
    assert gated() == ([], [])
    assert run("render", ".", "-o", "out").code == 0
    assert "kaito-iac/feature-gates: enableMIG=true" in (tmp_path / "out" / "kustomization.yaml").read_text()


def test_presets_check(run, tmp_path):
    """Warnings of a preset file fail under --strict, and an ignored one is counted."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "kind: inference\nname: mine\nmodel: org/model\nvmSize: Standard_NC24ads_A100_v4\nwhy: A model of our own, on one A100.\n"
    )
    ended = [run("presets", "check", str(file), *options) for options in ((), ("--strict",), ("--strict", "--ignore", "KS217"))]
    assert [one.code for one in ended] == [0, 1, 0]
    assert ended[2].err == "1 file, none with errors\nignored: 1 x KS217\n"


def test_data(run, tmp_path):
    """A warning about tuning data fails under --strict."""
    rows = '{"prompt": "a", "completion": "b"}\n'
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_text(rows)
    files = [str(tmp_path / name) for name in ("one.jsonl", "two.jsonl")]
    ended = [run("data", *files, *options) for options in ((), ("--strict",), ("--strict", "--ignore", "KS340"))]
    assert [one.code for one in ended] == [0, 1, 0]
    assert ended[2].err == "ignored: 1 x KS340\n"


def test_fit(run):
    """Sizes with caveats do not hold the model under --strict, unless their warning is ignored."""

    def sizes(*options):
        return {one["size"] for one in run("fit", "gpt-oss-120b", "--json", *options).json["fits"]}

    warned = {
        one["size"]: {problem["code"] for problem in one["problems"] if problem["severity"] == "warning"}
        for one in run("fit", "gpt-oss-120b", "--json").json["fits"]
    }
    codes = sorted(set().union(*warned.values()))
    assert codes
    assert sizes("--strict") == {size for size, found in warned.items() if not found} < set(warned)
    assert sizes("--strict", *(word for code in codes for word in ("--ignore", code))) == set(warned)
    size = next(size for size, found in warned.items() if found)
    assert run("fit", "gpt-oss-120b", "--size", size).code == 0
    assert run("fit", "gpt-oss-120b", "--size", size, "--strict").code == 1


def test_render(run, tmp_path, monkeypatch):
    """A stack without a file, whose defaults are rendered, fails under --strict."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(MIG)
    ended = [run("render", ".", "-o", "out", "-s", "typo", *o) for o in ((), ("--strict",), ("--strict", "--ignore", "KO482"))]
    assert [one.code for one in ended] == [0, 1, 0]
    assert ended[2].err.splitlines()[-1] == "ignored: 1 x KO482"

"""`check` judges files, folders and standard input, as text, JSON and SARIF."""

from __future__ import annotations

import json

import jsonschema
import pytest

GOOD = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: chat}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector: {matchLabels: {app: chat}}
inference:
  preset:
    name: phi-4
"""
BAD = GOOD.replace("phi-4", "falcon-40b").replace("inference:", "  count: two\ninference:")
UNKNOWN = GOOD.replace("phi-4", "falcon-40b")
CONFIG = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\ndata:\n  inference_config.yaml: 'vllm: {max-model-len: 99999}'\n"
)
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "results": {
                        "items": {
                            "required": ["ruleId", "level", "message", "locations"],
                            "properties": {"level": {"enum": ["error", "warning", "note"]}},
                        }
                    }
                },
            }
        },
    },
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.yaml").write_text(f"{GOOD}---\nkind: Service\napiVersion: v1\n---\n{UNKNOWN}")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yml").write_text(BAD)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "c.yaml").write_text(BAD)
    (tmp_path / "readme.md").write_text("# nothing")
    return tmp_path


def test_one_line_per_problem(folder, run):
    """Text has file and line first, and the talk counts what was judged and passed over."""
    ended = run("check", str(folder))
    retired = "'falcon-40b' is retired; expected a name from `kaito-iac models`, or organisation/model"
    start = f"{folder}/a.yaml:22: error: Workspace chat: inference.preset.name: {retired} [KS319]"
    first, second = ended.out.splitlines()
    assert first.startswith(start)
    assert second == f"{folder}/deep/b.yml:7: error: Workspace chat: resource.count: 'two'; expected a whole number [KS303]"
    assert (ended.code, ended.err) == (1, "3 manifests, 2 refused; 1 other document passed over\n")


def test_json_is_an_array_in_order(folder, run):
    """JSON has one object per manifest, in the order of files and documents."""
    ended = run("check", str(folder / "a.yaml"), str(folder / "deep"), "--json")
    rows = [(row["file"], row["line"], row["kind"], row["name"], row["verdict"]) for row in ended.json]
    assert rows == [
        (str(folder / "a.yaml"), 1, "Workspace", "chat", "accepted"),
        (str(folder / "a.yaml"), 14, "Workspace", "chat", "refused"),
        (str(folder / "deep/b.yml"), 1, "Workspace", "chat", "refused"),
    ]
    assert ended.json[0]["problems"] == []
    assert ended.json[2]["problems"] == [
        {
            "code": "KS303",
            "path": "resource.count",
            "found": "'two'",
            "accepted": "a whole number",
            "fix": "",
            "severity": "error",
            "line": 7,
        }
    ]


def test_sarif(folder, run):
    """SARIF has a rule and a place for every problem."""
    ended = run("check", str(folder), "--sarif")
    jsonschema.validate(ended.json, LOG)
    result = ended.json["runs"][0]["results"][1]
    assert (result["ruleId"], result["level"]) == ("KS303", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": f"{folder}/deep/b.yml"}, "region": {"startLine": 7}}
    assert ended.json["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "KS303"


def test_standard_input(process):
    """`-`, or no path where something is piped in, reads standard input; good manifests end in 0."""
    for arguments in (("check", "-"), ("check",)):
        ended = process(*arguments, stdin=GOOD.encode())
        assert (ended.code, ended.out, ended.err) == (0, "", "1 manifest, none refused; 0 other documents passed over\n")


def test_objects_of_the_input_are_used(tmp_path, run):
    """A ConfigMap of the same input is read, wherever it is; without it a line says that it was not checked."""
    (tmp_path / "chat.yaml").write_text(f"{GOOD}  config: own\n")
    (tmp_path / "config.yaml").write_text(CONFIG)
    alone = run("check", str(tmp_path / "chat.yaml"), "--json").json[0]
    both = run("check", str(tmp_path / "chat.yaml"), str(tmp_path / "config.yaml"), "--json").json[0]
    assert (alone["verdict"], [p["code"] for p in alone["problems"]]) == ("accepted", ["KS238"])
    assert (both["verdict"], [p["code"] for p in both["problems"]]) == ("refused", ["KS203"])


def test_list_of_kubectl(tmp_path, run):
    """The items of a list are manifests with lines of their own."""
    items = [{"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": name}} for name in ("a", "b")]
    (tmp_path / "list.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1))
    rows = run("check", str(tmp_path / "list.json"), "--json").json
    assert [(row["name"], row["line"], row["verdict"]) for row in rows] == [("a", 5, "refused"), ("b", 12, "refused")]


def test_update(tmp_path, run):
    """With --old the change of an immutable field is an error; without it the manifest is good."""
    (tmp_path / "new.yaml").write_text(GOOD)
    (tmp_path / "old.yaml").write_text(GOOD.replace("phi-4", "phi-4-mini-instruct"))
    assert run("check", str(tmp_path / "new.yaml")).code == 0
    ended = run("check", str(tmp_path / "new.yaml"), "--old", str(tmp_path / "old.yaml"), "--json")
    assert [(p["code"], p["path"], p["line"]) for p in ended.json[0]["problems"]] == [("KS325", "inference.preset", 8)]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        pytest.param([], [], id="as installed"),
        pytest.param(["--provisioner", "byo"], ["KS309", "KS238"], id="own nodes"),
        pytest.param(["--cloud", "aws"], ["KS314"], id="another cloud"),
        pytest.param(["--cloud", "gcp"], ["KS313"], id="no cloud of KAITO's"),
        pytest.param(["--feature-gate", "ModelStreaming=true", "--cloud", "arc"], ["KS314", "KS321"], id="a gate"),
    ],
)
def test_environment(options, codes, tmp_path, run):
    """The installation decides what is good."""
    (tmp_path / "chat.yaml").write_text(GOOD)
    found = run("check", str(tmp_path / "chat.yaml"), "--json", *options).json[0]["problems"]
    assert sorted({p["code"] for p in found}) == sorted(codes)


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        pytest.param(b"a: [", 1, "did not find expected node content", id="no YAML"),
        pytest.param(b"\xff\xfe\xfa", 1, "no UTF-8 text, or no file name", id="no text"),
        pytest.param(b"a: \x1b[31m", 1, "control characters are not allowed", id="control characters"),
    ],
)
def test_unreadable(content, line, told, tmp_path, run):
    """What cannot be read is refused with its line, and the exit code is 3; the rest is judged all the same."""
    (tmp_path / "a.yaml").write_bytes(content)
    (tmp_path / "b.yaml").write_text(GOOD)
    ended = run("check", str(tmp_path), "--json")
    assert [(row["kind"], row["verdict"]) for row in ended.json] == [(None, "refused"), ("Workspace", "accepted")]
    assert [(p["code"], p["line"], p["found"]) for p in ended.json[0]["problems"]] == [("KS302", line, told)]
    assert ended.code == 3


def test_letters_that_readers_disagree_about(tmp_path, run):
    """A bare y is judged as text, with a warning: kubectl would read it as true."""
    (tmp_path / "chat.yaml").write_text(GOOD.replace("app: chat", "app: y"))
    row = run("check", str(tmp_path / "chat.yaml"), "--json").json[0]
    assert (row["verdict"], [(p["code"], p["line"]) for p in row["problems"]]) == ("accepted", [("KS241", 6)])


def test_keys_that_stand_twice(tmp_path, run):
    """A key that is there twice is a warning: kubectl takes the last one, stricter readers refuse the file."""
    (tmp_path / "chat.yaml").write_text(GOOD.replace("metadata:", "kind: Workspace\nmetadata:", 1))
    row = run("check", str(tmp_path / "chat.yaml"), "--json").json[0]
    told = "key kind a second time: kubectl takes the last one, kustomize, Flux and Argo CD refuse the file"
    assert [(p["code"], p["severity"], p["found"]) for p in row["problems"]] == [("KS241", "warning", told)]


@pytest.mark.parametrize("command", ["check", "convert"])
@pytest.mark.parametrize("named", [".", "chart/templates/deep/a.yaml"], ids=["the folder", "a template itself"])
def test_helm_templates_are_left_out(command, named, tmp_path, run, monkeypatch):
    """Templates of a Helm chart are no manifests: they are left out with a note, what is beside them is read."""
    (tmp_path / "chart" / "templates" / "deep").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("name: chart\nversion: 1.0.0\n")
    (tmp_path / "chart" / "templates" / "deep" / "a.yaml").write_text("a: {{ .Values.a }}\n{{- if .b }}\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "chat.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    ended = run(command, named, "templates/chat.yaml")
    folder = "chart/templates" if named != "." else "./chart/templates"
    assert f"{folder}: templates of a Helm chart, left out: check what `helm template` makes of them\n" in ended.err
    assert ended.code == (1 if command == "convert" and named == "." else 0)


def test_missing_file(run):
    """A file that is not there is reported, and ends in 3."""
    ended = run("check", "nowhere.yaml")
    assert ended.out.startswith("nowhere.yaml:1: error: nowhere.yaml: No such file or directory")
    assert ended.code == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--feature-gate", "vllm=true"], "'vllm' is none of vLLM", id="no gate of KAITO's"),
        pytest.param(["--feature-gate", "vLLM"], "'vLLM' is no vLLM=true or vLLM=false", id="no value"),
        pytest.param(["--provisioner", "nap"], "'nap' is none of azure-gpu-provisioner, karpenter, byo", id="no provisioner"),
        pytest.param(["--json", "--sarif"], "--sarif and --json exclude each other", id="two forms"),
    ],
)
def test_usage(options, said, run):
    """Wrong options are wrong usage."""
    ended = run("check", "x.yaml", *options)
    assert ended.code == 2
    assert said in ended.err


def test_endless_line(tmp_path, run):
    """A file with one line of 100 MB is refused without being read to its end."""
    with (tmp_path / "long.yaml").open("wb") as file:
        file.truncate(100 * 2**20)
    ended = run("check", str(tmp_path / "long.yaml"))
    assert ended.code == 3
    assert "more than 67108864 bytes" in ended.out


@pytest.mark.parametrize(
    ("files", "code", "out", "err"),
    [
        pytest.param({}, 2, "", "no .yaml, .yml or .json file in {folder}: nothing was judged\n", id="no file"),
        pytest.param(
            {"a.yaml.tmpl": GOOD}, 2, "", "no .yaml, .yml or .json file in {folder}: nothing was judged\n", id="templates"
        ),
        pytest.param(
            {"a.yaml": "apiVersion: v1\nkind: Service\n"},
            0,
            "",
            "0 manifests, none refused; 1 other document passed over\n"
            "note: no object of KAITO in what was read, so nothing was judged\n",
            id="no object of KAITO",
        ),
        pytest.param(
            {"a.yaml": GOOD.replace("apiVersion: kaito.sh/v1beta1\n", "")},
            1,
            "{folder}/a.yaml:1: error: Workspace chat: apiVersion: missing: kubectl refuses the object; expected Workspace at "
            "kaito.sh/v1alpha1 or kaito.sh/v1beta1 [KS301]; fix: apiVersion: kaito.sh/v1beta1\n",
            "1 manifest, 1 refused; 0 other documents passed over\n",
            id="no apiVersion",
        ),
        pytest.param(
            {"a.yaml": GOOD.replace("kaito.sh/v1beta1", "v1beta1")},
            1,
            "{folder}/a.yaml:1: error: Workspace chat: apiVersion: 'Workspace' at 'v1beta1' is no kind that KAITO 0.12 serves; "
            "expected Workspace at kaito.sh/v1alpha1 or kaito.sh/v1beta1 [KS301]; fix: apiVersion: kaito.sh/v1beta1\n",
            "1 manifest, 1 refused; 0 other documents passed over\n",
            id="a version without its group",
        ),
        pytest.param(
            {"main.tf": 'resource "kubectl_manifest" "chat" {\n  yaml_body = <<E\napiVersion: kaito.sh/v1beta1\nE\n}\n'},
            2,
            "",
            "no .yaml, .yml or .json file in {folder}: nothing was judged\n"
            "{folder}/main.tf: KAITO objects in Terraform, not judged: write yaml_body into a .yaml file (file(), "
            "templatefile()) and check it\n",
            id="objects of KAITO inside Terraform",
        ),
        pytest.param(
            {
                "a.yaml": GOOD.replace("name: chat", "name: '${NAME}'")
                .replace("Standard_NC24ads_A100_v4", "<VM SIZE>")
                .replace("phi-4", "phi-9")
            },
            1,
            "{folder}/a.yaml:3: error: Workspace ${{NAME}}: metadata.name: ${{NAME}} is a placeholder; expected the value itself "
            "[KS298]; fix: fill it in, as `envsubst < FILE` does with variables of the environment\n"
            "{folder}/a.yaml:5: error: Workspace ${{NAME}}: resource.instanceType: <VM SIZE> is a placeholder; expected the "
            "value itself [KS298]; fix: fill it in, as `envsubst < FILE` does with variables of the environment\n"
            "{folder}/a.yaml:9: error: Workspace ${{NAME}}: inference.preset.name: 'phi-9' is not a preset of KAITO 0.12; "
            "expected a name from `kaito-iac models`, or organisation/model [KS319]; fix: did you mean 'phi-4'?\n",
            "1 manifest, 1 refused; 0 other documents passed over\n",
            id="placeholders, and a fault beside them",
        ),
        pytest.param(
            {
                "a.yaml": "apiVersion: kaito.sh/v1beta1\nkind: InferenceSet\nmetadata: {name: a}\nspec:\n  replicas: 1\n"
                "  labelSelector: {matchLabels: {a: b}}\n  template: {inference: {preset: {name: phi-4}}}\n"
            },
            1,
            "{folder}/a.yaml:7: error: InferenceSet a: spec.template.resource.instanceType: missing; expected a VM size: nodes "
            "are provisioned [KS309]; fix: set it, or --provisioner byo if the nodes exist\n",
            "1 manifest, 1 refused; 0 other documents passed over\n",
            id="a set without a size is reported once",
        ),
    ],
)
def test_nothing_is_green_unjudged(files, code, out, err, run, tmp_path):
    """What holds nothing to judge is reported, and what is meant for KAITO is never passed over."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    ended = run("check", str(tmp_path))
    assert (ended.code, ended.out, ended.err) == (code, out.format(folder=tmp_path), err.format(folder=tmp_path))

"""`convert` makes a program of files, folders and standard input, and states what it does not hold."""

from __future__ import annotations

import ast
import json
from random import Random

import pytest

from kaito_iac.convert.decide import KINDS
from kaito_iac.project_url import page_url

WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: chat, uid: 1234, creationTimestamp: null}
resource: {instanceType: Standard_NC24ads_A100_v4}
inference: {preset: {name: phi-4}}
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: hf}\ndata: {HF_TOKEN: aHVudGVyMg==}\n"
MARK = "# Written by kaito-iac convert ("
PIECES = (
    "a: &a [x]\n", "b: *a\n", "kind: Workspace\n", "kind: List\n", "items: [1, {kind: Secret}, null]\n", "---\n",
    "\x1b", "\ufeff",
    "metadata: {name: 5}\n", "metadata: []\n", "apiVersion: kaito.sh/v1beta1\n", "resource: {a: 1e400}\n",
    "resource: {a: 1e30}\n",
    "data: !!binary /w==\n", '"\\ud800": "\\udfff"\n', "? [a]\n: b\n", "- x\n", "spec: 99999999999999999999\n", "{",
    "\t", "<<: *a\n",
    "apiVersion: v1\n", "kind: ConfigMap\n", "metadata: {name: 'a\\nb'}\n", "data: {a: b}\n", "status: {}\n", "\u2028",
    "'", '"""',
)  # fmt: skip
FIELDS = (
    "preset template config adapters source image strength name presetOptions modelAccessSecret labelSelector matchLabels "
    "instanceType partition count mode profile embedding local modelID compute storage persistentVolume persistentVolumeClaim "
    "vectorDB engine url inferenceService contextWindowSize guardrails configMapRef roles type replicas runtimeConfig model "
    "size storageClassName registry accessSecret jobNamespace resource inference metadata annotations labels autoUpgrade "
    "updateStrategy input output method tuning eppPluginsConfig"
).split()


def test_program_on_stdout(process):
    """Without -o the program is the answer; what the cluster has set is reported on stderr, and everything is converted."""
    ended = process("convert", "-", stdin=WORKSPACE.encode())
    assert ended.out.startswith(MARK)
    assert ended.out.endswith('    inference={"preset": {"name": "phi-4"}},\n)\n')
    said = "-:1: Workspace chat: left out, set by the cluster: metadata.uid\n1 object, 1 converted as a whole\n"
    assert (ended.code, ended.err) == (0, said)


def test_folder_plans_and_renders(tmp_path, run):
    """With -o the folder holds a program that `plan` and `render` take; a second run writes the same."""
    (tmp_path / "chat.yaml").write_text(WORKSPACE)
    for _ in range(2):
        ended = run("convert", str(tmp_path / "chat.yaml"), "-o", str(tmp_path / "infra"))
        assert (ended.code, ended.out) == (0, f"{tmp_path}/infra/__main__.py\n{tmp_path}/infra/Pulumi.yaml\n")
    assert run("plan", str(tmp_path / "infra"), "--json").json["problems"] is not None
    ended = run("render", str(tmp_path / "infra"), "-o", str(tmp_path / "out"))
    assert ended.out == f"{tmp_path}/out/01-workspace-chat.yaml\n{tmp_path}/out/kustomization.yaml\n"


def test_files_of_others_stay(tmp_path, run):
    """A file that convert has not written ends in 3, and stays."""
    (tmp_path / "chat.yaml").write_text(WORKSPACE)
    (tmp_path / "__main__.py").write_text("mine = 1\n")
    ended = run("convert", str(tmp_path / "chat.yaml"), "-o", str(tmp_path))
    assert (ended.code, ended.out, (tmp_path / "__main__.py").read_text()) == (3, "", "mine = 1\n")
    assert "__main__.py: a file that convert has not written, or that was edited since" in ended.err
    ended = run("convert", str(tmp_path / "chat.yaml"), "-o", str(tmp_path / "chat.yaml"))
    assert (ended.code, ended.out) == (3, "")


def test_json(tmp_path, run):
    """JSON says of every object in order what became of it."""
    (tmp_path / "all.yaml").write_text(f"{WORKSPACE}---\n{SECRET}---\na: [\n")
    ended = run("convert", str(tmp_path / "all.yaml"), "--json")
    rows = [(row["line"], row["kind"], row["name"], row["converted"], row["logicalName"]) for row in ended.json["objects"]]
    assert rows == [
        (1, "Workspace", "chat", True, "workspace-chat"),
        (7, "Secret", "hf", False, None),
        (12, None, None, False, None),
    ]
    assert ended.json["objects"][0] == {
        "file": str(tmp_path / "all.yaml"),
        "line": 1,
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "name": "chat",
        "converted": True,
        "logicalName": "workspace-chat",
        "component": None,
        "adopts": None,
        "problems": [],
        "leftOut": ["metadata.uid"],
        "notes": [],
    }
    assert ended.json["files"] == []
    assert ended.json["program"].startswith(MARK)
    assert ended.code == 3


def test_secrets_are_not_written(tmp_path, run):
    """A Secret, in a list of lists too, is reported and ends in 1; its values are nowhere."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "hf"}, "data": {"HF_TOKEN": "aHVudGVyMg=="}}
    inner = {"apiVersion": "v1", "kind": "List", "items": [secret]}
    (tmp_path / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [inner]}))
    ended = run("convert", str(tmp_path / "all.json"))
    assert ended.code == 1
    assert "# Not converted: Secret hf" in ended.out
    assert "aHVudGVyMg" not in ended.out + ended.err
    assert (
        "error: Secret hf: not converted: contains a Secret or credentials, which are never written into a program [KS351]; fix: "
        in ended.err
    )


def test_missing_file(run):
    """A file that is not there is reported, and ends in 3."""
    ended = run("convert", "nowhere.yaml")
    assert ended.code == 3
    said = (
        "nowhere.yaml:1: error: a document: not converted: cannot be read: No such file or directory; expected YAML or JSON that "
        "kubectl reads [KS302]; fix: correct the file, or leave it out\n"
    )
    assert said in ended.err


def test_growing_anchors(tmp_path, run):
    """A long text that is used many times fills neither memory nor program."""
    (tmp_path / "bomb.yaml").write_text(f"kind: ConfigMap\na: &a {'x' * 2**20}\nb: [{', '.join(['*a'] * 20000)}]\n")
    ended = run("convert", str(tmp_path / "bomb.yaml"))
    assert ended.code == 1
    assert len(ended.out) < 1000


@pytest.mark.parametrize("seed", range(4))
def test_any_input(seed, tmp_path, run):
    """Whatever the files hold, the command ends with a code of its own and a text that is Python."""
    random = Random(seed)
    for index in range(60):
        pieces = random.choices(PIECES, k=random.randint(1, 9))
        (tmp_path / f"{index}.yaml").write_bytes("".join(pieces).encode())
        if index % 10 == 0:
            (tmp_path / f"{index}.yaml").write_bytes(random.randbytes(200))
    ended = run("convert", str(tmp_path))
    assert ended.code in (1, 3)
    ast.parse(ended.out)
    assert all(line.isprintable() for line in ended.out.split("\n"))


def test_components(tmp_path, run):
    """With --presets a component stands for its object; what stays plain, and why, is reported on stderr and in JSON."""
    other = WORKSPACE.replace("name: chat, uid: 1234", "name: more").replace("{preset", "{adapters: [], preset")
    (tmp_path / "all.yaml").write_text(
        f"{WORKSPACE.replace('_v4}', '_v4, labelSelector: {matchLabels: {apps: chat}}}')}---\n{other}"
    )
    ended = run("convert", str(tmp_path / "all.yaml"), "--presets", "-o", str(tmp_path / "infra"))
    assert ended.code == 0
    assert ended.err == (
        f"{tmp_path}/all.yaml:1: Workspace chat: left out, set by the cluster: metadata.uid\n"
        f"{tmp_path}/all.yaml:7: info: Workspace more: plain kind: resource.labelSelector: KaitoWorkspace would add a mapping "
        "of 1 [KS356]; fix: keep the plain kind, or change the manifest to what the component writes\n"
        f"1 object of a cluster: adopted, not created again; see {page_url('how-to/adopt.md')}\n"
        "1 object without a namespace: components write default\n"
        "2 objects, 2 converted as a whole, 1 component\n"
    )
    text = (tmp_path / "infra" / "__main__.py").read_text()
    assert (text.count("kaito.KaitoWorkspace("), text.count("kaito.Workspace(")) == (1, 1)
    rows = run("convert", str(tmp_path / "all.yaml"), "--presets", "--json").json["objects"]
    assert [(row["component"], row["logicalName"], row["problems"]) for row in rows] == [
        ("KaitoWorkspace", "chat", []),
        (
            None,
            "workspace-more",
            [
                {
                    "code": "KS356",
                    "path": "resource.labelSelector",
                    "found": "KaitoWorkspace would add a mapping of 1",
                    "accepted": "",
                    "fix": "keep the plain kind, or change the manifest to what the component writes",
                    "severity": "info",
                }
            ],
        ),
    ]
    planned = run("plan", str(tmp_path / "infra"))
    assert planned.code == 1
    assert [line for line in planned.out.splitlines() if line.startswith("  error:")] == [
        "  error: workspace-more: resource.labelSelector: missing; expected a value"
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(
            ("--node-size", "Standard_NC24ads_A100_v4"), 2, "--node-size needs --presets", id="a size without components"
        ),
        pytest.param(
            ("--presets", "--node-size", "Standard_X"),
            3,
            "--node-size: 'Standard_X' is not a size of KAITO 0.12",
            id="no size",
        ),
    ],
)
def test_wrong_size(words, code, said, tmp_path, run):
    """A size that does not exist, or no one asks for, ends the command before anything is converted."""
    (tmp_path / "chat.yaml").write_text(WORKSPACE)
    ended = run("convert", str(tmp_path / "chat.yaml"), *words)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err


@pytest.mark.parametrize("seed", range(2))
def test_any_input_with_components(seed, tmp_path, run):
    """Whatever is in KAITO's own kinds, the command ends with a code of its own and a text that is Python."""
    random = Random(seed)
    odd = [
        "null",
        "[]",
        "{}",
        "5",
        "-1",
        "true",
        "x",
        "[{}]",
        "{a: [b]}",
        "1e300",
        "'\\n'",
        "[null]",
        "{'': {}}",
        "!!binary /w==",
    ]
    for index, kind in enumerate(("Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror") * 8):
        version = "v1alpha1" if kind in ("MultiRoleInference", "ModelMirror") else "v1beta1"
        inner = ", ".join(f"{name}: {random.choice(odd)}" for name in random.sample(FIELDS, 8))
        deeper = ", ".join(f"{name}: {{{inner}}}" for name in random.sample(FIELDS, 8))
        top = f"resource: {{{inner}}}\ninference: {{{deeper}}}\n" if kind == "Workspace" else f"spec: {{{deeper}}}\n"
        annotations = f"{{scaledobject.kaito.sh/auto-provision: 'true', scaledobject.kaito.sh/metrics: {random.choice(odd)}}}"
        metadata = f"metadata: {{name: a{index}, annotations: {annotations}, labels: {random.choice(odd)}}}\n"
        (tmp_path / f"{index}.yaml").write_text(f"apiVersion: kaito.sh/{version}\nkind: {kind}\n{metadata}{top}")
    ended = run("convert", str(tmp_path), "--presets", "--node-size", "Standard_NC40ads_H100_v5")
    assert ended.code in (0, 1, 3)
    ast.parse(ended.out)


def test_a_code_is_left_out(tmp_path, run):
    """With --ignore a problem is neither listed nor counted by the exit code; how often it was left out is reported."""
    (tmp_path / "all.yaml").write_text(f"{WORKSPACE}---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\n")
    file = tmp_path / "all.yaml"
    left = f"{file}:1: Workspace chat: left out, set by the cluster: metadata.uid\n"
    kinds = ", ".join(KINDS)
    listed = (
        f"{file}:7: error: Deployment web: not converted: kind: kaito_iac has no class for apps/v1 Deployment; expected {kinds} "
        "[KS352]; fix: keep the object as YAML: kubectl apply, or ConfigFile of pulumi_kubernetes.yaml.v2\n"
    )
    count = "2 objects, 1 converted as a whole\n"
    ended = run("convert", str(file))
    assert (ended.code, ended.err) == (1, f"{left}{listed}{count}")
    ended = run("convert", str(file), "--ignore", "KS352")
    assert (ended.code, ended.err) == (0, f"{left}{count}ignored: 1 x KS352\n")

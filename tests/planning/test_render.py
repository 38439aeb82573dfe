"""The Kubernetes objects of a program as files: whole, in order, the same every time, or not at all."""

from pathlib import Path

import pytest
import yaml

from kaito_iac.offline.recording import Refusal
from kaito_iac.planning.render import INDEX, MARK, is_object, manifest, object_text, render
from kaito_iac.planning.request import Program
from kaito_iac.testing import run

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "stacks/chat-and-docs"


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def refused(program: Path, folder: Path) -> list[str]:
    with pytest.raises(Refusal) as error:
        render(Program(program), folder=folder)
    return [problem.text(indent="") for problem in error.value.problems]


def test_whole_files(golden, tmp_path):
    """Every object of chat and docs, and the kustomization that lists them in order."""
    rendered = render(Program(DOCS), folder=tmp_path / "out")
    found = texts(tmp_path / "out")
    golden("chat-and-docs.rendered.txt", "".join(f"# {name}\n{text}" for name, text in found.items()))
    assert [path.name for path in rendered.files] == [*(name for name in found if name != INDEX), INDEX]
    assert yaml.safe_load(found[INDEX])["resources"] == [name for name in found if name != INDEX]
    assert rendered.left_out == ()


@pytest.mark.parametrize("folder", [pytest.param(ROOT, id="quickstart"), pytest.param(DOCS, id="chat and docs")])
def test_files_say_what_was_registered(tmp_path, folder):
    """Parsed back, the files are the recorded manifests, in the order of registration."""
    recording = run(folder)
    render(Program(folder), folder=tmp_path)
    objects = [manifest(resource) for resource in recording.resources if is_object(resource)]
    listed = yaml.safe_load((tmp_path / INDEX).read_text())["resources"]
    assert [yaml.safe_load((tmp_path / name).read_text()) for name in listed] == objects
    for found in objects:
        assert "status" not in found
        assert not any(key.startswith("pulumi.com/") for key in found["metadata"].get("annotations", {}))


def test_what_is_no_object_is_named(tmp_path):
    """What a program holds beside Kubernetes objects is named."""
    assert render(Program(ROOT), folder=tmp_path).left_out == ("a100-nodes (azure-native:containerservice:AgentPool)",)


def test_the_same_bytes_twice(tmp_path):
    """Two runs write the same bytes; a second run over the first changes nothing."""
    render(Program(DOCS), folder=tmp_path / "one")
    render(Program(DOCS), folder=tmp_path / "two")
    render(Program(DOCS), folder=tmp_path / "two")
    assert texts(tmp_path / "one") == texts(tmp_path / "two")


TWO = """
for name in ["one", "two"]:
    kaito.KaitoWorkspace(name, {"preset": "phi-4-mini-instruct", "namespace": "models"})
"""


NAMES = ["01-workspace-models-one.yaml", "02-workspace-models-two.yaml"]
FOREIGN = (
    "a file that render has not written, or a link; expected a folder of its own [KS105]\n"
    "  fix: choose an empty folder, or move the file away"
)


def test_objects_that_vanish(program, tmp_path):
    """A file of an object that is gone is removed; files of others stay."""
    out = tmp_path / "out"
    render(Program(program(TWO)), folder=out)
    (out / "README.md").write_text("ours")
    assert sorted(texts(out)) == [
        "01-workspace-models-one.yaml",
        "02-workspace-models-two.yaml",
        "README.md",
        INDEX,
    ]
    render(Program(program(TWO.replace('"one", ', ""))), folder=out)
    assert sorted(texts(out)) == ["01-workspace-models-two.yaml", "README.md", INDEX]


def test_a_kustomization_of_somebody_else(program, tmp_path):
    """A folder with a kustomization that render has not written is left as it is."""
    (tmp_path / INDEX).write_text("resources: [mine.yaml]\n")
    (tmp_path / "mine.yaml").write_text("kind: Mine\n")
    assert refused(program(TWO), tmp_path) == [
        "kustomization.yaml: a kustomization that render has not written; expected a folder of its own [KS105]\n"
        "  fix: choose an empty folder"
    ]
    assert (tmp_path / INDEX).read_text() == "resources: [mine.yaml]\n"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [INDEX, "mine.yaml"]


def test_a_list_that_somebody_changed(program, tmp_path):
    """Only files of its own folder are removed, whatever the list says."""
    keep = tmp_path / "keep.yaml"
    keep.write_text("kind: Kept\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / INDEX).write_text(MARK + "resources:\n- ../keep.yaml\n- 01-../../keep.yaml\n- ''\n- ..\n- 07-gone.yaml\n")
    render(Program(program(TWO)), folder=out)
    assert keep.read_text() == "kind: Kept\n"
    assert len(yaml.safe_load((out / INDEX).read_text())["resources"]) == 2
    (out / INDEX).write_text(MARK + "resources: {: broken\n")
    assert refused(program(TWO), out) == [f"{name}: {FOREIGN}" for name in NAMES]


@pytest.mark.parametrize("link", [True, False], ids=["a link", "a file"])
def test_a_file_of_somebody_else(program, tmp_path, link):
    """A file that render has not written, or a link out of the folder, is not overwritten, and nothing is written beside it."""
    out, kept = tmp_path / "out", tmp_path / "kept.yaml"
    out.mkdir()
    kept.write_text("mine")
    if link:
        (out / NAMES[1]).symlink_to(kept)
    else:
        (out / NAMES[1]).write_text("mine")
    assert refused(program(TWO), out) == [f"{NAMES[1]}: {FOREIGN}"]
    assert (kept.read_text(), [path.name for path in out.iterdir()]) == ("mine", [NAMES[1]])


def test_a_full_disk(program, tmp_path, monkeypatch):
    """A disk that is full leaves the folder as it was, and names it."""
    out = tmp_path / "out"
    render(Program(program(TWO)), folder=out)
    before = texts(out)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left on device") as raised:
        render(Program(program(TWO.replace("models", "others"))), folder=out)
    assert (raised.value.filename, texts(out)) == (str(out), before)
    with pytest.raises(OSError, match="No space left on device"):
        render(Program(program(TWO)), folder=tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()


SECRET = (
    "a secret: a file would hold it in plain text; expected a value that may be read [KS221]\n"
    "  fix: name a Secret of the cluster instead of giving its value"
)
BAD = """
class Later(pulumi.CustomResource):
    made: pulumi.Output[str]
    def __init__(self, name):
        super().__init__("test:index:Thing", name, {"made": None})

token = pulumi.Output.secret("hunter2")
env = [{"name": "TOKEN", "value": token}, {"name": "B", "value": Later("t").made}]
containers = [{"name": "main", "image": "app:1", "env": env, "resources": {"limits": {"nvidia.com/gpu": 1}}}]
kaito.KaitoWorkspace("chat", {
    "template": {"spec": {"containers": containers}}, "instance_type": "Standard_NC24ads_A100_v4",
    "annotations": {"note": token},
})
"""


def test_secrets_and_unknowns_are_refused(program, tmp_path):
    """A secret or an unknown in any object refuses everything, each with its path; nothing is written."""
    out = tmp_path / "out"
    env = "chat-workspace: inference.template.spec.containers[0].env"
    found = refused(program(BAD), out)
    assert found == [
        f"{env}[0].value: {SECRET}",
        f"{env}[1].value: not known offline (set by an output of t); expected a value that is known before the update [KO401]"
        "\n  fix: give a plain value",
        f"chat-workspace: metadata.annotations.note: {SECRET}",
    ]
    assert not out.exists()


@pytest.mark.parametrize(
    ("resource", "problems"),
    [
        pytest.param(
            '"kubernetes:core/v1:Secret", "s", {**V1, "kind": "Secret", "metadata": {}, "stringData": {"key": "value"}}',
            ["s: stringData.key: " + SECRET],
            id="the data of a Secret, marked or not",
        ),
        pytest.param(
            '"kubernetes:core/v1:SecretPatch", "s", {**V1, "kind": "Secret", "metadata": {}, "data": {"key": "dmFsdWU="}}',
            ["s: data.key: " + SECRET],
            id="the data of a patch of a Secret",
        ),
        pytest.param(
            '"kubernetes:core/v1:SecretList", "s", {**V1, "kind": "SecretList", "items": [{"data": {"key": "dmFsdWU="}}]}',
            ["s: items[0].data.key: " + SECRET],
            id="the data of Secrets in a list",
        ),
        pytest.param(
            '"kubernetes:core/v1:List", "s", {**V1, "kind": "List", "items": [{"kind": "Secret", "data": {"k": "dmFsdWU="}}]}',
            ["s: items[0].data.k: " + SECRET],
            id="the data of a Secret in a list of anything",
        ),
        pytest.param(
            '"kubernetes:core/v1:ConfigMap", "c", {**V1, "kind": "ConfigMap", "metadata": {}, "data": {"a": float("inf")}}',
            ["c: data.a: inf; expected a number that JSON has [KS303]"],
            id="a number that YAML readers do not share",
        ),
        pytest.param(
            '"kubernetes:core/v1:ConfigMap", "c", {**V1, "kind": "ConfigMap", "metadata": pulumi.Output.secret({"name": "c"})}',
            ["c: metadata: " + SECRET],
            id="secret metadata",
        ),
        pytest.param(
            '"kubernetes:core/v1:ConfigMap", "c", {**V1, "kind": "ConfigMap", "metadata": {"name": "c", "labels": HIDDEN}}',
            ["c: metadata.labels: " + SECRET],
            id="secret labels",
        ),
    ],
)
def test_secret_objects(program, tmp_path, resource, problems):
    """However a secret is wrapped, it is in no file; nor is what readers of YAML do not share."""
    head = 'V1 = {"apiVersion": "v1"}\nHIDDEN = pulumi.Output.secret({"team": "blue"})\n'
    assert refused(program(f"{head}pulumi.CustomResource({resource})"), tmp_path / "out") == problems
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        pytest.param(TWO + "raise pulumi.RunError('stop')", ["shop: stop [KS108]"], id="a program that ends early"),
    ],
)
def test_a_program_that_fails(program, tmp_path, source, problems):
    """A program that fails renders nothing, not even what it registered before."""
    assert refused(program(source), tmp_path / "out") == problems
    assert not (tmp_path / "out").exists()


def test_a_program_that_is_refused(tmp_path):
    """A folder without a program is refused."""
    with pytest.raises(Refusal):
        render(Program(tmp_path), folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_file_names(program, tmp_path):
    """File names are made of kind, namespace and name, and lead nowhere else."""
    source = """
    metadata = {"name": "a/../../b c", "namespace": "N"}
    pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "map", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    """
    rendered = render(Program(program(source)), folder=tmp_path / "out")
    assert [path.name for path in rendered.files] == ["01-configmap-n-a-..-..-b-c.yaml", INDEX]


def test_texts_of_several_lines(program, tmp_path):
    """A text of several lines is a block that reads back as it was; numbers in quotes stay texts."""
    source = """
    data = {"b": "line one\\\\nline: two\\\\n", "a": "8", "c": "true", "d": "a\\\\tb\\\\n c"}
    pulumi.CustomResource("kubernetes:core/v1:ConfigMap", "map", {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "map"}, "data": data,
    })
    """
    render(Program(program(source.replace("\\\\n", "\\n").replace("\\\\t", "\\t"))), folder=tmp_path / "out")
    text = (tmp_path / "out" / "01-configmap-map.yaml").read_text()
    assert yaml.safe_load(text)["data"] == {"b": "line one\nline: two\n", "a": "8", "c": "true", "d": "a\tb\n c"}
    assert "  b: |\n    line one\n    line: two\n" in text


def test_order_of_keys(tmp_path):
    """apiVersion, kind and metadata come first, everything else in order."""
    (found,) = [resource for resource in run(ROOT).resources if is_object(resource)]
    keys = [line.partition(":")[0] for line in object_text(found).splitlines() if not line.startswith((" ", "-"))]
    assert keys == ["apiVersion", "kind", "metadata", "inference", "resource"]

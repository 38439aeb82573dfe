"""The schema for other languages: names without endings of Python, typed references, choices, secrets, and texts."""

import json
import re
from pathlib import Path

import pytest

from kaito_iac.catalog.load import sizes
from kaito_iac.components.package import schema
from kaito_iac.presets.files import preset_files
from kaito_iac.project_url import PROJECT_URL

ROOT = Path(__file__).parents[2]
SHAPELESS = {
    "Adapter.volume",
    "Dataset.volume",
    "KaitoInferenceSet.template",
    "KaitoInferenceSet.updateStrategy",
    "KaitoInferenceSet.vllm",
    "KaitoInferenceSet.vllmExtra",
    "KaitoNamespace.quota",
    "KaitoOperator.provisionerValues",
    "KaitoOperator.ragValues",
    "KaitoOperator.values",
    "KaitoWorkspace.template",
    "KaitoWorkspace.vllm",
    "KaitoWorkspace.vllmExtra",
    "NodeClass.spec",
    "Role.vllm",
    "Role.vllmExtra",
    "Training.DataCollator",
    "Training.DatasetConfig",
    "Training.LoraConfig",
    "Training.ModelConfig",
    "Training.QuantizationConfig",
    "Training.TrainingArguments",
    "TuningOutput.volume",
}
"""What Kubernetes, Helm, vLLM or a training shapes: maps of anything."""


@pytest.fixture(scope="module")
def package():
    """Return the schema."""
    return schema()


def properties(package):
    """Return every property of a component or a type by its owner and name."""
    for token, found in {**package["resources"], **package["types"]}.items():
        for kind in ("inputProperties", "properties"):
            for key, one in found.get(kind, {}).items():
                yield token.rpartition(":")[2], key, kind, one


def test_head_of_the_schema(package):
    """Registry and languages learn who publishes what, under which license, and how it is called."""
    head = {key: value for key, value in package.items() if key not in ("resources", "types", "language", "meta")}
    assert head == {
        "name": "kaito-iac",
        "displayName": "KAITO",
        "namespace": "kaito-iac",
        "publisher": "kaito-iac",
        "version": "0.1.0",
        "description": "GPU pools, the KAITO operator, inference, tuning and RAG; nodes, quota and cost before you deploy.",
        "keywords": ["pulumi", "kubernetes", "kaito", "gpu", "llm", "aks", "category/cloud", "kind/component"],
        "homepage": PROJECT_URL,
        "repository": PROJECT_URL,
        "license": "Apache-2.0",
        "dependencies": [],
    }
    assert sorted(package["language"]) == ["csharp", "go", "java", "nodejs", "python"]
    assert (ROOT / "docs" / "images" / "logo.png").is_file()


def test_names_have_no_endings_of_python(package):
    """No type is called …Args: languages add their own endings, and would say ArgsArgs."""
    assert [token for token in package["types"] if token.endswith("Args")] == []


def test_components_are_taken_as_components(package):
    """Pool, operator and cluster are typed as the component; what another stack hands on has an argument of its own."""
    chat = package["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]
    operator = package["resources"]["kaito-iac:index:KaitoOperator"]["inputProperties"]
    docs = package["resources"]["kaito-iac:index:KaitoRagEngine"]["inputProperties"]
    assert chat["nodePool"]["$ref"] == "#/resources/kaito-iac:index:GpuNodePool"
    assert chat["nodePoolReference"]["$ref"] == "#/types/kaito-iac:index:NodePoolReference"
    assert chat["operator"]["$ref"] == "#/resources/kaito-iac:index:KaitoOperator"
    assert chat["operatorReference"]["$ref"] == "#/types/kaito-iac:index:OperatorReference"
    assert operator["cluster"]["$ref"] == "#/resources/kaito-iac:index:KaitoCluster"
    assert operator["clusterReference"]["$ref"] == "#/types/kaito-iac:index:ClusterReference"
    assert docs["llm"]["oneOf"] == [{"$ref": "#/types/kaito-iac:index:Endpoint"}, {"type": "string"}]


def test_anything_is_what_others_shape(package):
    """A property takes anything only where its shape is that of another project."""
    found = {f"{owner}.{key}" for owner, key, _, one in properties(package) if "pulumi.json#/Any" in json.dumps(one)}
    assert found == SHAPELESS


def test_nothing_is_plain(package):
    """Outputs are admitted everywhere by the types: those known in a preview are values, others are refused in words."""
    assert '"plain"' not in json.dumps(package)


def test_closed_choices_are_enums(package):
    """A closed choice is an enum, shared by the components that have the same one."""
    values = {
        token.rpartition(":")[2]: [one["value"] for one in found["enum"]]
        for token, found in package["types"].items()
        if "enum" in found
    }
    assert values["Cloud"] == ["azure", "aws", "arc"]
    assert values["InferenceGatewayCloud"] == ["azure", "aws"]
    assert values["Runtime"] == ["vllm", "transformers"]
    assert values["KaitoWorkspaceReplacement"] == ["recreate", "blueGreen"]
    chat = package["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]
    served = package["resources"]["kaito-iac:index:KaitoInferenceSet"]["inputProperties"]
    assert chat["runtime"]["$ref"] == served["runtime"]["$ref"] == "#/types/kaito-iac:index:Runtime"


def test_open_choices_admit_text(package):
    """Presets and sizes are enums for editors to complete, and text beside them; every preset is in one of three."""
    chat = package["resources"]["kaito-iac:index:KaitoWorkspace"]["inputProperties"]
    assert chat["preset"]["oneOf"] == [{"type": "string"}, {"$ref": "#/types/kaito-iac:index:InferencePreset"}]
    assert chat["instanceType"]["oneOf"] == [{"type": "string"}, {"$ref": "#/types/kaito-iac:index:VmSize"}]
    named = [
        one["value"]
        for name in ("InferencePreset", "RagPreset", "TuningPreset")
        for one in package["types"][f"kaito-iac:index:{name}"]["enum"]
    ]
    assert sorted(named) == sorted(preset_files())
    known = {one["value"] for one in package["types"]["kaito-iac:index:VmSize"]["enum"]}
    assert known < set(sizes())
    assert "Standard_NC24ads_A100_v4" in known


def test_members_of_an_enum_differ(package):
    """No two choices of an enum have one name."""
    doubled = [
        token
        for token, found in package["types"].items()
        if "enum" in found and len({one["name"] for one in found["enum"]}) < len(found["enum"])
    ]
    assert doubled == []


def test_secrets_are_marked(package):
    """Credentials are secrets wherever they are taken or handed on."""
    assert {f"{owner}.{key}" for owner, key, _, one in properties(package) if one.get("secret")} == {
        "ClusterReference.kubeconfig",
        "KaitoCluster.kubeconfig",
        "KaitoCluster.reference",
        "KaitoNamespace.huggingFaceToken",
        "KaitoOperator.clusterReference",
        "Karpenter.bootstrapToken",
        "ReadinessGate.kubeconfig",
    }


def test_every_property_is_explained(package):
    """Every property says what it is; an argument of a component also its default where it has one, its unit and an example."""
    bare = [f"{owner}.{key}" for owner, key, _, one in properties(package) if not one["description"].endswith(".")]
    assert bare == []
    texts = {
        f"{owner}.{key}": one["description"]
        for owner, key, kind, one in properties(package)
        if kind == "inputProperties" and not re.search(r"#/(types|resources)/", json.dumps(one))
    }
    assert [key for key, text in texts.items() if "Example: " not in text and "such as " not in text] == []
    timed = {key: text for key, text in texts.items() if key.endswith("Minutes")}
    assert [key for key, text in timed.items() if "minutes" not in text.lower()] == []


def test_addresses_are_made_of_the_constant(package):
    """The address of the project is in the schema as the one constant has it."""
    host = PROJECT_URL.removeprefix("https://")
    text = json.dumps({key: value for key, value in package.items() if key not in ("resources", "types")})
    assert text.count(host) == 4
    assert host not in (ROOT / "kaito_iac" / "components" / "package_facts.py").read_text()


def test_address_of_the_project_is_one_constant():
    """The placeholder of the address is in one line; files are generated of it, and pages name no other address."""
    host = PROJECT_URL.removeprefix("https://")
    hidden = {".venv", ".git", "node_modules", ".mypy_cache", "site"}
    files = [path for pattern in ("*.py", "*.json", "*.md", "*.yaml", "*.toml", "*.yml") for path in ROOT.rglob(pattern)]
    texts = {
        path.relative_to(ROOT): path.read_text(errors="ignore")
        for path in files
        if not hidden & set(path.relative_to(ROOT).parts)
    }
    code = {
        path for path, text in texts.items() if path.parts[0] in ("kaito_iac", "tools") and path.suffix == ".py" and host in text
    }
    other = {
        f"{path}: {address}"
        for path, text in texts.items()
        for address in re.findall(r"https://(?!localhost/)[\w.]+(?:/[\w.-]+)?/kaito-iac\b", text)
        if address != PROJECT_URL
    }
    assert other == set()
    assert {path for path in code if host in texts[path]} == {Path("kaito_iac/project_url.py")}
    assert f"site_url: {PROJECT_URL}/\n" in (ROOT / "mkdocs.yml").read_text()
    facts = (ROOT / "kaito_iac" / "project_url.py").read_text()
    assert facts.count(host) == 1

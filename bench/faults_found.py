"""Counts which of the manifests with KAITO's own verdicts kubeconform and `kaito-iac check` find: needs kubeconform on PATH.

python bench/faults_found.py CRDS    (a folder with KAITO's CRD files, as in its chart)
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
VERDICTS = ROOT / "tests" / "evidence" / "kaito-0.12.0" / "admission_verdicts.json"


def strict(schema: Any) -> Any:
    """Forbid unknown fields wherever the schema lists properties."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields")
    extra = {"additionalProperties": False} if closed and "additionalProperties" not in schema else {}
    return {**{key: strict(value) for key, value in schema.items()}, **extra}


def write_schemas(crds: Path, target: Path) -> None:
    """Write the schema of every version of every CRD, as kubeconform reads them."""
    for path in crds.glob("*.yaml"):
        for document in filter(None, yaml.safe_load_all(path.read_text())):
            for version in document["spec"]["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object"}
                name = f"{document['spec']['names']['kind'].lower()}_{version['name']}.json"
                (target / name).write_text(json.dumps(schema))


def kind_of(case: dict[str, Any]) -> str:
    """Return what KAITO makes of a manifest."""
    return "refused by KAITO" if not case["accepted"] else "admitted, cannot work" if case.get("dangerous") else "good"


def kubeconform(schemas: Path, folder: Path) -> set[str]:
    """Return the ids that kubeconform reports."""
    words = ["kubeconform", "-strict", "-output", "json", "-verbose"]
    place = f"{schemas}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    done = subprocess.run([*words, "-schema-location", place, str(folder)], capture_output=True, text=True, check=False)
    return {Path(row["filename"]).stem for row in json.loads(done.stdout)["resources"] if row["status"] != "statusValid"}


def checked(environment: tuple[Any, ...], folder: Path) -> set[str]:
    """Return the ids that `kaito-iac check` reports, as an error or a warning, in an environment."""
    cloud, provisioner, gates = environment
    words = ["check", str(folder), "--json", "--cloud", cloud, "--provisioner", provisioner]
    words += [word for name, on in gates for word in ("--feature-gate", f"{name}={str(on).lower()}")]
    done = subprocess.run([sys.executable, "-m", "kaito_iac.cli.main", *words], capture_output=True, text=True, check=False)
    rows = json.loads(done.stdout)
    levels = {Path(row["file"]).stem: {problem["severity"] for problem in row["problems"]} for row in rows}
    return {name for name, found in levels.items() if found & {"error", "warning"}}


def main(crds: Path) -> None:
    """Print how many of each kind both find."""
    cases = [case for case in json.loads(VERDICTS.read_text())["cases"] if case["operation"] == "create" and not case["needs"]]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        env = case["env"]
        if env["provider"]:  # an empty provider cannot be given on a command line
            groups[env["provider"], env["provisioner"], tuple(sorted(env["gates"].items()))].append(case)
    total, theirs, ours = Counter(), Counter(), Counter()
    for environment, members in groups.items():
        with tempfile.TemporaryDirectory() as schemas, tempfile.TemporaryDirectory() as folder:
            write_schemas(crds, Path(schemas))
            for case in members:
                (Path(folder) / f"{case['id']}.json").write_text(json.dumps(case["manifest"]))
            found, judged = kubeconform(Path(schemas), Path(folder)), checked(environment, Path(folder))
        for case in members:
            kind = kind_of(case)
            total[kind] += 1
            theirs[kind] += case["id"] in found
            ours[kind] += case["id"] in judged
    for kind, count in total.items():
        print(f"{kind}: {count} manifests; kubeconform reports {theirs[kind]}, kaito-iac check {ours[kind]}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not shutil.which("kubeconform"):
        sys.exit("not run: give the folder of KAITO's CRD files, with kubeconform on PATH")
    main(Path(sys.argv[1]))

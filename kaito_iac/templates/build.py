"""The files of a template, made of those of the repository: what tools/generate.py writes below templates/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kaito_iac.project_url import install, page_url
from kaito_iac.templates.table import PIPELINE, POLICY, Template

IGNORED: Final = ".venv/\n__pycache__/\n"
PLAIN: Final = ("string", "integer", "number", "boolean")
"""Types of configuration that `pulumi new` can ask for."""


def files_of(template: Template, root: Path) -> dict[str, str]:
    """Return the files of a template by their names, made of a checkout."""
    source = root / template.source
    found = {name: _replaced(template, (source / own).read_text()) for name, own in template.files.items()}
    if template.kind == PIPELINE:
        return found
    found["requirements.txt"] = f"{install(template.extras)}\n"
    found[".gitignore"] = IGNORED
    found["README.md"] = _readme(template)
    if template.kind == POLICY:
        found |= {path.name: path.read_text() for path in sorted(source.glob("*.json"))}
        found["PulumiPolicy.yaml"] = _policy((source / "PulumiPolicy.yaml").read_text())
    else:
        found["Pulumi.yaml"] = _project(template, root / (template.project or f"{template.source}/Pulumi.yaml"))
    found["__main__.py"] = (source / "__main__.py").read_text()
    return found


def _replaced(template: Template, text: str) -> str:
    for old, new in template.replaced.items():
        text = text.replace(old, new)
    return text


def _policy(text: str) -> str:
    """Return the file of a pack, which runs in an environment of its own."""
    return text.replace("runtime: python\n", "runtime:\n  name: python\n  options:\n    virtualenv: .venv\n")


def _project(template: Template, file: Path) -> str:
    """Return the Pulumi.yaml: named when a project is made, with an environment beside it, and with what `pulumi new` asks."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(file.read_text())
    config: dict[str, Any] = data.get("config", {})
    for key, value in template.defaults.items():
        config[key]["default"] = value
    asked = {
        key: {"description": row["description"], "default": str(row["default"])}
        for key, row in config.items()
        if row.get("type") in PLAIN and row.get("default", "") != ""
    }
    made = {
        "name": "${PROJECT}",
        "description": "${DESCRIPTION}",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
        **({"config": config} if config else {}),
        "template": {"displayName": template.title, "description": data["description"], "quickstart": _next(template)}
        | ({"config": asked} if asked else {}),
    }
    return yaml.safe_dump(made, sort_keys=False, width=120, allow_unicode=True)


def plan_command(template: Template) -> str:
    """Return the command that plans a project of the template."""
    return f"kaito-iac plan {template.plan}".rstrip()


def _next(template: Template) -> str:
    return f"Plan it with `{plan_command(template)}`. Before `pulumi up` it needs {template.needs}."


COMMANDS: Final = """\
```sh
python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
.venv/bin/{plan}    # nodes, quota, cost and problems; nothing is created
pulumi login                # or: pulumi login --local
pulumi stack init dev
pulumi up
```
"""
PACK: Final = """\
```sh
kaito-iac plan PROGRAM --policy-pack . --policy-config config.json
pulumi preview --policy-pack . --policy-pack-config config.json
```
"""


def _readme(template: Template) -> str:
    commands = PACK if template.kind == POLICY else COMMANDS.format(plan=plan_command(template))
    needs = f"You need {template.needs}. [Documentation]({page_url('README.md')})"
    return f"# ${{PROJECT}}\n\n{template.title}.\n\n{commands}\n{needs}\n"


def variables(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """Return what stands for each ${NAME} in a file of the template."""
    found = {name: values.get(name, question.default) for name, question in template.questions.items()}
    if "PROGRAM_FOLDER" in found:
        found["PROGRAM_NAME"] = found["PROGRAM_FOLDER"].replace("/", "-")
    return found

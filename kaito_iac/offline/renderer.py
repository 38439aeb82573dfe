"""Charts and kustomizations rendered by the user's own helm, kustomize or kubectl, where they are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

_SECONDS: Final = 120
"""How long one rendering may take."""


class NotRendered(Exception):
    """Report that the program ran and failed, with its own words."""


def helm_template(asked: Mapping[str, Any]) -> str | None:
    """Return what `helm template` makes of the options of a chart; None without helm."""
    helm = shutil.which("helm")
    if helm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(asked.get("values") or {}), encoding="utf-8")
        return _run([helm, "template", *_arguments(asked), "--values", str(values)])


def _arguments(asked: Mapping[str, Any]) -> list[str]:
    fetch = asked.get("fetchOpts") or asked.get("fetch_opts") or {}
    chart = asked.get("path") or asked.get("chart")
    repository = fetch.get("repo") or ""
    named = f"{asked['repo']}/{chart}" if asked.get("repo") and not repository else str(chart)
    given = [str(asked.get("releaseName") or asked.get("release_name") or "release"), named]
    for option, value in (
        ("--namespace", asked.get("namespace")),
        ("--version", asked.get("version")),
        ("--repo", repository),
        ("--kube-version", asked.get("kubeVersion") or asked.get("kube_version")),
    ):
        given += [option, str(value)] if value else []
    for version in asked.get("apiVersions") or asked.get("api_versions") or ():
        given += ["--api-versions", str(version)]
    given += [] if asked.get("skipCRDRendering") or asked.get("skip_crd_rendering") else ["--include-crds"]
    hooked = asked.get("includeTestHookResources") or asked.get("include_test_hook_resources")
    return given if hooked else [*given, "--skip-tests"]


def kustomized(folder: str) -> str | None:
    """Return what kustomize makes of a folder; None without kustomize and kubectl."""
    for program, words in (("kustomize", ["build"]), ("kubectl", ["kustomize"])):
        found = shutil.which(program)
        if found is not None:
            return _run([found, *words, folder])
    return None


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotRendered(f"{Path(command[0]).name}: {error}") from None
    if done.returncode:
        raise NotRendered(f"{Path(command[0]).name} {command[1]}: {done.stderr.strip()[-500:]}")
    return done.stdout

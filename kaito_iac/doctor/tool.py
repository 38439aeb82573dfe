"""The tools on PATH: the Pulumi CLI and its plugins, and what some ways of working use."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from kaito_iac.doctor.finding import Finding, numbers

SECONDS: Final = 8.0
"""How long a tool may take to answer."""
OPTIONAL: Final = {
    "kubectl": (("version", "--client", "--output", "json"), "looks at clusters"),
    "helm": (("version", "--short"), "renders charts for `kaito-iac check`"),
    "az": (("version", "--output", "json"), "signs in to Azure"),
    "aws": (("--version",), "signs in to AWS"),
    "git": (("--version",), "compares branches for `kaito-iac report`"),
    "uv": (("--version",), "installs environments"),
}
"""Tool to what asks its version, and what it is for."""
PROVIDERS: Final = {"kubernetes": "pulumi-kubernetes", "azure-native": "pulumi-azure-native"}
"""Plugin to the package that belongs to it."""
_VERSION: Final = re.compile(r"\d+\.\d+(?:\.\d+)?")


def answer(*command: str) -> str | None:
    """Return what a tool prints; None where it is not there, fails, or takes too long."""
    path = shutil.which(command[0])
    if path is None:
        return None
    try:
        done = subprocess.run([path, *command[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def installed(package: str) -> str | None:
    """Return the version of a package of this environment; None where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def tools() -> Iterator[Finding]:
    """Report the Pulumi CLI, its plugins, and the optional tools, each on one line."""
    yield from _pulumi()
    for name, (words, purpose) in OPTIONAL.items():
        yield _optional(name, words, purpose)


def _pulumi() -> Iterator[Finding]:
    if shutil.which("pulumi") is None:
        message = "not on PATH; plans need none, `pulumi up` does"
        yield Finding(area="tools", subject="pulumi", state="warning", found=message, fix="install the Pulumi CLI")
        return
    found = _VERSION.search(answer("pulumi", "version") or "")
    if found is None:
        message = f"does not report its version within {SECONDS:g} s"
        yield Finding(
            area="tools", subject="pulumi", state="error", found=message, fix="run `pulumi version` and read its message"
        )
        return
    sdk = installed("pulumi") or ""
    older = numbers(found[0])[:2] < numbers(sdk)[:2]
    message = f"{found[0]}, older than its Python SDK {sdk}" if older else f"{found[0]}, with the Python SDK {sdk}"
    fix = "upgrade the Pulumi CLI" if older else ""
    yield Finding(area="tools", subject="pulumi", state="warning" if older else "ok", found=message, fix=fix)
    yield from _plugins()


def _plugins() -> Iterator[Finding]:
    try:
        listed = json.loads(answer("pulumi", "plugin", "ls", "--json") or "null")
        there = {(str(one["name"]), numbers(str(one.get("version") or ""))) for one in listed or []}
    except (ValueError, TypeError, KeyError, AttributeError):
        there, listed = set(), None
    for plugin, package in PROVIDERS.items():
        wanted = installed(package)
        if wanted is None:
            continue
        subject = f"plugin {plugin}"
        if listed is None:
            message = "the CLI does not list its plugins"
            yield Finding(area="tools", subject=subject, state="info", found=message)
        elif (plugin, numbers(wanted)) in there:
            yield Finding(area="tools", subject=subject, state="ok", found=wanted)
        else:
            message = f"{wanted} is not installed: the first `pulumi up` downloads it"
            fix = f"pulumi plugin install resource {plugin} {wanted}"
            yield Finding(area="tools", subject=subject, state="info", found=message, fix=fix)


def _optional(name: str, words: tuple[str, ...], purpose: str) -> Finding:
    if shutil.which(name) is None:
        return Finding(area="tools", subject=name, state="info", found=f"not on PATH; it {purpose}")
    found = _VERSION.search(answer(name, *words) or "")
    if found is None:
        return Finding(area="tools", subject=name, state="info", found=f"does not report its version; it {purpose}")
    return Finding(area="tools", subject=name, state="ok", found=found[0])

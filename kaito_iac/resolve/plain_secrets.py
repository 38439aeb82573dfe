"""Finds tokens that stand in arguments as plain text: they would end in the state, in the cluster and in messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kaito_iac.problem import Problem

TOKEN: Final = re.compile(r"(?<![A-Za-z0-9])(hf_|sk-|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|AKIA)[A-Za-z0-9_-]{12,}")
"""Tokens of Hugging Face, OpenAI, GitHub, GitLab, Slack and AWS, by their prefixes."""
SECRET_VARIABLE: Final = re.compile(r"(?i)(token|password|passwd|secret|api_?key)$")
"""Names of environment variables whose value must not be readable."""
DEEPEST: Final = 50
"""Maximum nesting of a manifest that is searched."""


def redacted(text: str) -> str:
    """Return a text with `[token]` in the place of every token."""
    return TOKEN.sub("[token]", text)


def plain_tokens(path: str, value: Any, depth: int = 0) -> Iterator[Problem]:
    """Report the place of every token in a plain value, never the token; Outputs are not looked into."""
    if isinstance(value, str):
        if TOKEN.search(value):
            message = "a token in plain text, readable in the state and in the cluster"
            yield Problem(
                "KS221",
                path,
                message,
                "the name of a Secret that holds it",
                "kubectl create secret generic NAME --from-literal=HF_TOKEN=…",
            )
    elif isinstance(value, Mapping) and depth < DEEPEST:
        name = value.get("name")
        if isinstance(name, str) and SECRET_VARIABLE.search(name) and isinstance(value.get("value"), str) and value["value"]:
            message = f"the value of {redacted(name)} in plain text"
            yield Problem(
                "KS221", f"{path}.value", message, "valueFrom.secretKeyRef", "keep the value in a Secret and refer to it"
            )
            return
        for key, item in value.items():
            yield from plain_tokens(f"{path}.{key}" if path else str(key), item, depth + 1)
    elif isinstance(value, list | tuple) and depth < DEEPEST:
        for index, item in enumerate(value):
            yield from plain_tokens(f"{path}[{index}]", item, depth + 1)

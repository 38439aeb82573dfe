"""Commands, options, codes and components that the pages name exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kaito_iac as kaito
from kaito_iac.cli.reference import markdown
from kaito_iac.code import CODES

from .test_words import PAGES, ROOT

COMMANDS = {
    section.partition("\n")[0]: frozenset(re.findall(r"`(--?[a-z][\w-]*)`", section)) | {"--help", "--json", "-h", "-q", "-v"}
    for section in re.split(r"^## kaito-iac ", markdown(), flags=re.MULTILINE)[1:]
}
"""Commands with their options, as the reference page of the command line lists them."""
CALL = re.compile(r"(?:^\$ |[|`] *)kaito-iac (?P<words>[a-z]+(?: [a-z][a-z-]*)?)(?P<rest>[^`|#>\n]*)", re.MULTILINE)
"""A command in a console block or in code; comments, pipes and the command of `$(…)` around it are left out."""


def _unknown(text: str) -> Iterator[str]:
    for call in CALL.finditer(text):
        words, rest = call["words"], call["rest"].partition(")")[0]
        name = words if words in COMMANDS else words.split()[0]
        if name not in COMMANDS:
            yield f"kaito-iac {words}: not a command"
            continue
        options = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", rest))
        yield from (f"kaito-iac {name} {option}: not an option" for option in sorted(options - COMMANDS[name]))
    yield from (f"{code}: not a code" for code in sorted(set(re.findall(r"\bK[SQNO]\d{3}\b", text)) - CODES.keys()))
    for component in sorted(set(re.findall(r"`((?:Kaito|Gpu|Inference|Readiness)[A-Z]\w+)`", text))):
        if not hasattr(kaito, component) and not hasattr(kaito, component.removesuffix("s")):
            yield f"{component}: not in kaito_iac"


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_names_of_a_page_exist(page: Path) -> None:
    """A page names no command, option, code or component that does not exist."""
    assert list(_unknown(page.read_text())) == []


def test_a_name_that_does_not_exist_is_found() -> None:
    """A wrong option, command, code and component are reported, each once."""
    text = "`kaito-iac plan --quotas q.yaml`\n\n$ kaito-iac plam x\n`kaito-iac quota show . --quota q.yaml`\nKS999 `KaitoPool`\n"
    assert list(_unknown(text)) == [
        "kaito-iac plan --quotas: not an option",
        "kaito-iac plam x: not a command",
        "KS999: not a code",
        "KaitoPool: not in kaito_iac",
    ]

"""Messages for programs in other languages: names in camelCase, values as JSON and YAML have them, nothing of pip."""

import re
from typing import Final

from kaito_iac.kinds.rows import argument_names, in_camel

GIVEN: Final = re.compile(r"(?<![\w.-])((?:[A-Za-z_]\w*(?:\[\d+\])?\.)*([A-Za-z_]\w*))=('[^']*'|\[[^\]]*\]|True|False|\d[\d.]*)")
"""An argument with its value, as a call in Python has it."""
EXTRA: Final = re.compile(r"pip install 'kaito-iac\[[\w,]+\][^']*'")
ADD_AGAIN: Final = "run `pulumi package add` for kaito-iac again: the environment of the package has it"


def for_other_languages(text: str) -> str:
    """Return a text as a program in TypeScript, Go or YAML would say it."""
    text = GIVEN.sub(_pair, EXTRA.sub(ADD_AGAIN, text))
    return re.sub(r"\b(True|False)\b", lambda found: found[0].lower(), in_camel(text))


def _pair(found: re.Match[str]) -> str:
    if found[2] not in argument_names():
        return found[0]
    return f"{found[1]}: {found[3].replace(chr(39), chr(34))}"

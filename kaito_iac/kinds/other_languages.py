"""Messages for programs in other languages: names in camelCase, values as JSON and YAML have them, nothing of pip."""

import re
from typing import Final

from kaito_iac.kinds.rows import argument_names, in_camel
from kaito_iac.spelling import camel

_FLAT: Final = r"[^{}]*"
_MAPPING: Final = rf"\{{{_FLAT}(?:\{{{_FLAT}(?:\{{{_FLAT}\}}{_FLAT})*\}}{_FLAT})*\}}"
"""A dictionary with dictionaries inside, three levels at most."""
GIVEN: Final = re.compile(
    r"(?<![\w.-])((?:[A-Za-z_]\w*(?:\[\d+\])?\.)*([A-Za-z_]\w*))"
    rf"=('[^']*'|\[\{{[^\]]*\}}\]|\[[^\]]*\]|{_MAPPING}|True|False|\d[\d.]*)"
)
"""An argument with its value, as a call in Python has it."""
OPTION: Final = re.compile(r"opts=pulumi\.ResourceOptions\((\w+)=(?:[^()]|\([^()]*\))*\)")
"""An option of a resource, as a call in Python has it."""
EXTRA: Final = re.compile(r"pip install 'kaito-iac\[[\w,]+\][^']*'")
ADD_AGAIN: Final = "run `pulumi package add` for kaito-iac again: the environment of the package has it"


def for_other_languages(text: str) -> str:
    """Return a text as a program in TypeScript, Go or YAML would say it."""
    text = OPTION.sub(lambda found: f"the option {camel(found[1])}", EXTRA.sub(ADD_AGAIN, text))
    text = GIVEN.sub(_pair, text)
    return re.sub(r"\b(True|False)\b", lambda found: found[0].lower(), in_camel(text))


def _pair(found: re.Match[str]) -> str:
    if found[2] not in argument_names():
        return found[0]
    return f"{found[1]}: {found[3].replace(chr(39), chr(34))}"

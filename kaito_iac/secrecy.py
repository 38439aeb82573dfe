"""Secrets that are known before anything runs: collected once, and masked in whatever a command prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

MASK: Final = "[secret]"
"""What stands for a secret wherever a person may read."""
SHORTEST: Final = 3
"""Shorter texts are not masked, as the Pulumi CLI does not mask them."""
OF_ENVIRONMENT: Final = 8
"""Shortest value of an environment variable that is masked: a shorter passphrase is a word of every sentence."""
_WORD: Final = 8
_START: Final = 16
"""How much of a longer secret gives it away where a message was cut."""
VARIABLES: Final = (
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "ARM_ACCESS_KEY",
    "ARM_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_CLIENT_SECRET",
    "ARM_OIDC_TOKEN",
    "ARM_SAS_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_SECRET",
    "AZURE_DEVOPS_EXT_PAT",
    "AZURE_STORAGE_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
    "DOCKER_PASSWORD",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GITLAB_TOKEN",
    "GOOGLE_CREDENTIALS",
    "HF_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "KUBECONFIG_CONTENT",
    "NVIDIA_API_KEY",
    "OPENAI_API_KEY",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "SYSTEM_ACCESSTOKEN",
    "VAULT_TOKEN",
)
"""Environment variables whose values are secrets."""
_NAMED: Final = {"&": ("amp",), "<": ("lt",), ">": ("gt",), '"': ("quot",), "'": ("apos",)}
"""Names of characters in pages."""
_SHORT: Final = {"\0": "0", "\a": "a", "\b": "b", "\x1b": "e"}
"""Letters that stand for control characters behind a backslash."""
_ALNUM: Final = re.compile(r"[A-Za-z0-9]+")
"""What no program escapes."""
_PIECES: Final = re.compile(r"[\w+/=.~-]+|[^\w+/=.~-]+")
"""Words, of the characters of base64 and of most tokens, and what is between them."""
_LINE_END: Final = frozenset(" \t\r\n\\")
"""What may be between the lines of a word."""
_LOGIN: Final = re.compile(r"(?<=://)[^/\s:@\"'<>]+:[^/\s@\"'<>]+(?=@)")
"""Name and password in an address."""


def forms(secret: str) -> Iterator[str]:
    """Return how the beginning of a longer secret may be written: as it is, escaped, in base64 and as hex digits."""
    import html  # these are loaded only where there is a secret: every command starts with this module
    import json
    from urllib.parse import quote

    yield from (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    data = secret.encode("utf-8", "surrogatepass")
    yield from (quote(data, safe=""), quote(data), html.escape(secret), " ".join(secret.split()))
    if len(data) >= _WORD:
        yield data.hex()
        yield from coded(data)


def coded(data: bytes) -> Iterator[str]:
    """Return what of base64 is that of some bytes alone, wherever they are among other bytes."""
    from base64 import b64encode

    for before in range(3):
        inner = b64encode(bytes(before) + data).decode()[(0, 2, 3)[before] :].rstrip("=")
        yield inner[:-1] if (before + len(data)) % 3 else inner


def pattern(secret: str) -> str:
    """Return an expression that matches a secret however it is escaped and coded, also more than once."""
    written = "".join(map(_character, re.sub(r"[ \t-\r]+", " ", secret)))
    if len(secret) < _WORD:
        return rf"(?<!\w)(?:{written})(?!\w)"
    bodies = _bodies(secret)
    found = [written, *(_either(code) for body in bodies for code in coded(body))]
    digits = bodies[0].hex()
    return "|".join((*found, digits, digits.upper(), ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))))


def _bodies(secret: str) -> list[bytes]:
    """Return what base64 is made of where it holds a secret: the secret, or JSON with it."""
    import json

    ways = dict.fromkeys((secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]))
    return [way.encode("utf-8", "surrogatepass") for way in ways]


def _either(code: str) -> str:
    """Return an expression for base64 in either alphabet, as JSON and addresses have it too."""
    return code.replace("+", r"(?:[+-]|%2[bB])").replace("/", r"(?:[/_]|%2[fF]|\\{1,16}/)")


def _character(char: str) -> str:
    """Return an expression for one character as programs write it: plain, escaped, in addresses and in pages."""
    if char.isascii() and char.isalnum():
        return char
    if char == " ":
        return r"(?:\s|\+|%(?:25){0,8}(?:20|0[9a-dA-D])|\\{1,16}(?:[nrtfv]|[ux](?:00)?(?:20|0[9a-dA-D]))|&nbsp;){1,400}"
    number, data = ord(char), char.encode("utf-8", "surrogatepass")
    quoted = "".join(rf"%(?:25){{0,8}}{_digits(byte)}" for byte in data)
    pairs = "".join(rf"\\{{1,16}}u{_digits(unit >> 8)}{_digits(unit & 255)}" for unit in _units(char))
    ways = [rf"\\{{0,16}}{re.escape(char)}", quoted, pairs, "".join(rf"\\{{1,16}}x{_digits(byte)}" for byte in data)]
    ways += [rf"\\{{1,16}}x{_digits(number)}"] if number < 256 and len(data) > 1 else []
    ways += [rf"&(?:amp;){{0,8}}#(?:0{{0,8}}{number}|[xX]0{{0,8}}{''.join(map(_digit, f'{number:x}'))});"]
    ways += [rf"\\{{1,16}}{_SHORT[char]}"] if char in _SHORT else []
    ways += [rf"\\{{1,16}}U0{{0,8}}{''.join(map(_digit, f'{number:x}'))}"] if number > 0xFFFF else []
    ways += [rf"&(?:amp;){{0,8}}{name};" for name in _NAMED.get(char, ())]
    ways += [r"''", "'\"'\"'"] if char == "'" else []
    return f"(?:{'|'.join(sorted(ways, key=len, reverse=True))})"


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]


def _digits(byte: int) -> str:
    return "".join(map(_digit, f"{byte:02x}"))


def _digit(low: str) -> str:
    return f"[{low}{low.upper()}]" if low.isalpha() else low


def lines_of(secret: str) -> Iterator[str]:
    """Return a secret, and each long line of one that has several, such as a key or a kubeconfig."""
    yield secret
    stripped = secret.strip()
    if stripped != secret:
        yield stripped
    if "\n" in stripped:
        yield from (line.strip() for line in stripped.splitlines() if len(line.strip()) >= _START and _is_token(line))


def _is_token(line: str) -> bool:
    """Return whether a line of a longer secret is no ordinary text of its own, such as the header of a key."""
    return not line.startswith("-----") and any(len(word) >= _START for word in line.split())


class _Secret:
    """One secret: what shows at once that a text cannot hold it, and the expression that matches it."""

    __slots__ = ("_expression", "_signs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        data = text.encode("utf-8", "surrogatepass")
        written = [] if len(text) < _WORD else [data.hex()[:_WORD], data.hex()[:_WORD].upper(), data.hex(":")[:_WORD]]
        codes = [] if len(text) < _WORD else [code for body in _bodies(text) for code in coded(body)]
        self._signs = [max(_ALNUM.findall(code), key=len, default="") for code in (text, *codes)] + written
        self._expression: re.Pattern[str] | None = None

    def found(self, text: str) -> re.Pattern[str] | None:
        """Return the expression where a text may hold the secret."""
        if not any(sign in text for sign in self._signs):
            return None
        if self._expression is None:
            self._expression = re.compile(pattern(self.text))
        return self._expression


class Known:
    """Secrets that a process knows of."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._secrets: list[_Secret] = []
        self._starts: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._texts)

    def add(self, values: Iterable[Any], shortest: int = SHORTEST) -> None:
        """Take note of secrets; of lists and mappings every text inside."""
        found = {line for value in values for text in texts_of(value) for line in lines_of(text)}
        new = {text for text in found if len(text.strip()) >= shortest} - self._texts
        if not new:
            return
        self._texts |= new
        self._secrets = sorted((*self._secrets, *map(_Secret, new)), key=lambda one: (-len(one.text), one.text))
        self._starts = {}
        for form in sorted({form for text in self._texts if "\n" not in text for form in forms(text)}, key=len, reverse=True):
            if len(form) > 2 * _START:  # the first line of a longer secret may be anybody's
                self._starts.setdefault(form[:_START], []).append(form)

    def add_environment(self, environment: Mapping[str, str]) -> None:
        """Take note of the variables that hold secrets."""
        self.add((environment[name] for name in VARIABLES if name in environment), OF_ENVIRONMENT)

    def clear(self) -> None:
        """Forget all."""
        self.__init__()  # type: ignore[misc]  # the one way to start anew

    def masked(self, text: str) -> str:
        """Return a text with `[secret]` in the place of every secret, in whatever form, and of logins in addresses."""
        if self._secrets:
            text = self._without(self._unwrapped(text))
            for start, whole in self._starts.items():
                text = _without_beginnings(text, start, whole)
        return _LOGIN.sub(MASK, text) if "://" in text else text

    def _without(self, text: str) -> str:
        for secret in self._secrets:
            expression = secret.found(text)
            text = text if expression is None else expression.sub(MASK, text)
        return text

    def _unwrapped(self, text: str) -> str:
        """Return a text without words over several lines that hold a secret, as `base64`, e-mail and narrow pages write them."""
        lines = text if "\\n" not in text else text.replace("\\n", "\n")
        if "\n" not in lines:
            return text
        shown: list[str] = []
        word: list[str] = []
        for piece in (*_PIECES.findall(lines), ""):
            if word and (_is_word(piece) or ("\n" in piece and _LINE_END.issuperset(piece))):
                word.append(piece)
                continue
            shown.append(self._shown(word))
            word = [piece] if _is_word(piece) else []
            shown += [] if word else [piece]
        return "".join(shown) if any(one.startswith(MASK) for one in shown) else text

    def _shown(self, word: list[str]) -> str:
        """Return a word over several lines, or what is shown where it holds a secret, with the line end behind it."""
        end = word.pop() if len(word) % 2 == 0 and word else ""
        whole = "".join(word[::2])
        return (MASK if len(word) > 1 and self.holds(whole) else "".join(word)) + end

    def masked_data(self, value: Any) -> Any:
        """Return plain data with every text in it masked, keys too."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(key) if isinstance(key, str) else key: self.masked_data(part) for key, part in value.items()}
        return [self.masked_data(part) for part in value] if isinstance(value, list | tuple) else value

    def holds(self, text: str) -> bool:
        """Return whether a text holds a secret."""
        expressions = (secret.found(text) for secret in self._secrets)
        return any(expression is not None and expression.search(text) for expression in expressions)


def _is_word(piece: str) -> bool:
    return piece[:1].isalnum() or piece[:1] in tuple("_+/=.~-")


def _without_beginnings(text: str, start: str, whole: list[str]) -> str:
    """Return a text without what is left of secrets that were cut."""
    place = text.find(start)
    while place >= 0:
        length = max(_alike(text, place, form) for form in whole)
        text = text[:place] + MASK + text[place + length :]
        place = text.find(start, place + len(MASK))
    return text


def _alike(text: str, place: int, form: str) -> int:
    length = 0
    while length < len(form) and text[place + length : place + length + 1] == form[length]:
        length += 1
    return length


def texts_of(value: Any) -> Iterator[str]:
    """Return every text inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from texts_of(part)


KNOWN: Final = Known()
"""The secrets that this process knows of."""

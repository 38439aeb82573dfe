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
_LOGIN: Final = re.compile(r"(?<=://)[^/\s:@\"'<>]+:[^/\s@\"'<>]+(?=@)")
"""Name and password in an address."""


def forms(secret: str) -> Iterator[str]:
    """Return how a secret may be written: as it is, as JSON, Python, HTML and addresses write it, in base64 and as hex digits."""
    import html  # these are loaded only where there is a secret: every command starts with this module
    import json
    from base64 import b64encode
    from urllib.parse import quote, quote_plus

    yield secret
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    yield from (quote(secret, safe=""), quote(secret), quote_plus(secret), html.escape(secret))
    yield from (secret.replace("\n", "\\n"), " ".join(secret.split()))
    data = secret.encode("utf-8", "surrogatepass")
    if len(data) < _WORD:
        return
    yield from (data.hex(), data.hex().upper())
    for before in range(3):  # a secret inside other text, wherever its bytes fall
        coded = b64encode(bytes(before) + data).decode()
        inner = coded[(0, 2, 3)[before] :].rstrip("=")
        inner = inner[:-1] if (before + len(data)) % 3 else inner
        yield inner
        yield inner.translate(str.maketrans("+/", "-_"))


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


class Known:
    """Secrets that a process knows of."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
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
        written = {form for text in self._texts for form in forms(text) if len(form) >= SHORTEST}
        self._pattern = re.compile("|".join(map(_pattern, sorted(written, key=lambda form: (-len(form), form)))))
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
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
            for start, whole in self._starts.items():
                text = _without_beginnings(text, start, whole)
        return _LOGIN.sub(MASK, text) if "://" in text else text

    def masked_data(self, value: Any) -> Any:
        """Return plain data with every text in it masked, keys too."""
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, Mapping):
            return {self.masked(key) if isinstance(key, str) else key: self.masked_data(part) for key, part in value.items()}
        return [self.masked_data(part) for part in value] if isinstance(value, list | tuple) else value

    def holds(self, text: str) -> bool:
        """Return whether a text holds a secret."""
        return self._pattern is not None and self._pattern.search(text) is not None


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


def _pattern(form: str) -> str:
    """Match a secret anywhere, a short one only where it is a word of its own."""
    return re.escape(form) if len(form) >= _WORD else rf"(?<!\w){re.escape(form)}(?!\w)"


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

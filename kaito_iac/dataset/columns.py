"""How TRL reads a row by the names of its columns, as KAITO 0.12's tuning program calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, Final, Literal

Form = Literal["messages", "conversations", "prompt", "chat", "tokens", "none"]
"""`messages`: conversations by role and content; `conversations`: by from and value; `prompt`: prompt and completion as texts;
`chat`: prompt and completion as messages; `tokens`: input_ids; `none`: nothing that it can train on."""
FORMS: Final[Mapping[str, str]] = {
    "messages": "conversations in the column messages",
    "conversations": "conversations in the column conversations (from and value)",
    "prompt": "the columns prompt and completion, as texts",
    "chat": "the columns prompt and completion, as messages",
    "tokens": "tokens in the column input_ids",
    "none": "nothing that it can train on",
}
USED: Final[Mapping[str, tuple[str, ...]]] = {
    "messages": ("messages",),
    "conversations": ("conversations",),
    "prompt": ("prompt", "completion"),
    "chat": ("prompt", "completion"),
    "tokens": ("input_ids",),
    "none": (),
}
"""Form to the columns it reads."""
ROLES: Final = ("system", "developer", "user", "assistant", "tool")
"""Roles that chat templates know; `from` of conversations has others, such as human and gpt."""
_PER_MESSAGE: Final = 4
"""Tokens that a chat template adds to a message."""


def form_of(values: Mapping[str, Any]) -> Form:
    """Return how a row is read; the first row decides for all."""
    if "input_ids" in values:
        return "tokens"
    if _messages(values.get("conversations"), "from", "value"):
        return "conversations"
    if "prompt" in values:
        if "completion" not in values:
            return "none"
        return "chat" if isinstance(values["prompt"], list) else "prompt"
    return "messages" if _messages(values.get("messages"), "role", "") else "none"


def _messages(value: Any, *keys: str) -> bool:
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, Mapping) and all(key in first for key in keys if key)


def wrong_in(form: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Return what is wrong with a row that is read in a form: it would end the job, or train on nothing."""
    if form in ("messages", "conversations"):
        keys = ("role", "content") if form == "messages" else ("from", "value")
        yield from _conversation(form, values.get(form), *keys)
    elif form == "chat":
        for column in USED[form]:
            yield from _conversation(column, values.get(column), "role", "content")
    elif form == "prompt":
        for column in USED[form]:
            if not isinstance(values.get(column), str):
                yield f"{column} is {kind_of_value(values.get(column))}; expected a text"
        if isinstance(values.get("completion"), str) and not values["completion"].strip():
            yield "completion is empty: nothing to learn"
    elif form == "tokens" and not (isinstance(values.get("input_ids"), list) and values["input_ids"]):
        yield f"input_ids is {kind_of_value(values.get('input_ids'))}; expected a list of tokens"


def _conversation(column: str, value: Any, who: str, what: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield f"{column} is {kind_of_value(value)}; expected a list of messages"
        return
    for index, message in enumerate(value):
        place = f"{column}[{index}]"
        if not isinstance(message, Mapping):
            yield f"{place} is {kind_of_value(message)}; expected a message with {who} and {what}"
        elif not isinstance(message.get(who), str):
            yield f"{place} has no {who}"
        elif who == "role" and message["role"] not in ROLES:
            yield f"{place}.role is {message['role'][:40]!r}; expected {', '.join(ROLES)}"
        elif not isinstance(message.get(what), str | list) and not message.get("tool_calls"):
            yield f"{place}.{what} is {kind_of_value(message.get(what))}; expected a text"
        else:
            continue
        return  # one a row is enough
    if who == "role" and column != "prompt" and not any(message["role"] == "assistant" for message in value):
        yield f"{column} has no message of the assistant: nothing to learn"


def kind_of_value(value: Any) -> str:
    """Return what a value is, in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text" if value else "an empty text"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "an object" if isinstance(value, Mapping) else type(value).__name__


def tokens_of(form: str, values: Mapping[str, Any]) -> int:
    """Return an estimate of the tokens of a row: a quarter of the ASCII characters, and one for each other character."""
    if form == "tokens":
        found = values.get("input_ids")
        return len(found) if isinstance(found, list) else 0
    return sum(_tokens(values.get(column)) for column in USED[form])


def _tokens(value: Any) -> int:
    if isinstance(value, str):
        ascii_ = len(value.encode("ascii", "ignore"))
        return ceil(ascii_ / 4) + len(value) - ascii_
    if isinstance(value, list):
        return sum(_PER_MESSAGE + _tokens(one) if isinstance(one, Mapping) else _tokens(one) for one in value)
    if isinstance(value, Mapping):
        return sum(_tokens(value.get(key)) for key in ("content", "value", "text"))
    return 0

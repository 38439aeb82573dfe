"""How rows are read by the names of their columns, and what in a row ends or spoils a job."""

from __future__ import annotations

from typing import Any

import pytest

from kaito_iac.dataset.columns import form_of, tokens_of, wrong_in

ASKED = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
SAID = [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ({"messages": ASKED, "x": 1}, "messages"),
        ({"conversations": SAID}, "conversations"),
        ({"conversations": ASKED}, "none"),
        ({"prompt": "a", "completion": "b"}, "prompt"),
        ({"prompt": ASKED[:1], "completion": ASKED[1:]}, "chat"),
        ({"prompt": "a"}, "none"),
        ({"input_ids": [1]}, "tokens"),
        ({"text": "a"}, "none"),
        ({"messages": "[]"}, "none"),
        ({}, "none"),
    ],
)
def test_forms(values: dict[str, Any], form: str) -> None:
    """The first row decides, by the names that TRL knows."""
    assert form_of(values) == form


@pytest.mark.parametrize(
    ("form", "values", "told"),
    [
        ("messages", {"messages": ASKED}, []),
        ("messages", {"messages": None}, ["messages is null; expected a list of messages"]),
        ("messages", {"messages": []}, ["messages is an empty list; expected a list of messages"]),
        ("messages", {"messages": ["a"]}, ["messages[0] is a text; expected a message with role and content"]),
        ("messages", {"messages": [{"content": "a"}]}, ["messages[0] has no role"]),
        (
            "messages",
            {"messages": [ASKED[0], {"role": "bot", "content": "a"}]},
            ["messages[1].role is 'bot'; expected system, developer, user, assistant, tool"],
        ),
        ("messages", {"messages": [{"role": "user"}]}, ["messages[0].content is null; expected a text"]),
        ("messages", {"messages": [ASKED[0], {"role": "assistant", "tool_calls": [{}]}]}, []),
        ("messages", {"messages": ASKED[:1]}, ["messages has no message of the assistant: nothing to learn"]),
        ("conversations", {"conversations": SAID}, []),
        ("conversations", {"conversations": [{"from": "human"}]}, ["conversations[0].value is null; expected a text"]),
        ("prompt", {"prompt": "a", "completion": "b"}, []),
        (
            "prompt",
            {"prompt": 1, "completion": True},
            ["prompt is a number; expected a text", "completion is true or false; expected a text"],
        ),
        ("prompt", {"prompt": "a", "completion": " "}, ["completion is empty: nothing to learn"]),
        ("chat", {"prompt": ASKED[:1], "completion": ASKED[1:]}, []),
        ("chat", {"prompt": ASKED[:1], "completion": "b"}, ["completion is a text; expected a list of messages"]),
        ("tokens", {"input_ids": []}, ["input_ids is an empty list; expected a list of tokens"]),
        ("none", {"x": 1}, []),
    ],
)
def test_rows_that_spoil_a_job(form: str, values: dict[str, Any], told: list[str]) -> None:
    """Each row is held against the form that the first one decided."""
    assert list(wrong_in(form, values)) == told


@pytest.mark.parametrize(
    ("form", "values", "tokens"),
    [
        ("prompt", {"prompt": "a" * 8, "completion": "b" * 5}, 4),
        ("prompt", {"prompt": "日本", "completion": None}, 2),
        ("messages", {"messages": ASKED}, 10),
        ("messages", {"messages": [{"role": "user", "content": [{"type": "text", "text": "abcd"}]}]}, 9),
        ("tokens", {"input_ids": [1, 2, 3]}, 3),
        ("none", {"text": "abcd"}, 0),
    ],
)
def test_tokens(form: str, values: dict[str, Any], tokens: int) -> None:
    """Four ASCII characters are a token, every other character is one, and a message has four more."""
    assert tokens_of(form, values) == tokens

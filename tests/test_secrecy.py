"""Known secrets are masked in every form in which a message may hold them."""

import json
import re
import shlex
import textwrap
import time
from base64 import b64encode, encodebytes, urlsafe_b64encode
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaito_iac.secrecy import VARIABLES, Known

SECRET = 'tök"en/+&=<7> 1é\\x'


def known(*secrets):
    found = Known()
    found.add(secrets)
    return found


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: text, id="plain"),
        pytest.param(lambda text: json.dumps({"a": f"x{text}y"}), id="JSON"),
        pytest.param(lambda text: json.dumps([text], ensure_ascii=False), id="JSON in Unicode"),
        pytest.param(repr, id="as Python writes it"),
        pytest.param(lambda text: f"?token={quote(text, safe='')}&b", id="in an address"),
        pytest.param(lambda text: f"?token={quote_plus(text)}&b", id="in a form"),
        pytest.param(lambda text: f"<td>{escape(text)}</td>", id="in a page"),
        pytest.param(lambda text: b64encode(text.encode()).decode(), id="base64"),
        pytest.param(lambda text: b64encode(f"u:{text}".encode()).decode(), id="base64 after a name"),
        pytest.param(lambda text: b64encode(f"u:{text}!".encode()).decode(), id="base64 in the middle"),
        pytest.param(lambda text: text.encode().hex(), id="hexadecimals"),
        pytest.param(lambda text: text.encode().hex().upper(), id="hexadecimals in capitals"),
        pytest.param(lambda text: urlsafe_b64encode(f"abc{text}xyz".encode()).decode(), id="base64 for addresses"),
    ],
)
def test_forms(written):
    """Nothing of the secret is left in any form, and what is around it is."""
    text = written(SECRET)
    told = known(SECRET).masked(f"before {text} after")
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert "[secret]" in told
    assert all(part not in told for part in ("tök", "t\\u00f6k", "t%C3%B6k", b64encode(SECRET.encode()).decode()[4:16]))


ODD = "Zx9/q\"q+PP'to&k<e>n|_*ö€-end"
LONG = "-".join(f"k{number:04}" for number in range(60))
PARTS = (
    "Zx9",
    "PP",
    "k<e",
    "-end",
    "k0005",
    "k0040",
    b64encode(ODD.encode()).decode()[8:20],
    b64encode(LONG.encode()).decode()[40:60],
)


@pytest.mark.parametrize("secret", [ODD, LONG], ids=["of odd characters", "long"])
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")), id="small hex digits"),
        pytest.param(lambda text: quote(quote(text, safe=""), safe=""), id="in an address inside an address"),
        pytest.param(lambda text: json.dumps(json.dumps({"a": text})), id="JSON inside JSON"),
        pytest.param(lambda text: json.dumps(json.dumps(json.dumps({"a": text}))), id="JSON inside JSON inside JSON"),
        pytest.param(lambda text: re.sub("[&<>]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text)), id="Go's JSON"),
        pytest.param(
            lambda text: re.sub(r"(?<=\\u)\w{4}", lambda found: found[0].upper(), json.dumps(text)), id="capital hex digits"
        ),
        pytest.param(lambda text: json.dumps(text).replace("/", "\\/"), id="PHP's JSON"),
        pytest.param(ascii, id="as Python writes it in ASCII"),
        pytest.param(lambda text: repr(text.encode()), id="bytes of Python"),
        pytest.param(lambda text: repr({"a": repr(text)}), id="twice as Python writes it"),
        pytest.param(lambda text: "'" + text.replace("'", "''") + "'", id="YAML in single quotes"),
        pytest.param(shlex.quote, id="as a shell takes it"),
        pytest.param(lambda text: escape(text).replace("&#x27;", "&apos;"), id="XML"),
        pytest.param(lambda text: re.sub(r"\W", lambda found: f"&#{ord(found[0])};", text), id="numbers in a page"),
        pytest.param(lambda text: re.sub(r"([\\`*_{}<>|&+-])", r"\\\1", text), id="Markdown"),
        pytest.param(lambda text: encodebytes(f"user:{text}".encode()).decode(), id="base64 in lines"),
        pytest.param(lambda text: repr(encodebytes(text.encode())), id="base64 in lines, as Python writes it"),
        pytest.param(lambda text: b64encode(json.dumps({"auth": text}).encode()).decode(), id="base64 of JSON"),
        pytest.param(lambda text: text.encode().hex(":"), id="bytes with colons"),
        pytest.param(lambda text: "\n".join(textwrap.wrap(f"the token is {text} here", 60)), id="on a narrow page"),
    ],
)
def test_further_forms(secret, written):
    """However a program escapes, wraps and codes a secret, also more than once, nothing of it is left."""
    told = known(secret).masked(f"before {written(secret)} after")
    assert "[secret]" in told
    assert [part for part in PARTS if part in told] == []
    assert told.startswith("before")


ANY = st.text(st.sampled_from("aZ9 \t\n\r\v\f\xa0\u2028\u200b'\"\\/&<>%+=-_.äö€😀\x1b\x7f\0\a\b\ud800"), min_size=8, max_size=20)


@given(ANY.filter(lambda text: len(text.strip()) >= 8))
def test_any_characters(secret):
    """Whatever characters a secret has, half ones of UTF-16 too, no way of writing it shows it."""
    data, found = secret.encode("utf-8", "surrogatepass"), known(secret)
    ways = (secret, json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret), ascii(secret), quote(data, safe=""))
    for text in (*ways, json.dumps(ways[1]), b64encode(b"a:" + data).decode()):
        assert "[secret]" in found.masked(f"x {text} y")


def test_texts_without_secrets_stay():
    """Long words over several lines, and what looks like a part of a secret, stay as they are."""
    text = "azure-native:containerservice:\nAgentPool\n  Zx9 and k0005-k0006\n" + "a" * 80 + "\n" + "b" * 80
    assert known(ODD, LONG).masked(text) == text


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "a" * 99 + "\n" * 10**5 + "!", "\\" * 10**5, "%25" * 10**5, "a\n" * 10**5, "\\n" * 10**5]
)
def test_long_texts_cost_little(text):
    """No run of characters, however long, is looked at more than a few times."""
    begun = time.process_time()
    known("a&%\\ b+secret/", LONG).masked(f"a&{text}\n")
    assert time.process_time() - begun < 10


def test_many_secrets_cost_little():
    """What holds no secret is not searched for every form of each: ten megabytes with a hundred secrets take seconds."""
    text = 'urn:pulumi:prod::shop::azure-native:containerservice:AgentPool::a {"b": 1}\n' * 40_000
    begun = time.process_time()
    assert known(*(f"token-{number}/abcdef+{number}" for number in range(100))).masked(text) == text
    assert time.process_time() - begun < 10


SECRETS = st.text(st.characters(codec="utf-8"), min_size=8, max_size=40).filter(lambda text: len(text.strip()) >= 8)


@given(SECRETS, st.text(max_size=5))
def test_any_secret(secret, around):
    """Whatever a secret of eight or more characters holds, a message in plain text, JSON or base64 does not show it."""
    found = known(secret)
    for text in (secret, json.dumps(secret), b64encode((around + secret).encode("utf-8", "replace")).decode()):
        assert text not in found.masked(f"{around}{text}{around}")


def test_cut():
    """What is left of a long secret that a message cut is masked, too."""
    secret = "0123456789abcdefghijklmnopqrstuvwxyz-and-more"
    assert known(secret).masked(f"found '{secret[:30]}…") == "found '[secret]…"


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        ("ab", "ab", "ab"),
        ("dev", "dev developer", "[secret] developer"),
        ("hunter22", "xhunter22x", "x[secret]x"),
        ("", "nothing", "nothing"),
    ],
    ids=["two characters are no secret, as for the CLI", "a short one is a word of its own", "a long one anywhere", "none"],
)
def test_length(secret, text, told):
    """Short secrets are masked as words, very short ones not at all."""
    assert known(secret).masked(text) == told


def test_lines():
    """A line of a longer secret is masked by itself, where it is no ordinary line."""
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END KEY-----\n"
    assert known(key).masked("x MIIEvQIBADANBgkqhkiG9w0BAQEFAASC y") == "x [secret] y"
    assert known(key).masked("-----BEGIN KEY-----") == "-----BEGIN KEY-----"


def test_data():
    """Texts in data are masked, numbers and shape stay."""
    found = known("hunter22")
    told = found.masked_data({"hunter22": ["a hunter22", 22, None, {"b": True}]})
    assert told == {"[secret]": ["a [secret]", 22, None, {"b": True}]}


def test_inside():
    """Texts inside a list or a mapping are secrets of their own."""
    assert known({"a": ["first-one", {"b": "second-one"}]}).masked("first-one second-one") == "[secret] [secret]"


def test_logins():
    """Name and password in an address are masked, whether they are known or not."""
    assert Known().masked("cannot reach https://user:pa55@host:443/x") == "cannot reach https://[secret]@host:443/x"


def test_environment():
    """Values of the variables that hold secrets are known, short ones and others are not."""
    found = Known()
    found.add_environment({"GITHUB_TOKEN": "ghp_0123456789", "PULUMI_CONFIG_PASSPHRASE": "test", "HOME": "/srv/somebody"})
    assert found.masked("ghp_0123456789 test /srv/somebody") == "[secret] test /srv/somebody"
    found.clear()
    assert not found


def test_variables_are_listed():
    """The threat model names every environment variable whose value is masked."""
    page = (Path(__file__).parents[1] / "docs/concepts/threat-model.md").read_text()
    assert [name for name in VARIABLES if f"`{name}`" not in page] == []

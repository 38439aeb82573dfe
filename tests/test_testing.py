"""The helpers that users' tests and ours stand on."""

import asyncio
import contextvars
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.settings import Settings

from kaito_iac.errors import SpecError
from kaito_iac.offline.sandbox import settings_restored
from kaito_iac.problem import Problem, Unknown
from kaito_iac.testing import ProgramFailed, Secret, known, leaks, record, run, tree


class Box(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, {}, opts)
        Thing(f"{name}-thing", pulumi.ResourceOptions(parent=self))


class Thing(pulumi.CustomResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Thing", name, {}, opts)


def test_tree_is_indented_and_sorted():
    """A tree names type and name of everything, parents first, siblings sorted, without the stack."""

    def program():
        Thing("z")
        box = Box("b")
        Box("inner", pulumi.ResourceOptions(parent=box))
        Box("a")

    assert tree(record(program)).splitlines() == [
        "test:index:Box a",
        "  test:index:Thing a-thing",
        "test:index:Box b",
        "  test:index:Box inner",
        "    test:index:Thing inner-thing",
        "  test:index:Thing b-thing",
        "test:index:Thing z",
    ]


@pytest.mark.parametrize(
    ("preview", "exported"),
    [pytest.param(True, Unknown("set by an output of z"), id="preview"), pytest.param(False, "z-id", id="update")],
)
def test_both_modes(preview, exported):
    """A function is recorded as a preview unless an update is asked for."""
    assert record(lambda: pulumi.export("id", Thing("z").id), preview=preview).exports == {"id": exported}


def test_config_and_names():
    """Config of any plain type and the names of project and stack reach the function."""

    def program():
        config = pulumi.Config()
        pulumi.export("all", [config.require_int("n"), config.require_bool("b"), config.require_object("o"), config.require("t")])
        pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.Config("other").require("key")])

    recording = record(
        program, config={"n": 3, "b": True, "o": {"a": [1]}, "t": "text", "other:key": "x"}, project="shop", stack="prod"
    )
    assert recording.exports == {"all": [3, True, {"a": [1]}, "text"], "names": ["shop", "prod", "x"]}


def test_what_is_raised_is_raised():
    """An error of the function reaches the test as it was raised, unless it asks for the recording."""
    error = SpecError("Box 'b'", [Problem("KS101", "size", "3")])

    def program():
        raise error

    with pytest.raises(SpecError) as raised:
        record(program)
    assert raised.value is error
    failed = record(program, allow_error=True).error
    assert failed is not None
    assert (failed.problems, failed.cause) == (error.problems, error)


def test_failure_without_an_exception():
    """What no exception of the user's says is raised as a failure of the program."""

    def program():
        Thing("z")
        Thing("z")

    with pytest.raises(ProgramFailed) as failed:
        record(program)
    assert str(failed.value) == (
        "two resources of type test:index:Thing are called 'z'; give one of them another name "
        "(URN urn:pulumi:dev::project::test:index:Thing::z)"
    )


def test_inside_a_running_loop():
    """A test that is asynchronous itself can record."""

    async def test():
        return record(lambda: pulumi.export("a", 1)).exports

    assert asyncio.run(test()) == {"a": 1}


def test_beside_the_mocks_of_the_sdk():
    """A recording leaves the mocks of another test in place, and its settings out of them."""

    class Mocks(pulumi.runtime.Mocks):
        def new_resource(self, args):
            return "mocked", args.inputs

        def call(self, args):
            return {}

    def mocked():
        pulumi.runtime.set_mocks(Mocks(), project="mocked", preview=False)
        record(lambda: Thing("z"), project="other")
        assert asyncio.get_event_loop() is loop
        return pulumi.get_project(), pulumi.runtime.is_dry_run()

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        with settings_restored(Settings):
            assert contextvars.copy_context().run(mocked) == ("mocked", False)
        loop.run_until_complete(asyncio.sleep(0))
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"a": [1, Secret("x")]}, True, id="plain values and secrets"),
        pytest.param({"a": [1, Secret([Unknown("later")])]}, False, id="an unknown inside a secret"),
        pytest.param(Unknown("later"), False, id="an unknown"),
    ],
)
def test_known(value, expected):
    """A value is known when nothing in it is unknown."""
    assert known(value) is expected


def test_program_in_a_folder(tmp_path):
    """A stack program in a folder is recorded too, and what it raises is raised."""
    (tmp_path / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import pulumi\npulumi.export('a', pulumi.Config().require_int('a'))")
    assert run(tmp_path, config={"a": "3"}).exports == {"a": 3}
    with pytest.raises(pulumi.ConfigMissingError):
        run(tmp_path)


SECRET = 'tok"en-\u00e4 0+1'


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(f"it is {SECRET}!", id="as it is"),
        pytest.param(json.dumps({"token": SECRET}), id="in JSON"),
        pytest.param(repr([SECRET]), id="in a list of Python"),
        pytest.param(f"https://example.com/?key={quote(SECRET, safe='')}", id="in an address"),
        pytest.param(SECRET.encode().hex(), id="in hexadecimals"),
        *(
            pytest.param(b64encode(f"{before}{SECRET}".encode()).decode(), id=f"in base64 after {before!r}")
            for before in ("", "u", "u:")
        ),
        *(
            pytest.param(b64encode(f"{SECRET}{after}".encode()).decode(), id=f"in base64 before {after!r}")
            for after in ("a", ", b")
        ),
        pytest.param(urlsafe_b64encode(SECRET.encode()).decode(), id="in base64 of addresses"),
    ],
)
def test_secret_in_a_text_is_found(shown):
    """A secret is found however it is written; a text without it is clean."""
    assert leaks(shown, {"other": "something-else", "token": SECRET}) == ["token"]
    assert leaks("[secret]", {"token": SECRET}) == []


@given(before=st.binary(max_size=7), secret=st.text(min_size=8), after=st.binary(max_size=7))
def test_secret_in_base64_is_found_anywhere(before, secret, after):
    """Nothing before or after a secret hides it in base64."""
    try:
        raw = secret.encode()
    except UnicodeEncodeError:
        return
    assert leaks(b64encode(before + raw + after).decode(), {"token": secret}) == ["token"]


def test_short_secret_cannot_be_looked_for():
    """A secret of a few letters is in every text, so it is refused."""
    with pytest.raises(ValueError, match=r"^5 characters are too few to be found; expected at least 8$"):
        leaks("", {"token": "short"})

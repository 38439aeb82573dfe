"""What the policy SDK hands over, as plain data."""

from types import SimpleNamespace

import pytest

from kaito_iac.problem import Unknown
from kaito_iac.stack.analyzer import plain, shown_resources
from kaito_iac.stack.resource import Options, Resource


class UnknownValueError(Exception):
    """Raised by the SDK when an unknown is touched; told by its name."""


class Proxy(dict):
    """A mapping as the SDK makes them: touching an unknown raises."""

    def __getitem__(self, key):
        value = super().__getitem__(key)
        if value == "<unknown>":
            raise UnknownValueError
        return value


LATER = Unknown("known only after the update")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param(8.0, 8, id="a whole float"),
        pytest.param(2.5, 2.5, id="a fraction"),
        pytest.param(float("inf"), float("inf"), id="without end"),
        pytest.param(True, True, id="a truth value"),
        pytest.param("8.0", "8.0", id="a text"),
        pytest.param(None, None, id="nothing"),
        pytest.param((1.0, [2.0]), [1, [2]], id="lists"),
        pytest.param([object()], [Unknown("a value of the kind object")], id="what is no data, such as an asset"),
        pytest.param(LATER, LATER, id="what is unknown already"),
        pytest.param(Proxy(count="<unknown>", size="a"), {"count": LATER, "size": "a"}, id="an unknown"),
        pytest.param(["04da6b54-80e4-46f7-96ec-b56ff0331ba9"], [LATER], id="an unknown as remediation shows it"),
        pytest.param({"spec": Proxy(replicas="<unknown>")}, {"spec": {"replicas": LATER}}, id="an unknown inside"),
    ],
)
def test_plain(value, read):
    """Values become dictionaries, lists and scalars; unknowns stay, as values."""
    assert plain(value) == read


def test_other_errors_are_not_hidden():
    """What is no unknown is an error of the SDK, and not taken for one."""

    class Broken(dict):
        def __getitem__(self, key):
            raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        plain(Broken(a=1))


OPTIONS = SimpleNamespace(
    protect=False, custom_timeouts=SimpleNamespace(create_seconds=0.0), additional_secret_outputs=[], parent=None
)


def test_inputs_that_cannot_be_read():
    """Inputs that cannot be read make one resource unknown, and leave the others as they are."""

    class Torn(dict):
        def __getitem__(self, key):
            raise OSError("torn")

    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    shown = [
        SimpleNamespace(urn="urn:1", resource_type="a:b:C", name="torn", parent=None, opts=OPTIONS, props=Torn(a=1)),
        SimpleNamespace(urn="urn:2", resource_type="a:b:C", name="deep", parent=None, opts=OPTIONS, props={"a": deep}),
        SimpleNamespace(urn="urn:3", resource_type="a:b:C", name="fine", parent=None, opts=OPTIONS, props={"a": 1.0}),
    ]
    assert [fact.inputs for fact in shown_resources(shown)] == [
        Unknown("its inputs cannot be read: OSError"),
        Unknown("its inputs cannot be read: RecursionError"),
        {"a": 1},
    ]


def test_facts():
    """A resource comes with its parent's URN and the options that rules judge."""
    top = SimpleNamespace(
        urn="urn:top", resource_type="kaito-iac:index:GpuNodePool", name="top", parent=None, props={}, opts=OPTIONS
    )
    kept = SimpleNamespace(
        protect=True, custom_timeouts=SimpleNamespace(create_seconds=3600.0), additional_secret_outputs=["data"], parent=None
    )
    pool = SimpleNamespace(urn="urn:pool", resource_type="a:b:C", name="pool", parent=top, props=Proxy(count=2.0), opts=kept)
    options = Options(protect=True, custom_timeouts={"create": "3600s"}, additional_secret_outputs=("data",))
    assert shown_resources([top, pool]) == [
        Resource("urn:top", "kaito-iac:index:GpuNodePool", "top", None, {}),
        Resource(
            "urn:pool",
            "a:b:C",
            "pool",
            "urn:top",
            {"count": 2},
            options=options,
        ),
    ]


@pytest.mark.parametrize(
    ("urn", "stack"),
    [
        pytest.param("urn:pulumi:prod::shop::kubernetes:core/v1:Secret::key", "prod", id="as the engine writes it"),
        pytest.param("urn:pulumi:prod-eu::shop::a:b:C$d:e:F::x", "prod-eu", id="below a component"),
        pytest.param("urn", "", id="no URN of the engine"),
    ],
)
def test_stack(urn, stack):
    """A resource knows the stack it belongs to."""
    assert Resource(urn, "a:b:C", "x", None, {}).stack == stack

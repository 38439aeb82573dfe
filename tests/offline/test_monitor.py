"""What a registration is recorded as, in a preview and in a first update."""

import pulumi
import pytest

from kaito_iac.offline import Options, Resource, Secret, Unseen, run_function
from kaito_iac.problem import Unknown

LATER = Unknown("known only after the update")
STACK = "urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev"
BOX = "urn:pulumi:dev::project::test:index:Box::box"
FIRST = "urn:pulumi:dev::project::test:index:Box$test:index:Thing::first"
SECOND = "urn:pulumi:dev::project::test:index:Thing::second"


class Box(pulumi.ComponentResource):
    def __init__(self, name, props=None, opts=None, remote=False):
        super().__init__("test:index:Box", name, props or {}, opts, remote)


class Thing(pulumi.CustomResource):
    made: pulumi.Output[str]

    def __init__(self, name, props=None, opts=None):
        super().__init__("test:index:Thing", name, {**(props or {}), "made": None}, opts)


class Provider(pulumi.ProviderResource):
    def __init__(self, name, props=None, opts=None):
        super().__init__("test", name, props or {}, opts)


def _two_things():
    box = Box("box", {"size": 2.0})
    inputs = {"count": 1, "share": 2.5, "tags": ["a", None], "key": pulumi.Output.secret({"pass": "word"})}
    first = Thing("first", inputs, pulumi.ResourceOptions(parent=box))
    second = Thing("second", {"from": first.made, "both": {"id": first.id, "plain": 1}})
    box.register_outputs({"name": first.made, "token": pulumi.Output.secret(first.id)})
    pulumi.export("made", second.made)
    pulumi.export("list", [first.id, {"deep": second.id}])
    pulumi.export("secret", pulumi.Output.secret("word"))


def test_preview_leaves_unknown_what_only_a_provider_can_tell():
    """In a preview ids and computed outputs are unknown, and every unknown names its source."""
    recording = run_function(_two_things)
    by_first = Unknown("set by an output of first")
    first = {"count": 1, "key": Secret({"pass": "word"}), "share": 2.5, "tags": ["a", None]}
    second = {"both": {"id": by_first, "plain": 1}, "from": by_first}
    sources = Options(depends_on=(FIRST,), property_dependencies={"both": (FIRST,), "from": (FIRST,)})
    exports = {
        "list": [Unknown("set by outputs of first and second"), {"deep": Unknown("set by outputs of first and second")}],
        "made": Unknown("set by an output of second"),
        "secret": Secret("word"),
    }
    assert recording.error is None
    assert recording.exports == exports
    assert recording.resources == (
        Resource(
            urn=STACK,
            type="pulumi:pulumi:Stack",
            name="project-dev",
            parent=None,
            custom=False,
            inputs={},
            outputs=exports,
        ),
        Resource(
            urn=BOX,
            type="test:index:Box",
            name="box",
            parent=STACK,
            custom=False,
            inputs={"size": 2},
            outputs={"name": LATER, "token": Secret(LATER)},
        ),
        Resource(
            urn=FIRST,
            type="test:index:Thing",
            name="first",
            parent=BOX,
            custom=True,
            inputs=first,
            outputs=first,
            id=LATER,
        ),
        Resource(
            urn=SECOND,
            type="test:index:Thing",
            name="second",
            parent=STACK,
            custom=True,
            inputs=second,
            outputs=second,
            id=LATER,
            options=sources,
        ),
    )


def test_update_gives_ids_and_leaves_out_what_is_computed():
    """In a first update ids are `<name>-id` and outputs that are no inputs do not exist."""
    recording = run_function(_two_things, dry_run=False)
    assert recording.error is None
    assert recording.by_name("second").inputs == {"both": {"id": "first-id", "plain": 1}}
    assert recording.by_name("box").outputs == {"token": Secret("first-id")}
    assert recording.by_name("second").id == "second-id"
    assert recording.exports == {"list": ["first-id", {"deep": "second-id"}], "secret": Secret("word")}


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "update"])
def test_identities_of_azure_are_a_list_going_in_and_a_mapping_coming_out(dry_run):
    """azure-native takes the ids of user-assigned identities as a list, and its outputs are typed as a mapping by id."""

    def program():
        from pulumi_azure_native import containerservice

        identity = {"type": "UserAssigned", "user_assigned_identities": ["/a", "/b"]}
        made = containerservice.ManagedCluster("c", resource_group_name="g", identity=identity)
        Thing("reader", {"ids": made.identity.apply(lambda found: sorted(found.user_assigned_identities))})

    recording = run_function(program, dry_run=dry_run)
    assert recording.by_name("c").inputs["identity"]["userAssignedIdentities"] == ["/a", "/b"]
    assert recording.by_name("reader").inputs == {"ids": ["/a", "/b"]}


def test_children_take_over_what_the_engine_hands_down():
    """Protection, retention, deletion and provider come from the parent unless the child says otherwise."""

    def program():
        provider = Provider("west", {"region": "west"})
        keeper = Thing("keeper")
        options = pulumi.ResourceOptions(
            protect=True, retain_on_delete=True, deleted_with=keeper, providers=[provider], ignore_changes=["a"]
        )
        box = Box("box", {}, options)
        Thing("heir", {}, pulumi.ResourceOptions(parent=box))
        Thing("rebel", {}, pulumi.ResourceOptions(parent=box, protect=False))

    recording = run_function(program)
    west = "urn:pulumi:dev::project::pulumi:providers:test::west::unknown"
    keeper = "urn:pulumi:dev::project::test:index:Thing::keeper"
    heir, rebel = recording.by_name("heir"), recording.by_name("rebel")
    assert (heir.provider, heir.options) == (west, Options(protect=True, retain_on_delete=True, deleted_with=keeper))
    assert (rebel.provider, rebel.options) == (west, Options(protect=False, retain_on_delete=True, deleted_with=keeper))
    assert recording.by_name("box").options.providers == {"test": west}
    assert recording.by_name("keeper").provider == ""


def test_every_option_is_recorded():
    """Options of a resource are recorded in the words of the engine."""

    def program():
        first = Thing("first")
        pulumi.export("first", first.urn)
        Thing(
            "second",
            {"a": 1, "token": "t"},
            pulumi.ResourceOptions(
                depends_on=[first],
                ignore_changes=["a"],
                replace_on_changes=["token"],
                delete_before_replace=True,
                additional_secret_outputs=["token"],
                aliases=[pulumi.Alias(name="old"), pulumi.Alias(type_="test:index:Old"), "urn:pulumi:dev::project::x:y:Z::z"],
                custom_timeouts=pulumi.CustomTimeouts(create="30m", delete="1h"),
                version="1.2.3",
                plugin_download_url="https://example.com/plugins",
                import_="real-id",
            ),
        )

    second = run_function(program).by_name("second")
    assert second.options == Options(
        depends_on=("urn:pulumi:dev::project::test:index:Thing::first",),
        ignore_changes=("a",),
        replace_on_changes=("token",),
        delete_before_replace=True,
        additional_secret_outputs=("token",),
        aliases=(
            "urn:pulumi:dev::project::test:index:Thing::old",
            "urn:pulumi:dev::project::test:index:Old::second",
            "urn:pulumi:dev::project::x:y:Z::z",
        ),
        custom_timeouts={"create": "30m", "delete": "1h"},
        version="1.2.3",
        plugin_download_url="https://example.com/plugins",
        import_id="real-id",
    )
    assert (second.id, second.inputs, second.outputs) == (
        "real-id",
        {"a": 1, "token": "t"},
        {"a": 1, "token": Secret("t")},
    )


def test_component_of_a_plugin_is_recorded_and_its_inside_is_unseen():
    """A remote component is there, its children are not, and its outputs say why they are unknown."""

    def program():
        class Chart(pulumi.ComponentResource):
            resources: pulumi.Output[list]

            def __init__(self, name):
                super().__init__("kubernetes:helm.sh/v4:Chart", name, {"chart": "x", "resources": None}, None, True)

        chart = Chart("operator")
        Thing("after", {"from": chart.resources})
        pulumi.export("resources", chart.resources)

    recording = run_function(program)
    urn = "urn:pulumi:dev::project::kubernetes:helm.sh/v4:Chart::operator"
    why = Unknown("made by the plugin of kubernetes")
    assert recording.unseen == (Unseen(urn, "children and outputs of a component made by the plugin of kubernetes"),)
    assert (recording.by_name("operator").remote, recording.by_name("operator").inputs) == (True, {"chart": "x"})
    assert recording.by_name("after").inputs == {"from": why}
    assert recording.exports == {"resources": why}


def test_read_resource_is_marked_and_its_state_unknown():
    """A resource that is only looked up has its id, and nothing else that the program does not know."""

    def program():
        found = Thing("found", {}, pulumi.ResourceOptions(id="real-id"))
        Thing("after", {"key": found.id, "from": found.made})

    recording = run_function(program)
    found = recording.by_name("found")
    assert (found.read, found.id, found.outputs) == (True, "real-id", {})
    assert recording.by_name("after").inputs == {
        "key": "real-id",
        "from": Unknown("read from the cloud as found"),
    }
    assert recording.unseen == (Unseen(found.urn, "state of a resource that is only read"),)


@pytest.mark.parametrize(
    ("invokes", "inputs", "unseen"),
    [
        pytest.param({"test:index:size": {"nodes": 3}}, {"nodes": 3}, (), id="a supplied result is used"),
        pytest.param(
            {"test:index:size": lambda given: {"nodes": given["gpus"] * 2}}, {"nodes": 8}, (), id="a supplied function is asked"
        ),
        pytest.param({"test:index:size": {"nodes": Secret(3)}}, {"nodes": Secret(3)}, (), id="a supplied secret stays a secret"),
        pytest.param(
            {},
            {"nodes": Unknown("result of test:index:size, which was not supplied")},
            (Unseen("test:index:size", "result of a provider function that was not supplied"),),
            id="nothing supplied is unknown",
        ),
    ],
)
def test_provider_function_as_output(invokes, inputs, unseen):
    """A provider function is answered from what was supplied, else its result is unknown and unseen."""

    def program():
        size = pulumi.runtime.invoke_output("test:index:size", {"gpus": 4})
        Thing("thing", {"nodes": size.apply(lambda found: found["nodes"])})

    recording = run_function(program, invokes=invokes)
    assert (recording.by_name("thing").inputs, recording.unseen, recording.error) == (inputs, unseen, None)


def test_provider_function_needed_at_once():
    """A result that a program reads at once, and no one supplied, is unknown wherever it goes."""

    def program():
        found = pulumi.runtime.invoke("test:index:size", {"gpus": 4}).value
        Thing("thing", {"nodes": found["nodes"], "text": f"{found['pools'][0].name}-a", "plain": 3})

    why = Unknown("result of test:index:size, which was not supplied")
    recording = run_function(program)
    assert recording.error is None
    assert recording.by_name("thing").inputs == {"nodes": why, "text": why, "plain": 3}
    assert [unseen.supply for unseen in recording.unseen] == ['{"token": "test:index:size", "args": {"gpus": 4}, "result": {}}']


@pytest.mark.parametrize(
    ("given", "exports"),
    [
        pytest.param(
            {"organization/platform/prod": {"pool": "a100", "key": Secret("k")}},
            {"pool": "a100", "key": Secret("k")},
            id="supplied outputs are used, secrets stay secret",
        ),
        pytest.param(
            {},
            dict.fromkeys(("pool", "key", "none"), Unknown("output of stack organization/platform/prod, which was not supplied")),
            id="outputs that were not supplied are unknown",
        ),
    ],
)
def test_reference_to_another_stack(given, exports):
    """Outputs of other stacks come from what was supplied, and are unknown otherwise."""

    def program():
        platform = pulumi.StackReference("organization/platform/prod")
        for name in ("pool", "key", "none"):
            pulumi.export(name, platform.get_output(name))

    recording = run_function(program, references=given)
    assert recording.exports == exports
    missing = (Unseen("organization/platform/prod", "outputs of a stack that were not supplied"),)
    assert recording.unseen == (() if given else missing)


def test_log_lines_are_kept_without_debug():
    """What the program logs is recorded with its resource; debug lines are dropped."""

    def program():
        thing = Thing("thing")
        pulumi.log.debug("hidden")
        pulumi.log.info("said")
        pulumi.log.warn("careful", thing)

    recording = run_function(program)
    assert [(entry.severity, entry.message, entry.urn) for entry in recording.logs] == [
        ("info", "said", ""),
        ("warning", "careful", recording.by_name("thing").urn),
    ]


def test_secrets_do_not_show():
    """The text of a recording holds no secret value."""
    assert "word" not in repr(run_function(_two_things))


def test_resources_and_methods_as_values():
    """A resource given as an input is a reference; the result of a plugin's method is unknown and unseen."""

    def program():
        box, thing = Box("box"), Thing("thing")
        Thing("user", {"of": thing, "in": [box]})
        pulumi.export("called", pulumi.runtime.call("test:index:Box/size", {}, box))

    recording = run_function(program)
    assert recording.error is None
    assert recording.by_name("user").inputs == {
        "in": [{"urn": BOX}],
        "of": {"id": Unknown("set by an output of thing"), "urn": "urn:pulumi:dev::project::test:index:Thing::thing"},
    }
    assert recording.exports == {"called": LATER}
    assert recording.unseen == (Unseen("test:index:Box/size", "result of a method that only its provider can compute"),)
    assert recording.unseen[0].supply == '{"token": "test:index:Box/size", "args": {}, "result": {}}'


def test_supplied_results_of_methods():
    """A result that is supplied for a method is that of every resource it is called on, plain or as an output."""

    def program():
        for name in ("first", "second"):
            pulumi.export(name, pulumi.runtime.call("test:index:Box/size", {"unit": "cm"}, Box(name)))

    asked = []

    def answer(args):
        asked.append(dict(args))
        return {"result": 7}

    recording = run_function(program, invokes={"test:index:Box/size": answer})
    assert recording.exports == {"first": {"result": 7}, "second": {"result": 7}}
    assert (asked, recording.unseen) == ([{"unit": "cm"}] * 2, ())


def test_hooks_are_named_and_never_run():
    """Hooks are recorded by moment and name."""

    def hook(args):
        raise AssertionError("nothing is created here")

    def program():
        binding = pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("check", hook)], after_create=[hook])
        Thing("thing", {}, pulumi.ResourceOptions(hooks=binding))

    recording = run_function(program)
    assert recording.error is None
    assert recording.by_name("thing").options.hooks == {
        "after_create": ("test:index:Thing_thing_after_create_0",),
        "before_create": ("check",),
    }

"""Transforms of the stack, of resources and of function calls change what is recorded."""

import asyncio
from types import SimpleNamespace

from kaito_iac.offline import Options, ProgramError, Secret, run_program, sdk
from kaito_iac.problem import Unknown


def test_transforms_change_what_is_recorded(program):
    """A resource's own transforms run first, then its ancestors', then the stack's; outputs stay outputs in them."""
    recording = run_program(
        program(
            """
            seen = []

            def stack(args):
                seen.append(f"stack {args.name}")
                if args.type_ == "test:index:Thing":
                    options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
                    return pulumi.ResourceTransformResult({**args.props, "owner": "team"}, options)

            def box(args):
                seen.append(f"box {args.name}")
                return pulumi.ResourceTransformResult({**args.props, "box": True}, args.opts)

            def own(args):
                seen.append(f"own {args.name} {isinstance(args.props['from'], pulumi.Output)}")
                return pulumi.ResourceTransformResult({**args.props, "own": True}, args.opts)

            pulumi.runtime.register_resource_transform(stack)
            first = Thing("first", {"key": {"word": pulumi.Output.secret("w"), "n": 1}})
            parent = Box("box", {}, pulumi.ResourceOptions(transforms=[box], depends_on=[first]))
            Thing("second", {"from": first.made}, pulumi.ResourceOptions(parent=parent, transforms=[own]))
            pulumi.runtime.register_resource_transform(lambda args: None)
            pulumi.export("seen", pulumi.Output.all(first.urn).apply(lambda _: seen))
            """
        )
    )
    assert recording.error is None
    first, second = recording.by_name("first"), recording.by_name("second")
    assert (first.inputs, first.options) == (
        {"key": {"n": 1, "word": Secret("w")}, "owner": "team"},
        Options(protect=True),
    )
    assert (second.inputs, second.options.protect) == (
        {"box": True, "from": Unknown("set by an output of first"), "own": True, "owner": "team"},
        True,
    )
    assert second.options.property_dependencies == {"from": (first.urn,)}
    assert recording.by_name("box").inputs == {"box": True}


def test_transform_of_function_calls(program):
    """A transform of function calls changes the arguments that are answered."""
    recording = run_program(
        program(
            """
            def louder(args):
                return pulumi.InvokeTransformResult({"word": args.args["word"].upper()}, args.opts)

            pulumi.runtime.register_invoke_transform(louder)
            pulumi.export("heard", pulumi.runtime.invoke_output("test:index:say", {"word": "hey"}))
            """
        ),
        invokes={"test:index:say": lambda given: {"said": given["word"]}},
    )
    assert (recording.error, recording.exports) == (None, {"heard": {"said": "HEY"}})


def test_transform_that_fails(program):
    """A transform that raises ends the program with its message."""
    recording = run_program(
        program(
            """
            def broken(args):
                raise ValueError("no such size")

            pulumi.runtime.register_resource_transform(broken)
            Thing("thing")
            """
        )
    )
    assert isinstance(recording.error, ProgramError)
    assert "no such size" in recording.error.message


def test_program_that_waits_forever_with_transforms(program):
    """The server for transforms does not keep a stuck program alive."""
    recording = run_program(
        program(
            """
            import asyncio
            Thing("thing", {}, pulumi.ResourceOptions(transforms=[lambda args: None]))
            pulumi.export("never", pulumi.Output.from_input(asyncio.get_event_loop().create_future()))
            """
        )
    )
    assert recording.error == ProgramError("the program waits for an output that never gets a value", (), True)


def test_a_service_starts_before_it_is_stopped(monkeypatch):
    """A program that fails while its service of callbacks starts waits for the start: gRPC ended the process by SIGSEGV."""
    order = []

    async def serve(_servicer):
        await asyncio.sleep(0.01)
        order.append("started")

    async def shutdown(_class):
        order.append("stopped")

    monkeypatch.setattr(sdk._Servicer, "serve", serve)
    monkeypatch.setattr(sdk._Servicer, "shutdown", classmethod(shutdown))

    async def program():
        starting = asyncio.ensure_future(sdk._Servicer.serve(SimpleNamespace(_loop=asyncio.get_running_loop())))
        await asyncio.sleep(0)
        await sdk.stop_callbacks()
        await starting

    loop = asyncio.new_event_loop()
    with sdk.started_before_stopped():
        loop.run_until_complete(program())
    loop.close()
    assert order == ["started", "stopped"]

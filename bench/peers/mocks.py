"""The same program under Pulumi's own mocks, in the environment of the project: COUNT workspaces."""

import asyncio
import sys

import pulumi


class Mocks(pulumi.runtime.Mocks):
    """Gives every resource its inputs as state."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[object, object]]:
        """Return an id and the inputs."""
        return f"{args.name}-id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[object, object]:
        """Answer nothing."""
        return {}


asyncio.set_event_loop(asyncio.new_event_loop())
pulumi.runtime.set_mocks(Mocks(), preview=True)

from kaito_iac import KaitoWorkspace  # noqa: E402  # after the mocks, as tests do


@pulumi.runtime.test
def program() -> None:
    """Make the workspaces."""
    for number in range(int(sys.argv[1])):
        KaitoWorkspace(f"chat-{number}", {"preset": "phi-4-mini-instruct", "context": 8192})


program()

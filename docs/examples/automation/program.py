"""What the platform offers each team: one served model on nodes that KAITO creates."""

import pulumi

import kaito_iac as kaito

PROJECT = "team-models"


def program() -> None:
    """Register the model that the stack's configuration names."""
    config = pulumi.Config()
    chat = kaito.KaitoWorkspace(
        "chat",
        preset=config.require("preset"),
        instance_type=config.require("instanceType"),
        location=config.require("location"),
        labels={"team": pulumi.get_stack()},
    )
    pulumi.export("chat", chat.endpoint)

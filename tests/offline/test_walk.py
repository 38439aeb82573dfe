"""Unknown results of provider functions that a program decodes at once."""

import base64
import json

import pulumi

from kaito_iac.testing import record


def test_unknown_text_is_decoded() -> None:
    """A kubeconfig in base64 and a secret in JSON stay unknown; what is known is decoded as always."""

    def program() -> None:
        from pulumi_azure_native import containerservice

        found = containerservice.list_managed_cluster_user_credentials(resource_group_name="g", resource_name="c")
        pulumi.export("config", base64.b64decode(found.kubeconfigs[0].value).decode())
        pulumi.export("password", json.loads(found.kubeconfigs[0].value)["password"])
        pulumi.export("known", [base64.b64decode("YQ==").decode(), json.loads('{"a": 1}')["a"]])

    before = (base64.b64decode, json.loads)
    recording = record(program)
    assert recording.error is None
    assert (base64.b64decode, json.loads) == before
    assert recording.exports["known"] == ["a", 1]
    assert [type(recording.exports[name]).__name__ for name in ("config", "password")] == ["Unknown", "Unknown"]

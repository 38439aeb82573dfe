"""Outputs of components that are one value: keys are camelCase, as in the state, attributes are snake_case."""

from typing import Any


class Endpoint(dict[str, Any]):
    """Where a served model answers."""

    @property
    def url(self) -> str | None:
        """Base address in the cluster, ends in /v1; null where there is no Service over all replicas."""
        return self.get("url")

    @property
    def model(self) -> str:
        """Name that requests send as model."""
        return str(self.get("model"))

    @property
    def context_tokens(self) -> int | None:
        """Longest context, tokens; null where it is not known."""
        return self.get("contextTokens")


class PoolEndpoint(dict[str, Any]):
    """The InferencePool by which a gateway reaches the roles of a model."""

    @property
    def pool(self) -> str:
        """Name of the InferencePool."""
        return str(self.get("pool"))

    @property
    def namespace(self) -> str:
        """Namespace of the InferencePool."""
        return str(self.get("namespace"))

    @property
    def model(self) -> str:
        """Name that requests send as model."""
        return str(self.get("model"))

    @property
    def context_tokens(self) -> int | None:
        """Longest context, tokens; null where it is not known."""
        return self.get("contextTokens")


class Adapter(dict[str, Any]):
    """A trained adapter, as `adapters` of a KaitoWorkspace or KaitoInferenceSet takes it."""

    @property
    def name(self) -> str:
        """Name of the adapter, which clients send as model."""
        return str(self.get("name"))

    @property
    def image(self) -> str | None:
        """Image that contains it; null for one in a volume."""
        return self.get("image")

    @property
    def image_pull_secrets(self) -> list[str] | None:
        """Names of Secrets that may pull the image."""
        return self.get("imagePullSecrets")

    @property
    def volume(self) -> dict[str, Any] | None:
        """Volume source that contains it; null for one in an image."""
        return self.get("volume")

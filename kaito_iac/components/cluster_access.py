"""How a hook of a program reaches the cluster of its Kubernetes provider; nothing of it gets into the state."""

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar

import pulumi
import pulumi.runtime

from kaito_iac.readiness.cluster import Cluster, open_cluster

T = TypeVar("T")
_clusters: dict[str, Cluster] = {}
_lock = Lock()


async def reach(made: pulumi.Resource | None, kubeconfig: Any, context: str) -> Cluster:
    """Open the cluster: of the kubeconfig that is given, else of the provider, or of the object's, else of the environment."""
    given = await pulumi.Output.from_input(kubeconfig).future() if kubeconfig is not None else None
    if given is None:
        settings = await provider_settings(made)
        given, context = settings.get("kubeconfig"), context or str(settings.get("context") or "")
    return shared(str(given) if given else None, context or None)


async def provider_settings(made: pulumi.Resource | None) -> Mapping[str, Any]:
    """Return kubeconfig and context of an object's provider: its own inputs, or the stack configuration of the default one."""
    provider = made if isinstance(made, pulumi.ProviderResource) else getattr(made, "_provider", None)
    if provider is None:
        config = pulumi.Config("kubernetes")
        return {"kubeconfig": config.get("kubeconfig"), "context": config.get("context")}
    urn = await provider.urn.future()
    answer = await pulumi.runtime.invoke_async("pulumi:pulumi:getResource", {"urn": urn})
    state = answer.get("state") if isinstance(answer, Mapping) else None
    return state if isinstance(state, Mapping) else {}


def names_no_cluster(made: pulumi.Resource, kubeconfig: Any) -> bool:
    """Return whether nothing names a cluster: no argument, provider, configuration, environment or file of this machine."""
    if kubeconfig is not None or getattr(made, "_provider", None) is not None:
        return False
    if pulumi.Config("kubernetes").get("kubeconfig") or os.environ.get("KUBECONFIG") or os.environ.get("KUBERNETES_SERVICE_HOST"):
        return False
    return not Path("~/.kube/config").expanduser().is_file()


def shared(kubeconfig: str | None, context: str | None) -> Cluster:
    """Return one reader per cluster, so that many gates ask once."""
    key = sha256(f"{kubeconfig}\n{context}".encode()).hexdigest()
    with _lock:
        if key not in _clusters:
            _clusters[key] = open_cluster(kubeconfig=kubeconfig, context=context)
        return _clusters[key]


async def aside(work: Callable[[], T]) -> T:
    """Do blocking work in a thread that does not hold up the program, not even its end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_: Callable[[], None]) -> None:
        if not done.done():  # the waiting thread may have been stopped
            set_()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            _tell(loop, settle, partial(done.set_exception, error))
        else:
            _tell(loop, settle, partial(done.set_result, result))

    Thread(target=run, daemon=True).start()
    return await done


def _tell(loop: asyncio.AbstractEventLoop, set_: Callable[[Any], None], value: Any) -> None:
    try:
        loop.call_soon_threadsafe(set_, value)
    except RuntimeError:  # the program has ended meanwhile
        pass


def speaker(resource: pulumi.Resource) -> Callable[[str], None]:
    """Return a function that says lines in Pulumi's log from any thread; call it on the program's own."""
    loop = asyncio.get_running_loop()

    def say(text: str) -> None:
        _tell(loop, lambda line: pulumi.log.info(line, resource), text)

    return say

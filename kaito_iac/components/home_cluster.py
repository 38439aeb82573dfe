"""The cluster that a component hangs on, and the Kubernetes provider that its objects use unless another one is given."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi

from kaito_iac.errors import SpecError
from kaito_iac.problem import Problem

CLUSTER: Final = "KaitoCluster"
OPTION: Final = "kaito-iac:clusterProvider"
"""Stack configuration that keeps the default Kubernetes provider when it is false."""
CONFIGURED: Final = ("kubeconfig", "context", "cluster")
"""Stack configuration of the default Kubernetes provider that says which cluster it reaches."""
_homes: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
"""Component, or Kubernetes provider of a KaitoCluster, to its KaitoCluster."""
_LINKS: Final = ("cluster", "operator", "node_pool")


def settle(made: Any, name: str, args: Any, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Return the options of a component that is being made: with the provider of the KaitoCluster that its arguments hang on.

    A provider that is given, by options or a parent, wins; so does one that the stack configures by `kubernetes:kubeconfig`,
    `context` or `cluster`, and every default provider where `kaito-iac:clusterProvider` is false. Raises SpecError when two
    clusters of the program meet in one component.
    """
    kind = type(made).__name__
    home = made if kind == CLUSTER else _home(kind, name, args)
    if home is None:
        return opts
    _homes[made] = home
    given = _given(opts)
    if given is not None:
        _agree(kind, name, home, given)
        return opts
    if not _has_objects(kind, args) or not _by_default():
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[home.provider()]))


def own_provider(cluster: pulumi.Resource, provider: pulumi.ProviderResource) -> None:
    """Remember which KaitoCluster a Kubernetes provider belongs to."""
    _homes[provider] = cluster


def _home(kind: str, name: str, args: Any) -> Any:
    """Return the one KaitoCluster of the program that the arguments hang on, if there is one."""
    found: dict[int, tuple[str, Any]] = {}
    for link, home in _linked(args):
        found.setdefault(id(home), (link, home))
    if len(found) > 1:
        (one, first), (other, second) = list(found.values())[:2]
        message = f"in {_called(second)}, while {one} is in {_called(first)}"
        fix = "take both from one cluster, or make one component for each"
        raise SpecError(f"{kind} '{name}'", [Problem("KO414", other, message, "operator and nodes of one cluster", fix)])
    return next((home for _, home in found.values()), None)


def _linked(args: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(args, Mapping):
        return
    for link in _LINKS:
        value = args.get(link)
        if isinstance(value, pulumi.Resource) and value in _homes:
            yield link, _homes[value]


def _given(opts: pulumi.ResourceOptions | None) -> pulumi.ProviderResource | None:
    """Return the Kubernetes provider of the options or of a parent."""
    if opts is None:
        return None
    listed = opts.providers.values() if isinstance(opts.providers, Mapping) else opts.providers or ()
    candidates: list[pulumi.ProviderResource | None] = [opts.provider, *listed]
    for one in candidates:
        if one is not None and one.package == "kubernetes":
            return one
    return opts.parent.get_provider("kubernetes:core/v1:Namespace") if opts.parent is not None else None


def _agree(kind: str, name: str, home: Any, given: pulumi.ProviderResource) -> None:
    other = _homes.get(given)
    if other is None or other is home or kind == CLUSTER:
        return
    message = f"that of {_called(other)}, while the component hangs on {_called(home)}"
    fix = "leave the provider out, or give that of the same cluster"
    raise SpecError(f"{kind} '{name}'", [Problem("KO414", "provider", message, "the provider of the same cluster", fix)])


def _has_objects(kind: str, args: Any) -> bool:
    """Return whether objects of a component need a provider from here: the add-on is Azure's, a pool of Karpenter asks itself."""
    addon = kind == "KaitoOperator" and args.get("mode") == "addon"
    return kind not in (CLUSTER, "GpuNodePool", "ReadinessGate") and not addon


def _by_default() -> bool:
    """Return whether objects without a provider go to the cluster that they hang on."""
    try:
        wanted = pulumi.Config("kaito-iac").get_bool("clusterProvider")
    except pulumi.ConfigTypeError:
        problem = Problem("KS106", OPTION, "no truth value", "true or false")
        raise SpecError("Stack configuration", [problem]) from None
    default = pulumi.Config("kubernetes")
    return wanted is not False and (wanted is True or not any(default.get(key) for key in CONFIGURED))


def _called(cluster: Any) -> str:
    return f"KaitoCluster '{cluster._name}'"

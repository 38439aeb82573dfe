"""Pools of nodes as every source declares them: AKS, Karpenter, EKS, and nodes that exist already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaito_iac.catalog.label import INSTANCE_TYPE, NODE_POOL
from kaito_iac.demand.aks import agent_pools, pool_nodes
from kaito_iac.demand.demand import Graph, sized
from kaito_iac.demand.eks import EKS_TOKENS, group_nodes, group_sizes
from kaito_iac.demand.karpenter import KARPENTER_TOKEN, nodes_of_pool, requirements
from kaito_iac.demand.karpenter_size import names_gpus, only_value, sizes_of
from kaito_iac.demand.range import Range
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import entries, field, mapping, section, text, whole
from kaito_iac.stack.resource import Resource

COMPONENT: Final = "kaito-iac:index:GpuNodePool"
"""Type of our component around a pool, which also describes nodes that exist."""
_SEVERAL: Final = Unknown("one of several")
_UNCOUNTED: Final = Unknown("the number of existing nodes is not stated")
_EFFECTS: Final = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
"""Effects of taints as EKS writes them, and as Kubernetes does."""
_SPOT_TAINT: Final = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Nodes of one kind that selectors find."""

    urn: str
    resource: str
    """Name of the resource."""
    name: str
    """What messages call it: the component around it, else the resource and where in it the pool is."""
    path: str = ""
    """Where in the resource it is; empty for a pool of its own."""
    labels: Mapping[str, str]
    """Labels that are known."""
    doubtful: Mapping[str, Unknown]
    """Labels whose value is not known yet."""
    open: Unknown | None
    """Why it may have labels that are not known yet; None when all are."""
    size: Any
    """VM size as written."""
    nodes: Range | Unknown = _UNCOUNTED
    gpus_per_node: int | Unknown
    has_gpus: bool | Unknown = True
    """Whether its nodes have GPUs; of several sizes whether any has."""
    size_at: str = ""
    """Path of its size in the resource."""
    taints: tuple[Any, ...] | Unknown = ()
    """Taints that are declared, as `key=value:effect`."""
    taints_at: str = ""
    """Path of its taints in the resource."""
    added: tuple[Any, ...] = ()
    """Taints that the cloud adds."""
    protect: bool = False
    """Whether the engine refuses to delete its resource."""
    declared: bool = True
    """False: the nodes exist already, and are only described."""

    @property
    def place(self) -> str:
        """Return the resource, and where in it the pool is."""
        return f"{self.resource}: {self.path}" if self.path else self.resource

    @property
    def every_taint(self) -> tuple[Any, ...]:
        """Return all taints of its nodes; one that is not known where nothing of them is."""
        return (self.taints,) if isinstance(self.taints, Unknown) else (*self.taints, *self.added)

    def tells(self, key: str) -> bool:
        """Return whether its nodes have a label, or may turn out to have it, by name."""
        return key in self.labels or key in self.doubtful

    def chosen_by(self, wanted: Mapping[str, Any] | Unknown) -> bool | Unknown:
        """Return whether a selector finds its nodes."""
        if isinstance(wanted, Unknown):
            return wanted
        doubt: Unknown | None = None
        for key, value in wanted.items():
            held: str | Unknown | None = self.labels.get(key)
            held = self.doubtful.get(key, self.open) if held is None else held
            if held is None or (isinstance(held, str) and isinstance(value, str) and held != value):
                return False
            doubt = doubt or next((part for part in (held, value) if isinstance(part, Unknown)), None)
        return doubt or True


def pools_in(graph: Graph, resource: Resource) -> Iterator[Pool]:
    """Return the pools that a resource declares."""
    if KARPENTER_TOKEN.fullmatch(resource.type):
        yield _of_karpenter(graph, resource)
    elif resource.type in EKS_TOKENS:
        yield _of_eks(graph, resource)
    else:
        for path, found in agent_pools(resource):
            yield _of_aks(graph, resource, path, found)


def described(resource: Resource) -> Pool:
    """Return the existing nodes that a component of ours describes, of which state and policies may see the outputs alone."""
    size, gpus = _shown(resource, "instanceType"), _shown(resource, "gpusPerNode")
    most = whole(_shown(resource, "maxNodes", "max"), _UNCOUNTED, "maxNodes")
    return Pool(
        urn=resource.urn,
        resource=resource.name,
        name=resource.name,
        **_labelled(_shown(resource, "selector"), size=size or None),
        nodes=most if isinstance(most, Unknown) else Range.exactly(most),
        gpus_per_node=_gpus(size) if gpus is None else whole(gpus, 0, "gpusPerNode"),
        declared=False,
    )


def _shown(resource: Resource, *keys: str) -> Any:
    places = [mapping(resource.outputs), mapping(resource.inputs)]
    return next((place[key] for place in places for key in keys if place.get(key) is not None), None)


def _of_aks(graph: Graph, resource: Resource, path: str, found: Any) -> Pool:
    at = {"size_at": f"{path}.vmSize" if path else "vmSize", "taints_at": f"{path}.nodeTaints" if path else "nodeTaints"}
    if isinstance(found, Unknown):
        unread = {"nodes": found, "taints": found, "gpus_per_node": found, "has_gpus": found}
        return _pool(graph, resource, path, _labelled(found, size=found), **unread, **at)
    name = found.get("agentPoolName") or found.get("name") or (None if path else resource.name)
    own = {"agentpool": name, "kubernetes.azure.com/agentpool": name}
    size = _SEVERAL if found.get("virtualMachinesProfile") is not None else found.get("vmSize")
    taints = entries(found.get("nodeTaints"), "nodeTaints")
    return _pool(
        graph,
        resource,
        path,
        _labelled(section(found, "nodeLabels"), own, size=size),
        nodes=pool_nodes(found),
        gpus_per_node=_gpus(size),
        has_gpus=_any_gpus((found.get("vmSize"),)),
        taints=taints,
        added=() if isinstance(taints, Unknown) else _spot_taint(found, taints),
        **at,
    )


def _spot_taint(pool: Mapping[str, Any], taints: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the taint that AKS asks of spot pools, where the pool does not declare it."""
    priority = text(pool.get("scaleSetPriority"), "scaleSetPriority")
    if isinstance(priority, Unknown):
        return (priority,)
    return (_SPOT_TAINT,) if (priority or "").lower() == "spot" and _SPOT_TAINT not in taints else ()


def _of_karpenter(graph: Graph, resource: Resource) -> Pool:
    labels = section(resource.inputs, "spec", "template", "metadata", "labels")
    needs = requirements(resource)
    sizes = sizes_of(needs)
    taints = entries(field(resource.inputs, "spec", "template", "spec", "taints"), "taints")
    return _pool(
        graph,
        resource,
        "",
        _labelled(labels, _required(resource), {NODE_POOL: field(resource.inputs, "metadata", "name")}, size=_only(sizes)),
        nodes=nodes_of_pool(resource),
        gpus_per_node=_gpus(_only(sizes)),
        has_gpus=names_gpus(needs) if isinstance(sizes, Unknown) else _any_gpus(sizes),
        size_at="spec.template.spec.requirements",
        taints=taints if isinstance(taints, Unknown) else tuple(map(_taint, taints)),
        taints_at="spec.template.spec.taints",
    )


def _of_eks(graph: Graph, resource: Resource) -> Pool:
    own = {"eks.amazonaws.com/nodegroup": field(resource.inputs, "nodeGroupName")}
    sizes = group_sizes(graph, resource)
    taints = entries(field(resource.inputs, "taints"), "taints")
    return _pool(
        graph,
        resource,
        "",
        _labelled(section(resource.inputs, "labels"), own, size=_only(sizes)),
        nodes=group_nodes(resource),
        gpus_per_node=_gpus(_only(sizes)),
        has_gpus=sizes if isinstance(sizes, Unknown) else _any_gpus(sizes),
        size_at="instanceTypes",
        taints=taints if isinstance(taints, Unknown) else tuple(map(_taint, taints)),
        taints_at="taints",
    )


def _taint(entry: Any) -> str | Unknown:
    """Return a taint of Karpenter or EKS as Kubernetes writes it in one text."""
    parts = [text(field({"taint": entry}, "taint", key), key) for key in ("key", "value", "effect")]
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    if unknown is not None:
        return unknown
    key, value, effect = (str(part or "") for part in parts)
    return f"{key}={value}:{_EFFECTS.get(effect, effect)}" if value else f"{key}:{_EFFECTS.get(effect, effect)}"


def _pool(graph: Graph, resource: Resource, path: str, labels: dict[str, Any], **more: Any) -> Pool:
    around = graph.component(resource)
    own = f"{resource.name}: {path}" if path else resource.name
    return Pool(
        urn=resource.urn,
        resource=resource.name,
        name=around.name if around is not None and around.type == COMPONENT else own,
        path=path,
        protect=resource.options.protect,
        **labels,
        **more,
    )


def _gpus(size: Any) -> int | Unknown:
    found = sized(size)[1]
    return found if isinstance(found, Unknown) else found.gpus if found else 0


def _any_gpus(names: tuple[Any, ...]) -> bool | Unknown:
    """Return whether one of several sizes has GPUs; a GPU size that is not in the catalogue has them."""
    doubt: Unknown | None = None
    for named, size in map(sized, names):
        if (size is not None and not isinstance(size, Unknown)) or (named and size is not None):
            return True
        doubt = size if isinstance(size, Unknown) else doubt
    return doubt or False


def _only(sizes: tuple[Any, ...] | Unknown) -> Any:
    return sizes if isinstance(sizes, Unknown) else sizes[0] if len(sizes) == 1 else _SEVERAL


def _required(resource: Resource) -> Mapping[str, Any] | Unknown:
    """Return the labels that requirements put on nodes; one that may be any label leaves all of them unknown."""
    needs = requirements(resource)
    if isinstance(needs, Unknown):
        return needs
    labels: dict[str, Any] = {}
    for need in needs:
        one = only_value(need)
        key = field({"need": need}, "need", "key")
        if isinstance(key, Unknown):
            return key
        if one:
            labels[one[0]] = one[1]
        elif isinstance(key, str) and _holds_unknown(mapping(need)):
            labels[key] = _SEVERAL
    return labels


def _holds_unknown(need: Mapping[str, Any]) -> bool:
    values = need.get("values")
    parts = values if isinstance(values, list | tuple) else (values,)
    return any(isinstance(part, Unknown) for part in (need.get("operator"), *parts))


def _labelled(*sources: Any, size: Any) -> dict[str, Any]:
    """Return labels, their doubts and the size of nodes; each source wins over those before it."""
    labels: dict[str, Any] = {}
    unread: Unknown | None = None
    for source in (*sources, {INSTANCE_TYPE: size}):
        if isinstance(source, Unknown):
            labels, unread = {}, source
        labels |= {str(key): value for key, value in mapping(source).items() if value is not None}
    return {
        "labels": {key: value for key, value in labels.items() if isinstance(value, str)},
        "doubtful": {key: value for key, value in labels.items() if isinstance(value, Unknown)},
        "open": unread,
        "size": size,
    }

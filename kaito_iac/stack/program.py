"""What a program is about to register, as plain data: keys as the provider knows them, Outputs as Unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from inspect import isawaitable
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi

from kaito_iac.problem import Unknown
from kaito_iac.stack.provider_types import as_mapping, is_argument
from kaito_iac.stack.reading import field
from kaito_iac.stack.resource import DECLARATION_TYPE, Options, Resource

_LATER: Final = Unknown("set by an output")
_POOLS: Final = re.compile(r"azure.*:containerservice.*|aws.*:eks.*|kubernetes:karpenter\.sh/.*:NodePool(List|Patch)?")
_KAITO: Final = re.compile(
    r"kubernetes:(kaito\.sh/.*|core/v1:(Pod|ReplicationController|)(List|Patch)?|(apps|batch|extensions)/.*"
    r"|(leaderworkerset\.x-k8s|ray|jobset\.x-k8s|serving\.kserve|kubevirt|pool\.kubevirt)\.io/.*)"
)
_SCALER: Final = re.compile(r"kubernetes:(autoscaling/v\w+:HorizontalPodAutoscaler|keda\.sh/v1alpha1:ScaledObject)(List|Patch)?")
_LAUNCHES: Final = re.compile(r"aws:(autoscaling/group:Group|ec2/instance:Instance|eks/nodeGroup:NodeGroup)")
_LAUNCHED: Final = re.compile(r"aws:ec2/(launchTemplate:LaunchTemplate|launchConfiguration:LaunchConfiguration)")
_GROUP: Final = "aws:autoscaling/group:Group"
_GROUPS: Final = re.compile(
    r"aws:autoscaling/group:Group|aws:eks/nodeGroup:NodeGroup|azure-native(_\w+)?:compute(/v\w+)?:VirtualMachineScaleSet"
)
_CHANGES_GROUPS: Final = re.compile(
    r"aws:autoscaling/(schedule:Schedule|policy:Policy)"
    r"|azure-native(_\w+)?:(insights|monitor)(/v\w+)?:AutoscaleSetting|azure:monitoring/\w+:AutoscaleSetting"
)
_CLAIM: Final = re.compile(r"kubernetes:resource\.k8s\.io/v\w+:ResourceClaim.*")
_SHARED: Final = ("kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Namespace")
_POOL_COMPONENT: Final = "kaito-iac:index:GpuNodePool"
_PROVIDER: Final = "pulumi:providers:kubernetes"
_QUOTA: Final = "kubernetes:core/v1:ResourceQuota"
_USERS_OWN: Final = frozenset(
    {"tags", "labels", "annotations", "matchLabels", "nodeLabels", "data", "stringData", "hard", "nodeSelector", "selector"}
)
"""Maps whose keys are the user's: they are not translated."""
_CONFIG_MAPS: Final = ("config", "runtimeConfig")
"""Fields of KAITO's kinds that name a ConfigMap."""


_known: WeakKeyDictionary[pulumi.Output[Any], str] = WeakKeyDictionary()
"""Outputs of components whose value the program states in plain words, to the value."""


def state_plainly(output: pulumi.Output[Any], value: Any) -> None:
    """Remember the value that an Output will have, where it is a plain text of the program."""
    if isinstance(value, str):
        _known[output] = value


def plain_value(output: pulumi.Output[Any]) -> str | None:
    """Return the value that an Output will have, where the program states it."""
    return _known.get(output)


class Registry:
    """What a program has registered so far, as far as demand depends on it."""

    def __init__(self, may_hold: Callable[[str], bool]) -> None:
        """Start empty; `may_hold` returns for a type whether it may hold nodes or pods."""
        self._may_hold = may_hold
        self._spaces: dict[int, Any] = {}
        """Namespaces of the providers of Kubernetes, by identity."""
        self._scalers: dict[str | None, list[Resource]] = {}
        """Autoscalers by the name of what they scale; None: of an unknown name."""
        self._scaled: dict[str | None, list[Resource]] = {}
        """What an autoscaler may name, by name."""
        self._stack = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}"
        self._urns: dict[int, str] = {}
        self._alive: list[pulumi.Resource] = []
        """Keeps resources in memory, so that no other gets the identity of one."""
        self._components: dict[str, Resource] = {}
        self._beside: dict[str | None, list[Resource]] = {}
        self._everywhere: list[Resource] = []
        self._launched: list[tuple[pulumi.Resource, Resource]] = []
        """What machines of EC2 are started from."""
        self._groups: list[Resource] = []
        self._group_changers: list[Resource] = []
        """Autoscaling groups, scale sets and node groups, and what changes how large they may be."""
        self.namespace_quotas: list[Resource] = []
        """ResourceQuotas that were registered."""
        self.declarations: list[Resource] = []
        """Demand that the program stated of resources."""

    def add(self, args: pulumi.ResourceTransformationArgs) -> Resource | None:
        """Take note of a resource; return it when it may hold nodes."""
        holds = bool(_POOLS.fullmatch(args.type_) or _KAITO.fullmatch(args.type_))
        if args.type_ == _PROVIDER:
            self._alive.append(args.resource)
            self._spaces[id(args.resource)] = _mapping(args.props).get("namespace")
        component = isinstance(args.resource, pulumi.ComponentResource)
        scaler, claim = bool(_SCALER.fullmatch(args.type_)), bool(_CLAIM.fullmatch(args.type_))
        holds = holds or self._may_hold(args.type_)
        changes, launched = bool(_CHANGES_GROUPS.fullmatch(args.type_)), bool(_LAUNCHED.fullmatch(args.type_))
        if not (holds or component or scaler or claim or changes or launched or args.type_ in (*_SHARED, _QUOTA)):
            return None
        parent = self._urns.get(id(args.opts.parent)) if args.opts.parent is not None else None
        urn = f"{self._stack}::{args.type_}::{args.name}#{len(self._alive)}"
        self._alive.append(args.resource)
        self._urns[id(args.resource)] = urn
        inputs = _mapping(args.props)
        if holds and parent in self._components:
            inputs = _with_names(inputs, self._beside.get(parent, ()))
        remote = component and type(args.resource).__module__.startswith("pulumi_")  # an SDK's: its plugin makes the children
        space = self._space(args) if args.type_.startswith("kubernetes:") else None
        made_of = self._made_of(args.props) if _LAUNCHES.fullmatch(args.type_) else {}
        options = Options(property_dependencies=made_of)
        found = Resource(
            urn, args.type_, args.name, parent, inputs, custom=not component, remote=remote, space=space, options=options
        )
        self._keep(found, args.resource)
        return found if holds or scaler or changes else None

    def _keep(self, found: Resource, made: pulumi.Resource) -> None:
        """Put a resource where others look for what their demand depends on."""
        self._groups += [found] if _GROUPS.fullmatch(found.type) else []
        self._group_changers += [found] if _CHANGES_GROUPS.fullmatch(found.type) else []
        self._launched += [(made, found)] if _LAUNCHED.fullmatch(found.type) else []
        if _SCALER.fullmatch(found.type):
            self._scalers.setdefault(_target(found), []).append(found)
        elif _KAITO.fullmatch(found.type):
            self._scaled.setdefault(_name(found), []).append(found)
        if found.type == DECLARATION_TYPE:
            self.declarations.append(found)
        if not found.custom:
            self._components[found.urn] = found
            self._everywhere += [found] if found.type == _POOL_COMPONENT else []
        elif found.type == _QUOTA:
            self.namespace_quotas.append(found)
        elif (
            _CLAIM.fullmatch(found.type)
            or _POOLS.fullmatch(found.type)
            or found.type == _SHARED[1]
            or (found.type in _SHARED and found.parent is None)
        ):
            self._everywhere.append(found)
        elif found.type in _SHARED:
            self._beside.setdefault(found.parent, []).append(found)

    def _made_of(self, props: Any) -> dict[str, tuple[str, ...]]:
        """Return by input the launch templates and configurations whose outputs it is made of."""
        found = {}
        for key, value in _pairs(props):
            outputs = list(_outputs(value))
            urns = [one.urn for made, one in self._launched if any(own is out for own in vars(made).values() for out in outputs)]
            if urns:
                found[_camel(key)] = tuple(urns)
        return found

    def _space(self, args: pulumi.ResourceTransformationArgs) -> Any:
        """Return the namespace that the provider, else the stack, gives an object that names none."""
        provider = args.opts.provider
        if provider is None and args.opts.parent is not None:
            provider = args.opts.parent.get_provider(args.type_)
        if provider is None:
            return pulumi.Config("kubernetes").get("namespace")
        return self._spaces.get(id(provider))

    def changed_by(self, resource: Resource) -> list[Resource]:
        """Return whose demand a resource that was just registered decides: its own, or that of what an autoscaler scales."""
        if _CHANGES_GROUPS.fullmatch(resource.type):
            return self._groups
        if not _SCALER.fullmatch(resource.type):
            return [resource]
        name = _target(resource)
        if name is None:
            return [one for scaled in self._scaled.values() for one in scaled]
        return [*self._scaled.get(name, ()), *self._scaled.get(None, ())]

    def _scalers_of(self, resource: Resource) -> list[Resource]:
        name = _name(resource)
        if name is None:
            return [one for scalers in self._scalers.values() for one in scalers]
        return [*self._scalers.get(name, ()), *self._scalers.get(None, ())]

    def around(self, resource: Resource) -> list[Resource]:
        """Return what the demand of a resource depends on: components around it, ConfigMaps beside it, what all may use."""
        found: list[Resource] = []
        urn = resource.parent
        while urn is not None and urn in self._components:
            found.append(self._components[urn])
            urn = self._components[urn].parent
        near = {resource.urn, *(one.urn for one in found)}
        if not _KAITO.fullmatch(resource.type):
            spaces = self._everywhere if self._may_hold(resource.type) else ()
            beside = [*self._beside.get(resource.parent, ()), *(one for one in spaces if one.type == _SHARED[1])]
            launches = [one for _, one in self._launched] if _LAUNCHES.fullmatch(resource.type) else []
            changers = self._group_changers if _GROUPS.fullmatch(resource.type) else []
            groups = [one for one in self._groups if one.type == _GROUP] if changers and resource.type != _GROUP else []
            return [*found, *beside, *launches, *changers, *groups]
        everywhere = [one for one in self._everywhere if one.urn not in near]
        return [*found, *self._beside.get(resource.parent, ()), *everywhere, *self._scalers_of(resource)]


def _pairs(value: Any) -> list[tuple[str, Any]]:
    mapping = as_mapping(value) if is_argument(value) else value
    return [(str(key), inner) for key, inner in mapping.items()] if isinstance(mapping, Mapping) else []


def _outputs(value: Any) -> Iterator[pulumi.Output[Any]]:
    """Return the Outputs inside a value."""
    if isinstance(value, pulumi.Output):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _outputs(inner)
    else:
        for _, inner in _pairs(value):
            yield from _outputs(inner)


def _name(resource: Resource) -> str | None:
    """Return the name of an object in its cluster; None where it is not known."""
    name = field(resource.inputs, "metadata", "name")
    return name if isinstance(name, str) else None


def _target(scaler: Resource) -> str | None:
    """Return the name of what an autoscaler scales; None where it is not known."""
    name = field(scaler.inputs, "spec", "scaleTargetRef", "name")
    return name if isinstance(name, str) else None


def _mapping(props: Any) -> dict[str, Any]:
    value = _plain(props, "")
    return value if isinstance(value, dict) else {}


def _with_names(value: Any, beside: Sequence[Resource]) -> Any:
    """Return the name of the ConfigMap beside it for an Output that can only mean it: a component makes one, or one a role."""
    if isinstance(value, list):
        return [_with_names(inner, beside) for inner in value]
    if not isinstance(value, dict):
        return value
    role = f"-{value['type']}-config" if isinstance(value.get("type"), str) else ""
    maps = [one for one in beside if one.name.endswith(role)]
    name = field(maps[0].inputs, "metadata", "name") if len(maps) == 1 else _LATER
    return {key: name if inner is _LATER and key in _CONFIG_MAPS else _with_names(inner, beside) for key, inner in value.items()}


def _plain(value: Any, key: str) -> Any:
    """Return a value as plain data; a class of an SDK is read as the mapping it stands for."""
    if isinstance(value, pulumi.Output):
        return _known.get(value, _LATER)
    if isawaitable(value):
        return _LATER
    if isinstance(value, Enum):
        return value.value
    if is_argument(value):
        value = as_mapping(value)
    if isinstance(value, Mapping):
        own = key in _USERS_OWN
        pairs = ((str(name) if own else _camel(str(name)), inner) for name, inner in value.items() if inner is not None)
        return {name: _plain(inner, name) for name, inner in pairs}
    if isinstance(value, list | tuple):
        return [_plain(inner, "") for inner in value]
    return value


def _camel(name: str) -> str:
    """Return a key of a Python SDK as its provider knows it; `class_` and the like lose their underscore."""
    head, *tail = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)

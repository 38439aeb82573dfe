"""What a resource holds of GPUs, vCPUs and money: the only place that decides it; plan, policies, guard and report ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as field_of
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kaito_iac.catalog.find import find_any_size
from kaito_iac.catalog.plain_size import plain_cloud, plain_name, plain_vcpus
from kaito_iac.catalog.price import HOURS_PER_MONTH, LIST_PRICES, Kind, PriceBook
from kaito_iac.catalog.quota_family import quota_family
from kaito_iac.catalog.record import GpuSize
from kaito_iac.catalog.size_name import looks_like_gpus, visible_name
from kaito_iac.demand.range import NOTHING, Range, over, same, scaled
from kaito_iac.problem import Unknown
from kaito_iac.stack.reading import field, text
from kaito_iac.stack.resource import Resource

if TYPE_CHECKING:
    from kaito_iac.demand.pool_source import Pool

EITHER: Final = Unknown(
    "spot or on demand: Karpenter takes what is cheaper where no requirement names karpenter.sh/capacity-type"
)
"""Whether nodes are spot that may be either; they count against both quotas."""
NO_REGION: Final = Unknown("no location is named")
"""Region of what names none; distinct from a region that is named and not known yet."""
TEAM_LABEL: Final = "team"
"""Label, and Azure tag, that names the team something belongs to."""
_DEPTH: Final = 100

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one resource holds: nodes of one size."""

    urn: str
    resource: str
    """Name of the resource."""
    kind: str
    """What it is: AgentPool, ManagedCluster, NodePool, NodeGroup, one of KAITO's kinds, or a kind of pods."""
    component: str
    """Name of the component it belongs to; its own name when there is none."""
    size_name: str
    """VM size as written; empty when unknown or none."""
    size: GpuSize | Unknown | None
    """The size; None: a size without GPUs."""
    nodes: Range | Unknown
    region: str | Unknown
    namespace: str | Unknown | None = None
    """Kubernetes namespace it is in; None: it is in none, such as an agent pool."""
    team: str | Unknown | None = None
    """Team it belongs to, as `TEAM_LABEL` names it on the object, a component around it, or its namespace; None: none."""
    pool: str = ""
    """URN of the resource whose nodes it runs on, for what creates none; empty where that is none, several or unknown."""
    on: Pool | None = field_of(default=None, compare=False, repr=False)
    """The pool of that resource; None where `pool` is empty."""
    spot: bool | Unknown = False
    reserved: bool | Unknown = False
    """Whether its nodes come out of a capacity reservation, which holds their quota already."""
    bought: bool = True
    """False: it runs on nodes that exist, or that another resource holds."""
    renewed: bool = False
    """Whether a replacement holds its nodes a second time before it lets go of the first."""
    why: str = ""
    """How the number of nodes comes about."""
    node_part: str = ""
    """What of a node each of `nodes` is: a MIG profile, or so many GPUs; empty for whole nodes."""
    stated_gpus: Range | Unknown | None = None
    """GPUs that are not those of whole nodes of one size: what pods ask for, or what a limit allows; None: those of the nodes."""
    unread: bool = False
    """Whether no reader knows what it is: it may hold GPUs, and how many is unknown."""
    stated_vcpus: Range | Unknown | None = None
    """vCPUs that a limit allows, of nodes whose size is not known; None: those of the nodes."""
    ways: tuple[Demand, ...] = ()
    """What it may turn out to be, one for each size that its nodes may have; its numbers are the range over them."""
    surge: Range | Unknown = NOTHING
    """Nodes beside them while an upgrade replaces them: quota has to have room for them, no bill of a month counts them."""
    prices: PriceBook = LIST_PRICES
    """What its nodes are priced by."""
    zones: tuple[str, ...] = ()
    """Availability zones that its nodes are asked for in, without the region; empty: any, or not known."""

    @cached_property
    def gpus_per_node(self) -> int | Unknown:
        """Return the GPUs of one node."""
        return self.size if isinstance(self.size, Unknown) else self.size.gpus if self.size else 0

    @cached_property
    def gpus(self) -> Range | Unknown:
        """Return the GPUs of all nodes."""
        if self.stated_gpus is not None:
            return self.stated_gpus
        if self.ways:
            return over(way.gpus for way in self.ways)
        if self.size is None:
            return Range.exactly(0)
        return scaled(self.nodes, self.gpus_per_node)

    @cached_property
    def gpu_model(self) -> str | Unknown:
        """Return the GPU product; empty for a size without GPUs."""
        if self.ways:
            return same((way.gpu_model for way in self.ways), "GPU products")
        return self.size if isinstance(self.size, Unknown) else self.size.gpu_model if self.size else ""

    @cached_property
    def vcpus(self) -> Range | Unknown:
        """Return the vCPUs of all nodes."""
        if self.stated_vcpus is not None:
            return self.stated_vcpus
        if self.ways:
            return over(way.vcpus for way in self.ways)
        if self.size is None:
            unlisted = Unknown(f"{self.size_name} is not in the catalogue of GPU sizes")
            return scaled(self.nodes, plain_vcpus(self.size_name) or unlisted)
        return scaled(self.nodes, self.size if isinstance(self.size, Unknown) else self.size.vcpus)

    @cached_property
    def quota_vcpus(self) -> Range | Unknown:
        """Return the vCPUs that quota has to have room for: those of all nodes, and of what an upgrade adds for a while."""
        if self.ways:
            return over(way.quota_vcpus for way in self.ways)
        nodes, surge, held = self.nodes, self.surge, self.vcpus
        if isinstance(nodes, Unknown) or isinstance(held, Unknown) or not nodes.high:
            return held
        if isinstance(surge, Unknown):
            return surge
        return Range(held.low, held.expected, held.high * (1 + surge.high / nodes.high))

    @cached_property
    def families(self) -> tuple[str, ...] | Unknown:
        """Return the quota families that have to have room for it: of what may be spot, both."""
        if self.reserved is True:
            return ()
        if self.spot == EITHER and not self.ways and isinstance(self.size, GpuSize):
            found = tuple(quota_family(self.size, spot=spot) for spot in (False, True))
            unknown = next((family for family in found if isinstance(family, Unknown)), None)
            return unknown or tuple(str(family) for family in found)
        if self.spot == EITHER and self.ways:
            alike = {way.families for way in self.ways}
            return alike.pop() if len(alike) == 1 else Unknown("one of several quota families")
        family = self.family
        return family if isinstance(family, Unknown) else (family,)

    @cached_property
    def family(self) -> str | Unknown:
        """Return the quota family the vCPUs count against; spot nodes have families of their own."""
        if self.ways:
            return same((way.family for way in self.ways), "quota families")
        if self.size is None:
            return Unknown(f"{self.size_name} is not in the catalogue of GPU sizes")
        if isinstance(self.size, Unknown):
            return self.size
        if isinstance(self.spot, Unknown):
            return self.spot
        return quota_family(self.size, spot=self.spot)

    @cached_property
    def usd_per_hour(self) -> float | Unknown:
        """Return the price of one node, USD per hour."""
        if isinstance(self.size, Unknown):
            return self.size
        if isinstance(self.region, Unknown):
            return Unknown(f"price depends on the region: {self.region.reason}")
        if isinstance(self.spot, Unknown):
            return Unknown(f"price depends on spot: {self.spot.reason}")
        kind: Kind = "reserved" if self.reserved is True else "spot" if self.spot else "onDemand"
        if self.size is None:
            cloud = plain_cloud(self.size_name)
            return self.prices.per_hour(plain_name(self.size_name), cloud, self.region, kind)
        return self.prices.of(self.size, self.region, kind)

    @cached_property
    def usd_per_month(self) -> Range | Unknown:
        """Return the price of all nodes for 730 hours, USD: an estimate without disks and traffic."""
        if self.ways:
            return over(way.usd_per_month for way in self.ways)
        if self.spot == EITHER:
            return self._either_price()
        price = self.usd_per_hour
        return scaled(self.nodes, price if isinstance(price, Unknown) else price * HOURS_PER_MONTH)

    def _either_price(self) -> Range | Unknown:
        """Return the cost of nodes that may be spot: at most the price on demand, at least that of spot, or nothing known."""
        dear, cheap = (replace(self, spot=spot).usd_per_month for spot in (False, True))
        if isinstance(dear, Unknown):
            return dear
        if isinstance(cheap, Unknown):
            return replace(dear, low=0, low_known=not dear.low)
        return Range(cheap.low, dear.expected, dear.high)


class Graph:
    """All resources of a stack, with the look-ups that demand needs."""

    def __init__(self, resources: Iterable[Resource], region: str | None = None, prices: PriceBook = LIST_PRICES) -> None:
        self.resources = tuple(resources)
        self.region = region
        self.prices = prices
        self._by_urn = {resource.urn: resource for resource in reversed(self.resources)}  # the first of a name stands for it
        self._found: dict[Callable[[Graph], Any], Any] = {}

    def once(self, find: Callable[[Graph], T]) -> T:
        """Return what a function finds in the stack, looked for once however often it is asked."""
        if find not in self._found:
            self._found[find] = find(self)
        found: T = self._found[find]
        return found

    def around(self, resource: Resource) -> Iterator[Resource]:
        """Return what a resource is in, the nearest first; a parent that is its own ends after a hundred."""
        parent = self._by_urn.get(resource.parent or "")
        for _ in range(_DEPTH):
            if parent is None:
                return
            yield parent
            parent = self._by_urn.get(parent.parent or "")

    def component(self, resource: Resource) -> Resource | None:
        """Return the nearest component of ours around a resource."""
        return next((parent for parent in self.around(resource) if parent.type.startswith("kaito-iac:")), None)

    def of_component(self, resource: Resource, key: str) -> Any:
        """Return what the component around a resource says under a key; None where there is no component."""
        component = self.component(resource)
        return field(component.inputs, key) if component else None

    def region_of(self, resource: Resource, location: Any = None) -> str | Unknown:
        """Return the region: the resource's location, else the component's, else the one given for the stack."""
        named = text(location, "location") or text(self.of_component(resource, "location"), "location")
        if isinstance(named, Unknown):
            return named
        return region_key(named or self.region or "") or NO_REGION


def region_key(name: str) -> str:
    """Return a region as prices and quotas know it: `East US` and `eastus` are the same."""
    return "".join(name.split()).lower()


def sized(name: Any) -> tuple[str, GpuSize | Unknown | None]:
    """Return a VM size by name: known, unknown, or one without GPUs."""
    named = text(name, "the VM size")
    if named is None or isinstance(named, Unknown):
        return "", named or Unknown("no VM size is named")
    size = find_any_size(visible_name(named))
    if size is None and looks_like_gpus(named):
        return named, Unknown(f"{named} is a GPU size that is not in the catalogue")
    return (size.name if size else named), size


def with_gpus(found: Iterable[Demand]) -> Iterator[Demand]:
    """Keep what holds GPUs, or may hold them."""
    return (demand for demand in found if demand.size is not None)

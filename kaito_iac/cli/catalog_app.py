"""The commands that answer from the catalogue, and their options: parsing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from kaito_iac.cli.command import Argument, BadParameter, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import (
    Cloud,
    Config,
    Ignore,
    Json,
    KaitoRelease,
    Prices,
    Quota,
    Region,
    Stack,
    Strict,
    Subscription,
    choice,
    key_values,
    region_names,
    release_names,
)
from kaito_iac.cli.printing import emit
from kaito_iac.cli.strictness import Strictness


def _families() -> tuple[str, ...]:
    from kaito_iac.cli.model_list import families

    return families()


def _model_names() -> Sequence[str]:
    from kaito_iac.explain.name import model_names

    return model_names()


def _size_names() -> Sequence[str]:
    from kaito_iac.explain.name import size_names

    return size_names()


PriceRegion = Annotated[
    str | None,
    Option("--region", metavar="NAME", help="Region for prices.", complete=region_names, key="region", unless=("models",)),
]


ModelConfig = Annotated[
    Path | None,
    Option("--config", metavar="FILE", help="Own model: its config.json or its folder; other options have priority."),
]


def _products() -> tuple[str, ...]:
    from kaito_iac.cli.size_list import gpu_products

    return gpu_products()


def _product(value: str | None) -> str | None:
    if value is None:
        return None
    from kaito_iac.cli.size_list import gpu_product

    return choice(_products)(gpu_product(value))


Model = Annotated[str | None, Argument(help="Model: a name of `kaito-iac models`, or any with its facts.", complete=_model_names)]
OneSize = Annotated[str | None, Option("--size", metavar="NAME", help="Only this VM size or MIG profile.", complete=_size_names)]
_ORDERS: Final = ("price", "nodes", "context")
Order = Annotated[
    str | None,
    Option("--sort", metavar="ORDER", help="price (default), nodes or context.", check=choice(lambda: _ORDERS)),
]
Weights = Annotated[float | None, Option("--weights-gib", metavar="GIB", help="Own model: size of its weight files.")]
PerToken = Annotated[
    int | None, Option("--bytes-per-token", metavar="BYTES", help="Own model: KV cache per token, over all GPUs.")
]


def fit(
    model: Model = None,
    size: OneSize = None,
    context: Annotated[int | None, Option("--context", metavar="TOKENS", help="Context to size for; default 2048.")] = None,
    region: PriceRegion = None,
    cloud: Cloud = None,
    everything: Annotated[bool, Option("--all", help="Also show the sizes that cannot hold the model, with the reason.")] = False,
    sort: Order = None,
    models: Annotated[
        str | None, Option("--models", metavar="FILE", help="Answer one question per line, JSON lines; - reads stdin.")
    ] = None,
    config: ModelConfig = None,
    weights_gib: Weights = None,
    bytes_per_token: PerToken = None,
    max_context: Annotated[int | None, Option("--max-context", metavar="TOKENS", help="Own model: longest context.")] = None,
    layers: Annotated[int | None, Option("--layers", help="Own model: hidden layers; left out: not checked.")] = None,
    heads: Annotated[int | None, Option("--heads", help="Own model: attention heads; left out: not checked.")] = None,
    kv_heads: Annotated[int | None, Option("--kv-heads", help="Own model: KV heads; left out: not checked.")] = None,
    kaito_version: KaitoRelease = None,
    prices: Prices = None,
    strict: Strict = False,
    ignore: Ignore = None,
    quota: Quota = None,
    subscription: Subscription = "",
    as_json: Json = False,
) -> ExitCode:
    """List the VM sizes that hold a model, cheapest first. With nodes, parallelism, context and price of each."""
    from kaito_iac.catalog.judged_release import judging_by
    from kaito_iac.cli import fitting

    facts = fitting.Facts(weights_gib, bytes_per_token, max_context, layers, heads, kv_heads)
    shown: dict[str, Any] = {"region": region, "cloud": cloud, "everything": everything, "prices": prices}
    shown |= {"sort": sort or "price", "quota": quota, "subscription": subscription}
    shown |= {"strictness": Strictness(frozenset(ignore or ()), strict)}
    asked = fitting.Asked(model=model, size=size, context=context, facts=facts, config=config, **shown)
    with judging_by(kaito_version):
        if models is not None:
            return fitting.answer_file(models, asked)
        return emit(fitting.answer(asked), as_json=as_json)


def models(
    name: Annotated[str | None, Argument(help="One model, in detail.", complete=_model_names)] = None,
    family: Annotated[str | None, Option("--family", metavar="NAME", help="Only this family.", check=choice(_families))] = None,
    tunable: Annotated[bool, Option("--tunable", help="Only models that KAITO can tune.")] = False,
    gated: Annotated[bool, Option("--gated", help="Only models whose weights need a token.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """List the models that KAITO serves by name."""
    from kaito_iac.cli.model_list import list_models, show_model

    if name is None:
        return emit(list_models(family=family, tunable=tunable, gated=gated), as_json=as_json)
    if family or tunable or gated:
        raise BadParameter("a NAME cannot be combined with a filter")
    return emit(show_model(name), as_json=as_json)


def sizes(
    name: Annotated[str | None, Argument(help="One VM size, in detail.", complete=_size_names)] = None,
    cloud: Cloud = None,
    gpu: Annotated[
        str | None, Option("--gpu", metavar="MODEL", help="Only this GPU product, such as A100.", check=_product)
    ] = None,
    region: PriceRegion = None,
    as_json: Json = False,
) -> ExitCode:
    """List the VM sizes with GPUs that KAITO knows, with their prices."""
    from kaito_iac.cli.size_list import list_sizes, show_size

    if name is None:
        return emit(list_sizes(cloud=cloud, gpu=gpu, region=region), as_json=as_json)
    if cloud or gpu:
        raise BadParameter("a NAME cannot be combined with a filter")
    return emit(show_size(name, region), as_json=as_json)


def versions(
    release: Annotated[str | None, Argument(help="One release, in detail.", complete=release_names)] = None,
    to: Annotated[
        str | None, Argument(help="Second release: list the changes from the first one to it.", complete=release_names)
    ] = None,
    program: Annotated[Path | None, Argument(help="Folder of a stack program: what the upgrade changes for it.")] = None,
    stack: Stack = None,
    config: Config = None,
    region: Region = None,
    as_json: Json = False,
) -> ExitCode:
    """List the releases of KAITO, or what changes from one to another. With PROGRAM: for that program."""
    from kaito_iac.cli import upgrade_plan, version_list

    if release and to and program:
        from kaito_iac.planning.request import Program

        ran = Program(program, stack, key_values(config))
        return emit(upgrade_plan.compare(release, to, ran, region), as_json=as_json)

    if release is None:
        return emit(version_list.list_versions(), as_json=as_json)
    reply = version_list.show_version(release) if to is None else version_list.compare_versions(release, to)
    return emit(reply, as_json=as_json)


COMMANDS: Final[Mapping[str, Callable[..., ExitCode]]] = {"fit": fit, "models": models, "sizes": sizes, "versions": versions}
"""By name."""

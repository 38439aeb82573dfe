"""The commands and their options: parsing only, each calls one function and prints what it gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kaito_iac.cli import cluster_app, state_app
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Cloud, Config, Json, Ledger, Quota, References, Stack, Subscription, choice, key_values
from kaito_iac.cli.page import is_terminal
from kaito_iac.cli.presets_app import presets
from kaito_iac.cli.printing import emit, write
from kaito_iac.cli.quota_app import quota as quota_commands

app = typer.Typer(
    name="kaito-iac",
    help="Knows what GPU workloads on KAITO mean before they are bought: no cloud, cluster, credentials or Pulumi CLI needed.",
    epilog="Exit codes: 0 done, 1 problems found, 2 wrong usage, 3 input cannot be read or run, 4 not ready in time.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
app.add_typer(presets, name="presets")
app.add_typer(quota_commands, name="quota")


_PROVISIONER = "nodeProvisioner of KAITO's chart: azure-gpu-provisioner (default), karpenter or byo."


def _provisioners() -> tuple[str, ...]:
    from kaito_iac.judge.verdict import PROVISIONERS

    return PROVISIONERS


def _families() -> tuple[str, ...]:
    from kaito_iac.cli.model_list import families

    return families()


def _products() -> tuple[str, ...]:
    from kaito_iac.cli.size_list import gpu_products

    return gpu_products()


def _product(value: str | None) -> str | None:
    if value is None:
        return None
    from kaito_iac.cli.size_list import gpu_product

    return choice(_products)(gpu_product(value))


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            write(f"kaito-iac {version('kaito-iac')}\n")
        except PackageNotFoundError:
            write("kaito-iac, run from its sources\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    """Prints the help when no command is given."""
    if context.invoked_subcommand is None:
        write(context.get_help() + "\n")


@app.command()
def plan(
    program: Annotated[Path, typer.Argument(metavar="[PROGRAM]", help="Folder of a stack program.", show_default=False)] = Path(
        "."
    ),
    stack: Stack = None,
    config: Config = None,
    policy_pack: Annotated[
        list[Path] | None, typer.Option("--policy-pack", "-p", metavar="DIR", help="Policy pack to judge by; may be repeated.")
    ] = None,
    policy_config: Annotated[
        Path | None, typer.Option("--policy-config", metavar="FILE", help="Configuration of the policy packs, JSON.")
    ] = None,
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Annotated[str | None, typer.Option("--region", metavar="NAME", help="Region for prices and quota.")] = None,
    references: References = None,
    as_json: Json = False,
) -> ExitCode:
    """Show what a program would create: GPUs, cost, problems. Nothing is created; exit code 1 when there are errors."""
    from kaito_iac.cli.planning import make

    reply = make(
        program,
        stack=stack,
        config=key_values(config),
        packs=tuple(policy_pack or ()),
        policy_config=policy_config,
        quota=quota,
        ledger=tuple(ledger or ()),
        subscription=subscription,
        region=region,
        references=references,
    )
    return emit(reply, as_json=as_json)


@app.command()
def render(
    program: Annotated[Path, typer.Argument(help="Folder of a stack program.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder that gets the files.")],
    stack: Stack = None,
    config: Config = None,
    references: References = None,
    as_json: Json = False,
) -> ExitCode:
    """Write the Kubernetes objects of a program as YAML files."""
    from kaito_iac.cli.planning import render_files

    reply = render_files(program, output, stack=stack, config=key_values(config), references=references)
    return emit(reply, as_json=as_json)


@app.command()
def images(
    program: Annotated[Path, typer.Argument(metavar="[PROGRAM]", help="Folder of a stack program.", show_default=False)] = Path(
        "."
    ),
    stack: Stack = None,
    config: Config = None,
    mirror: Annotated[
        str | None,
        typer.Option("--mirror", metavar="REGISTRY", help="Print each with its place in this registry, one pair a line."),
    ] = None,
    references: References = None,
    as_json: Json = False,
) -> ExitCode:
    """List the container images and charts a program needs, for clusters without a way out."""
    from kaito_iac.cli.image_list import list_images

    reply = list_images(program, stack=stack, config=key_values(config), references=references, mirror=mirror)
    return emit(reply, as_json=as_json)


@app.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH...]", help="YAML files, folders, or - for standard input.", show_default=False),
    ] = None,
    old: Annotated[
        str | None, typer.Option("--old", metavar="FILE", help="What the manifests replace: judges an update.")
    ] = None,
    provisioner: Annotated[
        str | None,
        typer.Option("--provisioner", metavar="NAME", help=_PROVISIONER, callback=choice(_provisioners)),
    ] = None,
    cloud: Annotated[str, typer.Option("--cloud", metavar="NAME", help="cloudProviderName of KAITO's chart.")] = "azure",
    feature_gate: Annotated[
        list[str] | None, typer.Option("--feature-gate", metavar="NAME=BOOL", help="Feature gate of KAITO; may be repeated.")
    ] = None,
    node_class: Annotated[
        list[str] | None, typer.Option("--node-class", metavar="NAME", help="NodeClass Karpenter may use; may be repeated.")
    ] = None,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code scanning.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """Judge Kubernetes manifests as KAITO would. One line per problem; exit code 1 when KAITO refuses one."""
    from kaito_iac.cli import checking
    from kaito_iac.judge.verdict import AZURE, Environment

    if sarif and as_json:
        raise typer.BadParameter("--sarif and --json exclude each other")
    try:
        gates = checking.gates(feature_gate or ())
        inputs = checking.inputs(paths or (), is_terminal(sys.stdin))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    classes = tuple(node_class) if node_class else None
    env = Environment(cloud=cloud, provisioner=provisioner or AZURE, feature_gates=gates, node_classes=classes)
    return emit(checking.check_paths(inputs, env, old=old, sarif=sarif), as_json=as_json)


@app.command()
def convert(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH...]", help="YAML files, folders, or - for standard input.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Folder that gets __main__.py and Pulumi.yaml; else it is printed."),
    ] = None,
    presets: Annotated[
        bool, typer.Option("--presets", help="Use components, such as KaitoWorkspace, wherever they make the same objects.")
    ] = False,
    node_size: Annotated[
        str | None, typer.Option("--node-size", metavar="NAME", help="With --presets: VM size of nodes that exist already.")
    ] = None,
    as_json: Json = False,
) -> ExitCode:
    """Write a Python program of Kubernetes manifests. Exit code 1 when it does not hold all of them as they are."""
    from kaito_iac.cli import checking, converting

    try:
        inputs = checking.inputs(paths or (), is_terminal(sys.stdin))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if node_size is not None and not presets:
        raise typer.BadParameter("--node-size goes with --presets")
    return emit(converting.convert_paths(inputs, output, presets=presets, size=node_size), as_json=as_json)


@app.command()
def fit(
    model: Annotated[str | None, typer.Argument(help="Model: a name of `kaito-iac models`, or any with its facts.")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="NAME", help="Only this VM size or MIG profile.")] = None,
    context: Annotated[int | None, typer.Option("--context", metavar="TOKENS", help="Context to size for; default 2048.")] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="NAME", help="Region for prices.")] = None,
    cloud: Cloud = None,
    everything: Annotated[bool, typer.Option("--all", help="Also show the sizes that do not hold it, and why.")] = False,
    models: Annotated[
        str | None, typer.Option("--models", metavar="FILE", help="Answer one question per line, JSON lines; - reads stdin.")
    ] = None,
    weights_gib: Annotated[
        float | None, typer.Option("--weights-gib", metavar="GIB", help="Own model: size of its weight files.")
    ] = None,
    bytes_per_token: Annotated[
        int | None, typer.Option("--bytes-per-token", metavar="BYTES", help="Own model: KV cache per token, over all GPUs.")
    ] = None,
    max_context: Annotated[
        int | None, typer.Option("--max-context", metavar="TOKENS", help="Own model: longest context.")
    ] = None,
    layers: Annotated[int | None, typer.Option("--layers", help="Own model: hidden layers; left out: not checked.")] = None,
    heads: Annotated[int | None, typer.Option("--heads", help="Own model: attention heads; left out: not checked.")] = None,
    kv_heads: Annotated[int | None, typer.Option("--kv-heads", help="Own model: KV heads; left out: not checked.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """Tell which VM sizes hold a model, best first. With nodes, parallelism, context and price of each."""
    from kaito_iac.cli import fitting

    facts = fitting.Facts(weights_gib, bytes_per_token, max_context, layers, heads, kv_heads)
    asked = fitting.Asked(model=model, size=size, context=context, region=region, cloud=cloud, everything=everything, facts=facts)
    if models is not None:
        return fitting.answer_file(models, asked)
    return emit(fitting.answer(asked), as_json=as_json)


@app.command()
def models(
    name: Annotated[str | None, typer.Argument(help="One model, in detail.")] = None,
    family: Annotated[
        str | None, typer.Option("--family", metavar="NAME", help="Only this family.", callback=choice(_families))
    ] = None,
    tunable: Annotated[bool, typer.Option("--tunable", help="Only models that KAITO can tune.")] = False,
    gated: Annotated[bool, typer.Option("--gated", help="Only models whose weights need a token.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """List the models that KAITO serves by name."""
    from kaito_iac.cli.model_list import list_models, show_model

    if name is None:
        return emit(list_models(family=family, tunable=tunable, gated=gated), as_json=as_json)
    if family or tunable or gated:
        raise typer.BadParameter("a NAME takes no filter")
    return emit(show_model(name), as_json=as_json)


@app.command()
def sizes(
    name: Annotated[str | None, typer.Argument(help="One VM size, in detail.")] = None,
    cloud: Cloud = None,
    gpu: Annotated[
        str | None, typer.Option("--gpu", metavar="MODEL", help="Only this GPU product, such as A100.", callback=_product)
    ] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="NAME", help="Region for prices.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """List the VM sizes with GPUs that KAITO knows, with their prices."""
    from kaito_iac.cli.size_list import list_sizes, show_size

    if name is None:
        return emit(list_sizes(cloud=cloud, gpu=gpu, region=region), as_json=as_json)
    if cloud or gpu:
        raise typer.BadParameter("a NAME takes no filter")
    return emit(show_size(name, region), as_json=as_json)


@app.command()
def versions(
    release: Annotated[str | None, typer.Argument(help="One release, in detail.")] = None,
    to: Annotated[str | None, typer.Argument(help="A second one: what changes on the way to it.")] = None,
    as_json: Json = False,
) -> ExitCode:
    """List the releases of KAITO, and what changes from one to another."""
    from kaito_iac.cli import version_list

    if release is None:
        return emit(version_list.list_versions(), as_json=as_json)
    reply = version_list.show_version(release) if to is None else version_list.compare_versions(release, to)
    return emit(reply, as_json=as_json)


state_app.add_to(app)
cluster_app.add_to(app)

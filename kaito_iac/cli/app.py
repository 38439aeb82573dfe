"""The commands and their options: parsing only, each calls one function and prints what it gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kaito_iac.cli import catalog_app, cluster_app, state_app
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import (
    Config,
    Json,
    Ledger,
    PolicyConfig,
    PolicyPacks,
    Prices,
    Quota,
    References,
    Region,
    Stack,
    Subscription,
    choice,
    key_values,
)
from kaito_iac.cli.presets_app import presets
from kaito_iac.cli.printing import emit, write
from kaito_iac.cli.quota_app import quota as quota_commands
from kaito_iac.cli.report_app import report as report_commands
from kaito_iac.cli.terminal import is_terminal

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
app.add_typer(report_commands, name="report")


_PROVISIONER = "nodeProvisioner of KAITO's chart: azure-gpu-provisioner (default), karpenter or byo."


def _provisioners() -> tuple[str, ...]:
    from kaito_iac.admission.verdict import PROVISIONERS

    return PROVISIONERS


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
    """Print the help when no command is given."""
    if context.invoked_subcommand is None:
        write(context.get_help() + "\n")


@app.command()
def plan(
    program: Annotated[Path, typer.Argument(metavar="[PROGRAM]", help="Folder of a stack program.", show_default=False)] = Path(
        "."
    ),
    stack: Stack = None,
    config: Config = None,
    policy_pack: PolicyPacks = None,
    policy_config: PolicyConfig = None,
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Region = None,
    references: References = None,
    prices: Prices = None,
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
        prices=prices,
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
    from kaito_iac.admission.verdict import AZURE, Environment
    from kaito_iac.cli import checking

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


catalog_app.add_to(app)
state_app.add_to(app)
cluster_app.add_to(app)

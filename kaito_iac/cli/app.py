"""The commands and their options: parsing only, each calls one function and prints what it gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import click

from kaito_iac.cli import catalog_app, cluster_app, data_app, start_app, state_app
from kaito_iac.cli.command import Argument, BadParameter, Group, Option
from kaito_iac.cli.engine_options import Digest, Events, Preview, engine_asked
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import (
    Config,
    FeatureGates,
    Ignore,
    Invokes,
    Json,
    KaitoRelease,
    Ledger,
    PolicyConfig,
    PolicyPacks,
    Prices,
    Provisioner,
    Quota,
    References,
    Region,
    Stack,
    Strict,
    Subscription,
    Timeout,
    key_values,
    together,
)
from kaito_iac.cli.packs_app import packs
from kaito_iac.cli.presets_app import presets
from kaito_iac.cli.prices_app import prices as prices_commands
from kaito_iac.cli.printing import emit, write
from kaito_iac.cli.quota_app import quota as quota_commands
from kaito_iac.cli.report_app import report as report_commands
from kaito_iac.cli.strictness import Strictness
from kaito_iac.cli.terminal import is_terminal
from kaito_iac.project_url import page_url

Manifests = Annotated[list[str] | None, Argument(metavar="[PATH...]", help="YAML files, folders, or - for standard input.")]


def _version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            write(f"kaito-iac {version('kaito-iac')}\n")
        except PackageNotFoundError:
            write("kaito-iac, run from its sources\n")
        context.exit()


@click.pass_context
def _root(context: click.Context) -> None:
    """Print the help when no command is given."""
    if context.invoked_subcommand is None:
        write(context.get_help() + "\n")


def plan(
    program: Annotated[Path, Argument(metavar="[PROGRAM]", help="Folder of a stack program.")] = Path("."),
    stack: Stack = None,
    config: Config = None,
    policy_pack: PolicyPacks = None,
    policy_config: PolicyConfig = None,
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Region = None,
    references: References = None,
    kaito_version: KaitoRelease = None,
    provisioner: Provisioner = None,
    feature_gate: FeatureGates = None,
    invokes: Invokes = None,
    timeout: Timeout = None,
    prices: Prices = None,
    strict: Strict = False,
    ignore: Ignore = None,
    preview: Preview = False,
    events: Events = None,
    digest: Digest = None,
    as_json: Json = False,
) -> ExitCode:
    """Show what a program would create: GPUs, cost, problems. Nothing is created; exit code 1 when there are errors."""
    from kaito_iac.admission.stated_installation import stated
    from kaito_iac.cli.planning import make
    from kaito_iac.planning.request import Limits, Program

    with stated(provisioner, feature_gate or ()):
        reply = make(
            Program(program, stack, key_values(config), references, invokes, timeout),
            Limits(quota=quota, ledger=tuple(ledger or ()), subscription=subscription, region=region, prices=prices),
            packs=tuple(policy_pack or ()),
            policy_config=together(policy_pack, policy_config, ledger, quota),
            release=kaito_version,
            strictness=Strictness(frozenset(ignore or ()), strict),
            engine=engine_asked(preview, events, digest, offline=(references, invokes), run=(config, timeout)),
        )
        return emit(reply, as_json=as_json)


def render(
    program: Annotated[Path, Argument(help="Folder of a stack program.")],
    output: Annotated[Path, Option("--output", "-o", metavar="DIR", help="Folder for the files.")],
    stack: Stack = None,
    config: Config = None,
    references: References = None,
    invokes: Invokes = None,
    timeout: Timeout = None,
    provisioner: Provisioner = None,
    feature_gate: FeatureGates = None,
    strict: Strict = False,
    ignore: Ignore = None,
    as_json: Json = False,
) -> ExitCode:
    """Write the Kubernetes objects of a program as YAML files."""
    from kaito_iac.admission.stated_installation import stated
    from kaito_iac.cli.planning import render_files
    from kaito_iac.planning.request import Program

    ran = Program(program, stack, key_values(config), references, invokes, timeout)
    with stated(provisioner, feature_gate or ()):
        return emit(render_files(ran, output, Strictness(frozenset(ignore or ()), strict)), as_json=as_json)


def images(
    program: Annotated[Path, Argument(metavar="[PROGRAM]", help="Folder of a stack program.")] = Path("."),
    stack: Stack = None,
    config: Config = None,
    mirror: Annotated[
        str | None,
        Option("--mirror", metavar="REGISTRY", help="Print each reference with its address in this registry, one pair per line."),
    ] = None,
    references: References = None,
    invokes: Invokes = None,
    timeout: Timeout = None,
    as_json: Json = False,
) -> ExitCode:
    """List the container images and charts a program needs, for air-gapped clusters."""
    from kaito_iac.cli.image_list import list_images
    from kaito_iac.planning.request import Program

    ran = Program(program, stack, key_values(config), references, invokes, timeout)
    return emit(list_images(ran, mirror), as_json=as_json)


def check(
    paths: Manifests = None,
    old: Annotated[
        str | None, Option("--old", metavar="FILE", help="Objects that the manifests replace, to check an update.")
    ] = None,
    provisioner: Provisioner = None,
    cloud: Annotated[
        str | None,
        Option("--cloud", metavar="NAME", help="cloudProviderName of KAITO's chart: azure (default), aws or arc.", key="cloud"),
    ] = None,
    feature_gate: FeatureGates = None,
    node_class: Annotated[
        list[str] | None, Option("--node-class", metavar="NAME", help="NodeClass Karpenter may use; may be repeated.")
    ] = None,
    kaito_version: KaitoRelease = None,
    strict: Strict = False,
    ignore: Ignore = None,
    sarif: Annotated[bool, Option("--sarif", help="Print SARIF 2.1.0, for code scanning.")] = False,
    as_json: Json = False,
) -> ExitCode:
    """Check Kubernetes manifests as KAITO would. One line per problem; exit code 1 when KAITO refuses one."""
    from kaito_iac.catalog.judged_release import judging_by
    from kaito_iac.cli import checking

    if sarif and as_json:
        raise BadParameter("--sarif and --json exclude each other")
    try:
        env = checking.environment(cloud, provisioner, feature_gate or (), node_class)
        inputs = checking.inputs(paths or (), is_terminal(sys.stdin))
    except ValueError as error:
        raise BadParameter(str(error)) from error
    given = frozenset(name for name, value in (("cloud", cloud), ("provisioner", provisioner)) if value)
    strictness = Strictness(frozenset(ignore or ()), strict)
    with judging_by(kaito_version):
        reply = checking.check_paths(inputs, env, old=old, sarif=sarif, given=given, strictness=strictness)
        return emit(reply, as_json=as_json)


def convert(
    paths: Manifests = None,
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="DIR", help="Folder for __main__.py and Pulumi.yaml. Default: print the program."),
    ] = None,
    presets: Annotated[
        bool, Option("--presets", help="Use components, such as KaitoWorkspace, where they make the same objects.")
    ] = False,
    node_size: Annotated[
        str | None, Option("--node-size", metavar="NAME", help="With --presets: VM size of nodes that exist already.")
    ] = None,
    kaito_version: KaitoRelease = None,
    strict: Strict = False,
    ignore: Ignore = None,
    as_json: Json = False,
) -> ExitCode:
    """Write a Python program from Kubernetes manifests. Exit code 1 when one of them is not converted unchanged."""
    from kaito_iac.catalog.judged_release import judging_by
    from kaito_iac.cli import checking, converting

    try:
        inputs = checking.inputs(paths or (), is_terminal(sys.stdin))
    except ValueError as error:
        raise BadParameter(str(error)) from error
    if node_size is not None and not presets:
        raise BadParameter("--node-size needs --presets")
    strictness = Strictness(frozenset(ignore or ()), strict)
    with judging_by(kaito_version):
        reply = converting.convert_paths(inputs, output, presets=presets, size=node_size, strictness=strictness)
        return emit(reply, as_json=as_json)


app = Group(
    "kaito-iac",
    help="Preview nodes, quota, cost and errors of KAITO workloads before you deploy."
    " No cloud, cluster, credentials or Pulumi CLI needed.",
    epilog="Exit codes: 0 done, 1 problems found, 2 wrong usage, 3 input cannot be read or run, 4 not ready in time."
    f"\n\n\b\nDocumentation: {page_url('README.md')}",
    callback=_root,
    invoke_without_command=True,
    params=[
        click.Option(
            ["--version", "-V"], is_flag=True, is_eager=True, expose_value=False, help="Print the version.", callback=_version
        )
    ],
)
app.add("Start", start_app.STARTING)
app.add("Programs and stacks", {"plan": plan, "render": render, "images": images, "state": state_app.state})
app.add("Manifests", {"check": check, "convert": convert})
app.add("Models, sizes, releases", catalog_app.COMMANDS)
app.add("Clusters", cluster_app.COMMANDS)
app.add("About kaito-iac", start_app.COMMANDS)
app.add(
    "Files",
    {
        "presets": presets,
        "packs": packs,
        **data_app.COMMANDS,
        "prices": prices_commands,
        "quota": quota_commands,
        "report": report_commands,
    },
)

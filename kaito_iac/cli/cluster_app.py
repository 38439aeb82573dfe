"""The commands that talk to a cluster, and their options: parsing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from kaito_iac.cli.command import Argument, BadParameter, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import Json
from kaito_iac.cli.printing import emit

Kubeconfig = Annotated[
    str | None, Option("--kubeconfig", metavar="FILE", help="Kubeconfig. Default: KUBECONFIG, else ~/.kube/config.")
]
Context = Annotated[str | None, Option("--context", metavar="NAME", help="Context of the kubeconfig.")]


def wait(
    names: Annotated[
        list[str] | None,
        Argument(metavar="[KIND/NAME...]", help="Workloads, such as workspace/chat."),
    ] = None,
    namespace: Annotated[
        str | None, Option("--namespace", "-n", metavar="NAME", help="Namespace. Default: default; with --all all namespaces.")
    ] = None,
    everything: Annotated[bool, Option("--all", help="All KAITO workloads of the cluster.")] = False,
    timeout: Annotated[
        float | None,
        Option("--timeout", metavar="MINUTES", min=0.1, help="Longest wait. Default: what each model's weights need."),
    ] = None,
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    as_json: Json = False,
) -> ExitCode:
    """Wait until workloads in a cluster are ready. Ends within minutes, with the cause, if they can never become ready."""
    from kaito_iac.cli import waiting

    try:
        wanted = waiting.targets(names or (), namespace, everything)
    except ValueError as error:
        raise BadParameter(str(error)) from error
    reply = waiting.wait(wanted, namespace=namespace, minutes=timeout, kubeconfig=kubeconfig, context=context)
    return emit(reply, as_json=as_json)


def diagnose(
    name: Annotated[str, Argument(help="Workload or pool: NAME, or KIND/NAME, such as workspace/chat or nodepool/a100.")],
    namespace: Annotated[
        str | None, Option("--namespace", "-n", metavar="NAME", help="Namespace. Default: all namespaces.")
    ] = None,
    kubeconfig: Kubeconfig = None,
    context: Context = None,
    as_json: Json = False,
) -> ExitCode:
    """Find why a workload or pool is not ready. Reads the cluster once; lists causes in order, each with the next command."""
    from kaito_iac.cli import diagnosing

    try:
        reply = diagnosing.diagnose(name, namespace=namespace, kubeconfig=kubeconfig, context=context)
    except ValueError as error:
        raise BadParameter(str(error)) from error
    return emit(reply, as_json=as_json)


def leftovers(kubeconfig: Kubeconfig = None, context: Context = None, as_json: Json = False) -> ExitCode:
    """Find what is left of KAITO in a cluster. Stuck deletions, nodes without an owner, volumes, addresses, CRDs."""
    from kaito_iac.cli import leftovers as command

    return emit(command.find(kubeconfig=kubeconfig, context=context), as_json=as_json)


COMMANDS: Final[Mapping[str, Callable[..., ExitCode]]] = {"wait": wait, "diagnose": diagnose, "leftovers": leftovers}
"""By name."""

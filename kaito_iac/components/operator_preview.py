"""What an update or the removal of an operator would fail at for want of something on this machine, reported in the preview."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pulumi
import pulumi.runtime

from kaito_iac.components.cluster_access import names_no_cluster
from kaito_iac.errors import rehearsed, spelling
from kaito_iac.problem import Problem
from kaito_iac.resolve.operator_spec import KEEPER, OperatorSpec

OF_PACKAGE: Final = Path(__file__).parents[2] / "components" / "bin"
"""Where the component package has the commands for the engine."""


def before_update(operator: pulumi.ComponentResource, spec: OperatorSpec) -> Iterator[Problem]:
    """Report what the engine lacks; an offline plan and a recording of a test have none."""
    hosted = spelling.get() is not None
    if rehearsed.get():
        return
    if spec.postrender and spec.mode == "release" and shutil.which(spec.postrender, path=engine_path(hosted=hosted)) is None:
        message = f"{spec.postrender!r} is not on the PATH of the engine: the update stops before the first chart"
        yield Problem("KO496", "postrender", message, "", _fix(spec.postrender, hosted=hosted), "warning")
    provider = operator.get_provider("kubernetes:core/v1:Namespace")
    if spec.charts and spec.guard and provider is None and names_no_cluster(operator, None):
        message = "none: no provider, configuration kubernetes:kubeconfig, KUBECONFIG or ~/.kube/config names a cluster"
        fix = "name the cluster before the update, which fails otherwise"
        yield Problem("KO479", "kubeconfig", message, "", fix, "warning")


def engine_path(*, hosted: bool) -> str:
    """Return the PATH of the engine: the one of this process without the environment that the engine puts before it."""
    first, *others = os.environ.get("PATH", "").split(os.pathsep)
    own = Path(first) in (Path(sys.prefix) / "bin", Path(sys.prefix) / "Scripts")
    return os.pathsep.join(others if own and (hosted or _names_environment()) else [first, *others])


def _names_environment() -> bool:
    """Return whether the program's Pulumi.yaml names an environment, which the engine then puts before PATH."""
    try:
        text = (Path(pulumi.runtime.get_root_directory()) / "Pulumi.yaml").read_text(encoding="utf-8")
    except OSError:
        return False
    return "virtualenv" in text or "toolchain" in text


def _fix(command: str, *, hosted: bool) -> str:
    """Return where the command is: in this environment, or in the folder of the component package."""
    folders = [OF_PACKAGE] if hosted else [Path(sys.prefix) / "bin", Path(sys.prefix) / "Scripts"]
    found = next((folder for folder in folders if shutil.which(command, path=str(folder))), None)
    if command != KEEPER or found is None:
        return "put the command on the PATH of `pulumi up`, or give postrender its absolute path"
    return f"put {found} on the PATH of `pulumi up`, or mode='chart'"

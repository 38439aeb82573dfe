"""Every component works under Pulumi's own mocks, with the plain answers that Pulumi's documentation shows."""

import subprocess
import sys
from pathlib import Path

import pytest

NO_MOCKS = {
    "cluster_private": "azure-native gives identities of a ManagedCluster another type as outputs than it takes as inputs",
    **dict.fromkeys(
        ("gateway_one_model", "gateway_many_models", "workspace_blue_green"),
        "mocks give inputs back as outputs, and `models` of a gateway is a mapping as the one and a list as the other",
    ),
}
"""Examples that mocks which give back their inputs cannot answer, and why."""
HERE = Path(__file__).parent
PROGRAM = """
import contextvars, sys, traceback
import pulumi
from conftest import EXAMPLES

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [f"{args.name}-id", args.inputs]

    def call(self, args):
        return {}

def mocked(program):
    pulumi.runtime.set_mocks(Mocks(), preview=sys.argv[1] == "preview")
    pulumi.runtime.test(lambda: program())()

for name, program in EXAMPLES.items():
    try:
        contextvars.copy_context().run(mocked, program)
    except BaseException as error:
        print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")
"""


@pytest.mark.process
@pytest.mark.parametrize("mode", ["preview", "update"])
def test_examples_under_mocks(mode):
    """Every example runs to its end when no provider function answers anything."""
    command = [sys.executable, "-c", PROGRAM, mode]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
    failed = {line.partition(":")[0]: line for line in done.stdout.splitlines()}
    assert (failed.keys(), done.returncode) == (NO_MOCKS.keys(), 0), done.stdout

"""What the starter configurations of guardrails stop in each stack and example, as one list per program.

KAITO_IAC_WRITE_GOLDEN=1 writes the lists anew, for the diff to be read.
"""

import json
from pathlib import Path

import pytest

from kaito_iac.planning.judgement import Judged, pack_problems
from kaito_iac.planning.rehearsal import rehearse
from kaito_iac.planning.request import Program

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted(
    path.parent for pattern in ("stacks/*/Pulumi.yaml", "docs/examples/*/Pulumi.yaml") for path in ROOT.glob(pattern)
)
STARTERS = ("config", "sandbox", "team", "production")


@pytest.mark.process
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_starters_on_shipped_programs(program, golden):
    """A program is stopped by what its list says under each starter configuration, and by nothing else."""
    recording = rehearse(Program(program)).recording
    stopped = {}
    for name in STARTERS:
        config = ROOT / "policies" / "guardrails" / f"{name}.json"
        problems = pack_problems(Judged.of(recording), (Path("guardrails"),), config)
        stopped[name] = sorted({f"{one.code} {one.path}" for one in problems if one.severity == "error"})
    golden(f"guardrails/{program.name}.json", json.dumps(stopped, indent=1) + "\n")

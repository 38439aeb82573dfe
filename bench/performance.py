"""Times the commands beside their anchors and peers, in turn, as whole processes; --write makes docs/performance.md of it.

Peers are run by their ordinary packages out of an environment of their own (see bench/peers/README.md); one that is not
installed is named in the output. Ratios are medians over rounds of the time of two processes in one round.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).parent / "peers"
PAGE = ROOT / "docs" / "performance.md"
PROGRAM = """
from kaito_iac import KaitoWorkspace
for number in range({count}):
    KaitoWorkspace(f"chat-{{number}}", {{"preset": "phi-4-mini-instruct", "context": 8192}})
"""
MANIFEST = """apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata:
  name: chat-{number}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector:
    matchLabels:
      apps: chat-{number}
inference:
  preset:
    name: phi-4-mini-instruct
"""
PREVIEWED = """
from kaito_iac import KaitoWorkspace
for number in range({count}):
    KaitoWorkspace(f"chat-{{number}}", {{"preset": "phi-4-mini-instruct", "instance_type": "{size}", "wait": False}})
"""
BY_HAND = """
import sys
sys.path.insert(0, "{peers}")
from mocks import Served
for number in range({count}):
    Served(f"chat-{{number}}")
"""
PLAIN = """
import pulumi
import pulumi_kubernetes
for number in range({count}):
    inputs = {{
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {{"name": f"chat-{{number}}", "namespace": "default"}},
        "resource": {{"instanceType": "{size}", "labelSelector": {{"matchLabels": {{"apps": f"chat-{{number}}"}}}}}},
        "inference": {{"preset": {{"name": "phi-4-mini-instruct"}}}},
    }}
    pulumi.CustomResource("kubernetes:kaito.sh/v1beta1:Workspace", f"chat-{{number}}", inputs)
"""
IDLE = """
from pulumi_policy import PolicyPack, StackValidationPolicy
accepts = StackValidationPolicy(name="accepts", description="Accepts everything.", validate=lambda args, report: None)
PolicyPack(name="idle-{name}", policies=[accepts])
"""
ENGINE = ("pulumi", "pulumi-language-python", "pulumi-resource-kubernetes")
HEAD = """# Speed and memory

Written by `bench/performance.py --write` (`make bench`); do not edit.

Each row measures whole processes that run alternately on one machine, with compiled bytecode. A ratio is the median over all
rounds, so that other load affects both sides equally. Ratios are comparable between machines, seconds are not. Memory is that
of the largest process of each side. The other tools do less than the command in the first column.

"""


@dataclass(frozen=True)
class Row:
    """Two commands beside each other."""

    what: str
    ours: Sequence[str]
    beside: str
    """What the other command is."""
    other: Sequence[str]
    target: str = ""
    memory: bool = False
    inverse: bool = False
    """Whether the ratio is how many times longer the other takes."""
    needs: str = ""
    """Package of the peer."""


@dataclass
class Taken:
    """What the rounds of one row took."""

    ours: list[tuple[float, float, float]] = field(default_factory=list)
    other: list[tuple[float, float, float]] = field(default_factory=list)


def measured(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float, float]:
    """Run a command once; return seconds by the clock, of the processor, and the MiB of its largest process."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    script = (
        "import os,resource,subprocess,sys;done=subprocess.run(sys.argv[2:],stdin=0,stdout=1,stderr=2);"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN);os.write(int(sys.argv[1]),str(u.ru_maxrss/1024).encode());"
        "sys.exit(done.returncode)"
    )
    ours, theirs = os.pipe()
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    wrapped = [sys.executable, "-I", "-S", "-c", script, str(theirs), *command]
    done = subprocess.run(wrapped, cwd=ROOT, env=dict(environment), pass_fds=(theirs,), check=False, **quiet)  # type: ignore[call-overload]
    taken, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    os.close(theirs)
    if done.returncode:
        raise SystemExit(f"ended with {done.returncode}: {' '.join(command)}")
    with os.fdopen(ours) as pipe:
        largest = float(pipe.read() or 0)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, largest


def rows(folder: Path, peers: str, crd: str) -> Iterator[Row]:
    """Return what is compared."""
    ours = [sys.executable, "-m", "kaito_iac.cli.main"]
    python = [sys.executable, "-c"]
    sdk, packs = [*python, "import pulumi"], ["-p", "gpu-quota", "-p", "guardrails"]
    plan = [*ours, "plan", str(ROOT)]
    providers = "import pulumi, pulumi_kubernetes, pulumi_azure_native"
    yield Row("`plan` of the quickstart", plan, "`import pulumi`", sdk, "at most 1.8")
    yield Row("`plan` of the quickstart", plan, f"`{providers}`", [*python, providers])
    yield Row("the same in the project's own environment", [*ours, "plan", str(own_environment(folder))], "`plan`", plan)
    yield Row("`plan` with both packs", [*plan, *packs], "without", plan, "at most 1.25")
    yield Row("`fit phi-4`", [*ours, "fit", "phi-4"], "`import pulumi`", sdk, "at most 0.5")
    yield Row("`sizes`", [*ours, "sizes"], "`import pulumi`", sdk, "at most 0.5")
    manifests = folder / "manifests.yaml"
    manifests.write_text("---\n".join(MANIFEST.format(number=number) for number in range(1000)))
    check = [*ours, "check", str(manifests)]
    what = "`check` of 1,000 manifests, all rules"
    rule = [
        "--external-checks-dir",
        str(PEERS / "checkov_rule"),
        "--check",
        "CKV_KAITO_1",
        "--quiet",
        "--compact",
        "--skip-download",
    ]
    checkov = [str(Path(peers).parent / "checkov"), "-f", str(manifests), "--framework", "kubernetes", *rule]
    yield Row(what, check, "checkov, one rule", checkov, "at least 10 times faster", inverse=True, needs="checkov")
    yield Row(
        what, check, "regopy, four rules", [peers, str(PEERS / "judge_regopy.py"), str(manifests)], inverse=True, needs="regopy"
    )
    for package, target in (("jsonschema", "at most 1.5"), ("jsonschema_rs", "")):
        script = [peers, str(PEERS / f"validate_{package}.py"), crd, str(manifests)]
        yield Row(what, check, f"{package}, the CRD alone", script, target, needs=package)
    yield from of_programs(folder, peers, ours)
    yield from of_engine(folder)


def of_programs(folder: Path, peers: str, ours: Sequence[str]) -> Iterator[Row]:
    """Return what is compared of programs with many workspaces."""
    for count in (1000, 5000):
        program = folder / str(count)
        program.mkdir()
        (program / "Pulumi.yaml").write_text("name: many\nruntime: python\n")
        (program / "__main__.py").write_text(PROGRAM.format(count=count))
        mocks = [sys.executable, str(PEERS / "mocks.py"), str(count)]
        named = "the tree by hand under Pulumi's mocks"
        if count == 1000:
            out = folder / "out"
            render = [*ours, "render", str(program), "-o", str(out)]
            yield Row("`render` of 1,000 workspaces", render, named, mocks, "at most 1.1")
            for package, made in (("cdk8s", "cdk8s, objects alone"), ("pydantic", "pydantic and libyaml, objects alone")):
                place = folder / package
                place.mkdir()
                script = [peers, str(PEERS / f"write_{package}.py"), str(count), str(place)]
                yield Row("`render` of 1,000 workspaces", render, made, script, needs=package)
        plan = [*ours, "plan", str(program)]
        yield Row(f"`plan` of {count:,} workspaces", plan, named, mocks, "at most 1.1")
        if count == 5000:
            yield Row("memory of `plan`, 5,000 workspaces", plan, named, mocks, "at most 1.2", memory=True)


def of_engine(folder: Path) -> Iterator[Row]:
    """Return what is compared of previews of the real engine, against the cluster of KUBECONFIG."""
    preview = {}
    programs = {"ours": PREVIEWED, "plain": PLAIN, "whole": PROGRAM, "hand": BY_HAND}
    for name, program in programs.items():
        place = folder / f"engine-{name}"
        place.mkdir()
        runtime = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
        (place / "Pulumi.yaml").write_text(f"name: engine-{name}\n{runtime}")
        (place / "__main__.py").write_text(program.format(count=200, size="Standard_NC24ads_A100_v4", peers=PEERS))
        preview[name] = ["pulumi", "-C", str(place), "preview", "--non-interactive", "--suppress-outputs", "--stack", "dev"]
        if not engine_missing():
            init = ["pulumi", "-C", str(place), "stack", "init", "dev"]
            subprocess.run(init, env={**os.environ, **engine_environment(folder)}, check=True, capture_output=True)
    what = "`pulumi preview` of 200 workspaces"
    yield Row(what, preview["ours"], "200 plain CustomResources", preview["plain"], "at most 1.15", needs="pulumi")
    tree = f"{what}, with context"
    yield Row(tree, preview["whole"], "the same tree by hand", preview["hand"], needs="pulumi")
    packs = []
    for name, config in (("gpu-quota", '{"gpu-budget": {"maxGpus": 1000}}'), ("guardrails", "{}")):
        (folder / f"{name}.json").write_text(config)
        packs += ["--policy-pack", str(ROOT / "policies" / name), "--policy-pack-config", str(folder / f"{name}.json")]
    with_packs = [*preview["ours"], *packs]
    yield Row(f"{what} with both packs", with_packs, "without", preview["ours"], "at most 1.25", needs="pulumi")
    idle = [*preview["ours"], *(part for name in ("one", "two") for part in ("--policy-pack", str(idle_pack(folder, name))))]
    yield Row(f"{what} with both packs", with_packs, "two packs that check nothing", idle, needs="pulumi")


def idle_pack(folder: Path, name: str) -> Path:
    """Return a pack with one policy that accepts everything: what the engine and the SDK take by themselves."""
    place = folder / f"idle-{name}"
    place.mkdir()
    (place / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    (place / "__main__.py").write_text(IDLE.format(name=name))
    return place


def engine_environment(folder: Path) -> dict[str, str]:
    """Return what keeps the engine inside a folder, and lets packs run in this environment."""
    state = {"PULUMI_HOME": str(folder / "home"), "PULUMI_BACKEND_URL": f"file://{folder}", "PULUMI_CONFIG_PASSPHRASE": "x"}
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    return state | {"PULUMI_SKIP_UPDATE_CHECK": "1", "PATH": path}


def engine_missing() -> str:
    """Return what previews lack; empty when they can run."""
    lacking = [name for name in ENGINE if shutil.which(name) is None]
    if lacking:
        return f"not on PATH: {', '.join(lacking)}"
    return "" if os.environ.get("KUBECONFIG") else "no KUBECONFIG"


def own_environment(folder: Path) -> Path:
    """Return a copy of the quickstart with an environment of its own, which holds the same packages."""
    program, site = folder / "own", f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    program.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(program / "venv")], check=True)
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    (program / "venv" / site / "others.pth").write_text("".join(f"{path}\n" for path in paths))
    text = (
        (ROOT / "Pulumi.yaml")
        .read_text()
        .replace("virtualenv: .venv", "virtualenv: venv")
        .replace("main: stacks/quickstart\n", "")
    )
    (program / "Pulumi.yaml").write_text(text)
    (program / "Pulumi.dev.yaml").write_text((ROOT / "Pulumi.dev.yaml").read_text())
    (program / "__main__.py").write_text((ROOT / "stacks" / "quickstart" / "__main__.py").read_text())
    return program


def missing(row: Row, peers: str, crd: str) -> str:
    """Return why a row cannot be run; empty when it can."""
    if not row.needs:
        return ""
    if row.needs == "pulumi":
        return engine_missing()
    if not peers:
        return "no environment of peers: --peers, or KAITO_IAC_BENCH_PYTHON"
    if row.needs.startswith("jsonschema") and not crd:
        return "no CRD: --crd, or KAITO_IAC_BENCH_CRD"
    done = subprocess.run([peers, "-c", f"import {row.needs}"], capture_output=True, check=False)
    return "" if done.returncode == 0 else f"{row.needs} is not installed there"


def line(row: Row, taken: Taken) -> str:
    """Return one line of the table."""
    index = 2 if row.memory else 0
    pairs = list(zip(taken.ours, taken.other, strict=True))
    ratio, busy = (median(a[at] / b[at] for a, b in pairs) for at in (index, 1))
    if row.inverse:
        ratio, busy = (median(b[at] / a[at] for a, b in pairs) for at in (index, 1))
    unit = "MiB" if row.memory else "s"
    ours, other = (median(one[index] for one in side) for side in (taken.ours, taken.other))
    shown = f"{ours:.0f} {unit} | {other:.0f} {unit}" if row.memory else f"{ours:.2f} {unit} | {other:.2f} {unit}"
    words = "times faster" if row.inverse else "times"
    processor = "" if row.memory else f"{busy:.2f}"
    return f"| {row.what} | {row.beside} | {shown} | {ratio:.2f} {words} | {processor} | {row.target} |"


def main() -> None:
    """Run every row and print the table; with --write also as the page of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=os.environ.get("KAITO_IAC_BENCH_PYTHON", ""), help="Python of the peers' environment")
    parser.add_argument("--crd", default=os.environ.get("KAITO_IAC_BENCH_CRD", ""), help="kaito.sh_workspaces.yaml of KAITO")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="part of the rows' names")
    parser.add_argument("--skip", default="", help="part of the names of rows to leave out")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    out = [
        "| what | compared with | time | its time | ratio | ratio of processor time | target |",
        "|---|---|---|---|---|---|---|",
    ]
    left = []
    print("\n".join(out), flush=True)
    with tempfile.TemporaryDirectory() as name:
        cache = {"PYTHONPYCACHEPREFIX": f"{name}/bytecode", "PYTHONPATH": str(ROOT), **engine_environment(Path(name))}
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | cache
        for row in rows(Path(name), asked.peers, asked.crd):
            if asked.only not in f"{row.what} {row.beside}":
                continue
            if why := ("left out" if asked.skip and asked.skip in row.what else missing(row, asked.peers, asked.crd)):
                left.append(f"Not run: {row.what} beside {row.beside}: {why}.")
                continue
            taken = Taken()
            large = "000 workspaces" in row.what
            for number in range(min(2, asked.rounds) if large else asked.rounds + 1):
                pair = [(taken.ours, row.ours), (taken.other, row.other)]
                for side, command in pair if number % 2 else reversed(pair):
                    side.append(measured(command, environment))
            taken = Taken(taken.ours[not large :], taken.other[not large :])  # the first round writes the bytecode
            out.append(line(row, taken))
            print(out[-1], flush=True)
    print("\n".join(left))
    if asked.write:
        machine = f"{date.today()}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.\n\n"
        PAGE.write_text(HEAD + machine + "\n".join([*out, "", *left]).rstrip() + "\n")


if __name__ == "__main__":
    main()

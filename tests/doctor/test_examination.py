"""What doctor finds: with fake tools on PATH, files of every age, and an API server that answers as a cluster does."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaito_iac.cli.main import main
from kaito_iac.doctor import tool as tools_module
from kaito_iac.doctor.ages import ages
from kaito_iac.doctor.cluster import cluster_findings
from kaito_iac.doctor.examine import Asked, examine
from kaito_iac.doctor.finding import numbers
from kaito_iac.doctor.packages import fits, packages
from kaito_iac.doctor.program import Wanted
from kaito_iac.doctor.tool import tools
from kaito_iac.planning.needs import Need
from kaito_iac.readiness.cluster import open_cluster

TODAY = date(2026, 11, 28)


def shown(found: Any) -> list[str]:
    """Return state, subject and text of every finding, with its fix behind an arrow."""
    return [f"{one.state} {one.subject}: {one.found}{f' -> {one.fix}' if one.fix else ''}" for one in found]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return a PATH of its own, with the tools that a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(tools_module, "SECONDS", 5.0)
    monkeypatch.setattr(tools_module, "installed", lambda name: {"pulumi": "3.264.0", "pulumi-kubernetes": "4.30.0"}.get(name))

    def put(name: str, script: str) -> None:
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    return put


OPTIONAL = [
    "info kubectl: not on PATH; it looks at clusters",
    "info helm: not on PATH; it renders charts for `kaito-iac check`",
    "info az: not on PATH; it signs in to Azure",
    "info aws: not on PATH; it signs in to AWS",
    "info git: not on PATH; it compares branches for `kaito-iac report`",
    "info uv: not on PATH; it installs environments",
]
LISTED = json.dumps([{"name": "kubernetes", "kind": "resource", "version": "4.30.0"}])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(
            None, ["warning pulumi: not on PATH; plans need none, `pulumi up` does -> install the Pulumi CLI"], id="none"
        ),
        pytest.param(
            f"[ \"$1\" = version ] && echo v3.264.1 || echo '{LISTED}'",
            ["ok pulumi: 3.264.1, with the Python SDK 3.264.0", "ok plugin kubernetes: 4.30.0"],
            id="one that fits",
        ),
        pytest.param(
            '[ "$1" = version ] && echo v3.200.0 || echo "[]"',
            [
                "warning pulumi: 3.200.0, older than its Python SDK 3.264.0 -> upgrade the Pulumi CLI",
                "info plugin kubernetes: 4.30.0 is not installed: the first `pulumi up` downloads it"
                " -> pulumi plugin install resource kubernetes 4.30.0",
            ],
            id="an old one without plugins",
        ),
        pytest.param(
            "exit 3",
            ["error pulumi: does not report its version within 5 s -> run `pulumi version` and read its message"],
            id="a broken one",
        ),
        pytest.param(
            '[ "$1" = version ] && echo v3.264.0 || echo nonsense',
            ["ok pulumi: 3.264.0, with the Python SDK 3.264.0", "info plugin kubernetes: the CLI does not list its plugins"],
            id="one that lists nothing",
        ),
    ],
)
def test_pulumi(script, said, path):
    """The CLI is compared with its SDK, its plugins with their packages; an optional tool that is missing is one line."""
    if script is not None:
        path("pulumi", script)
    assert shown(tools()) == [*said, *OPTIONAL]


def test_optional_tools(path):
    """Tools that are there state their version, in whatever words."""
    path("helm", "echo 'v3.16.2+g13654a5'")
    path("git", "echo git version 2.43.0")
    path("aws", "echo surprise")
    found = shown(tools())
    assert "ok helm: 3.16.2" in found
    assert "ok git: 2.43.0" in found
    assert "info aws: does not report its version; it signs in to AWS" in found


def test_a_tool_that_hangs_is_left(path, monkeypatch):
    """A tool that does not answer is left after its time."""
    monkeypatch.setattr(tools_module, "SECONDS", 0.2)
    path("pulumi", "exec /bin/sleep 30")
    begun = monotonic()
    assert shown(tools())[0].startswith("error pulumi: does not report its version within 0.2 s")
    assert monotonic() - begun < 10


@pytest.mark.parametrize(
    ("found", "bounds", "good"),
    [
        ("3.264.0", ">=3.264,<4", True),
        ("4.0.0", ">=3.264,<4", False),
        ("3.263.9", ">=3.264,<4", False),
        ("3.11", ">=3.11.0", True),
        ("1.20.0rc1", "<2,>=1.20", True),
        ("2.0", "", True),
        ("2.1", "!=2.1", False),
        ("2.1", "==2.1.0", True),
    ],
)
def test_bounds(found, bounds, good):
    """A version is held against the bounds that the package states."""
    assert fits(found, bounds) == good


def test_numbers():
    """The numbers of a version end where something else begins."""
    assert numbers("v3.264.1-alpha.2") == (3, 264, 1)
    assert numbers("dev") == ()


def test_packages_out_of_bounds(tmp_path, monkeypatch):
    """A package that is too old, one that is missing, and an extra that is not installed are each one line."""
    monkeypatch.setattr(
        "kaito_iac.doctor.packages.requires",
        lambda name: ["click<9,>=8.5", "pulumi<4,>=3.264", "rich>=14", 'kubernetes<38; extra == "wait"', 'x; extra == "dev"'],
    )
    there = {"click": "8.5.1", "pulumi": "3.100.0"}
    monkeypatch.setattr("kaito_iac.doctor.packages.installed", there.get)
    found = shown(packages(tmp_path))
    assert found[0].startswith("ok python: 3.")
    assert [line.split(" -> ")[0] for line in found[1:]] == [
        "ok click: 8.5.1",
        "error pulumi: 3.100.0; kaito-iac needs <4,>=3.264",
        "error kaito-iac: not installed: rich",
        "info extra wait: not installed: kubernetes",
    ]


def test_environment_of_the_program(tmp_path):
    """An environment that Pulumi.yaml names and that is not there is a warning with the commands that make it."""
    (tmp_path / "Pulumi.yaml").write_text("name: a\nruntime: {name: python, options: {virtualenv: .venv}}\n")
    (found,) = [line for line in shown(packages(tmp_path)) if " environment: " in line]
    place = tmp_path / ".venv"
    told = f"{place}, which Pulumi.yaml names, does not exist; `pulumi up` makes it of requirements.txt"
    assert found == f"warning environment: {told} -> python3 -m venv {place} && {place}/bin/pip install -r requirements.txt"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        pytest.param("2026-11-20", "ok quota: of 2026-11-20, 8 days old", id="fresh"),
        pytest.param("2026-09-20", "warning quota: of 2026-09-20, 69 days old, more than 30", id="stale"),
        pytest.param("2026-12-20", "warning quota: of 2026-12-20, a day to come", id="to come"),
        pytest.param("soon", "error quota: ", id="no day"),
    ],
)
def test_age_of_quota(day, said, tmp_path):
    """A quota file says its day; an old one, one of tomorrow and an unreadable one are reported apart."""
    (tmp_path / "quota.yaml").write_text(f"date: {day}\nlimits: []\n")
    first, second = shown(ages(tmp_path / "quota.yaml", None, "eastus", TODAY))
    assert first.startswith(said)
    assert second == "ok prices: of 2026-06-18, 163 days old"


def test_age_of_list_prices():
    """Without a region the list prices of every cloud are reported; a region without any is a warning."""
    found = shown(ages(None, None, None, TODAY))[1:]
    assert [line.partition(", ")[0] for line in found] == [
        "ok prices of azure: of 2026-06-18",
        "warning prices of aws: of 2026-01-01",
    ]
    assert shown(ages(None, None, "nowhere", TODAY))[1].startswith("warning prices: no list prices in nowhere -> ")


def test_age_of_prices(tmp_path):
    """Rates of your own say their day; without a quota file the message says how to get one."""
    (tmp_path / "prices.yaml").write_text("date: 2026-01-01\n")
    first, second = shown(ages(None, tmp_path / "prices.yaml", None, TODAY))
    assert first.startswith("info quota: no quota file: vCPUs are not compared with limits -> kaito-iac quota fetch ")
    assert second.startswith("warning prices: of 2026-01-01, 331 days old, more than 180")
    (tmp_path / "prices.yaml").write_text("date: never\n")
    assert shown(ages(None, tmp_path / "prices.yaml", None, TODAY))[1].startswith("error prices: ")


Lists = Mapping[str, list[dict[str, Any]]]
FORBIDDEN = [{"forbidden": True}]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Lists], str]]:
    """Starts an API server with lists by path; returns a kubeconfig for it."""
    servers: list[ThreadingHTTPServer] = []

    def start(lists: Lists) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                split = urlsplit(self.path)
                status, found = 200, {"items": self.items(split.path, parse_qs(split.query)), "metadata": {}}
                if split.path == "/version":
                    found = {"gitVersion": "v1.33.2"}
                elif lists.get(split.path) is FORBIDDEN:
                    status, found = 403, {"message": 'nodes is forbidden: User "me" cannot list'}
                elif split.path not in lists and split.path.startswith("/apis/gateway"):
                    status, found = 404, {"message": "page not found"}
                body = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def items(self, path: str, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
                name = query.get("fieldSelector", [""])[0].partition("=")[2]
                return [one for one in lists.get(path, []) if not name or one["metadata"]["name"] == name]

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        file = tmp_path / "kubeconfig"
        address = f"http://127.0.0.1:{server.server_address[1]}"
        names = "contexts: [{name: it, context: {cluster: it, user: it}}]\nusers: [{name: it, user: {token: geheim}}]\n"
        file.write_text(f"current-context: it\nclusters: [{{name: it, cluster: {{server: '{address}'}}}}]\n{names}")
        return str(file)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def named(name: str, **rest: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **rest.pop("metadata", {})}, **rest}


def operator(release: str = "0.12.0", gates: str = "vLLM=true,enableMIG=false", ready: int = 1) -> dict[str, Any]:
    container = {
        "image": f"mcr.microsoft.com/aks/kaito/workspace:{release}",
        "args": [f"--feature-gates={gates}", "--node-provisioner=byo"],
        "env": [{"name": "CLOUD_PROVIDER", "value": "azure"}],
    }
    labels = {"app.kubernetes.io/name": "workspace"}
    spec = {"template": {"spec": {"containers": [container]}}}
    place = {"namespace": "kaito-workspace", "labels": labels}
    return named("kaito-workspace", metadata=place, spec=spec, status={"readyReplicas": ready})


def plugin(name: str) -> dict[str, Any]:
    container = {"image": "nvcr.io/nvidia/k8s-device-plugin:v0.17.0"}
    return named(name, metadata={"namespace": "gpu"}, spec={"template": {"spec": {"containers": [container]}}})


DEPLOYMENTS, DAEMONSETS = "/apis/apps/v1/deployments", "/apis/apps/v1/daemonsets"
NODES, CLASSES = "/api/v1/nodes", "/apis/storage.k8s.io/v1/storageclasses"
GPU_NODE = named("a", metadata={"labels": {"nvidia.com/gpu.present": "true"}}, status={"allocatable": {"nvidia.com/gpu": "4"}})
BARE_NODE = named("b", metadata={"labels": {"nvidia.com/gpu.present": "true"}}, status={"allocatable": {"cpu": "8"}})
DEFAULT = named("managed", metadata={"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}})
GOOD = {DEPLOYMENTS: [operator()], DAEMONSETS: [plugin("nvidia-device-plugin")], NODES: [GPU_NODE], CLASSES: [DEFAULT]}


def need(kind: str, name: str, **rest: Any) -> Need:
    told = {"namespace": "", "keys": (), "provided_by": "", "used_by": ("chat",), "cluster": "", "severity": "warning", "why": ""}
    return Need(kind=kind, name=name, **{**told, **rest})


@pytest.mark.parametrize(
    ("lists", "wanted", "said"),
    [
        pytest.param(
            GOOD,
            None,
            [
                "ok API server: Kubernetes 1.33.2",
                "ok KAITO: 0.12.0, byo, enableMIG=false, vLLM=true",
                "ok GPUs: 4 on 1 of 1 nodes",
                "ok device plugin: gpu/nvidia-device-plugin",
                "ok storage class: managed is the default",
            ],
            id="all is there",
        ),
        pytest.param(
            {NODES: [BARE_NODE], CLASSES: [named("slow")], DAEMONSETS: [plugin("one"), plugin("two")]},
            Wanted(),
            [
                "ok API server: Kubernetes 1.33.2",
                "warning KAITO: not installed -> add a KaitoOperator to the program, or install KAITO's chart",
                "error GPUs: 1 nodes have GPUs that no pod can have"
                " -> install a device plugin: nvidiaDevicePlugin of KAITO's chart, or the GPU operator",
                "warning device plugin: 2 of them: gpu/one, gpu/two -> keep one, and switch the others off",
                "warning storage class: none of slow is the default: claims that name no class stay Pending"
                " -> mark one as the default, or name the class in the program",
            ],
            id="a bare cluster",
        ),
        pytest.param(
            {**GOOD, DEPLOYMENTS: [operator("0.11.0", ready=0)]},
            Wanted(release="0.12.0", own_operator=True, provisioner="karpenter", gates={"enableMIG": True}),
            [
                "ok API server: Kubernetes 1.33.2",
                "error KAITO: 0.11.0, byo, enableMIG=false, vLLM=true: no pod is ready"
                " -> kubectl get pods -A -l app.kubernetes.io/name=workspace",
                "warning KAITO release: the cluster has 0.11.0, the program installs 0.12.0 -> kaito-iac versions 0.11.0 0.12.0",
                "warning provisioner: the cluster has byo, the program is made for karpenter"
                " -> name the provisioner in the program, or install KAITO with the other one",
            ],
            id="another release",
        ),
        pytest.param(
            GOOD,
            Wanted(gates={"enableMIG": True}),
            [
                "ok API server: Kubernetes 1.33.2",
                "ok KAITO: 0.12.0, byo, enableMIG=false, vLLM=true",
                "error gates: off in the cluster, needed by the program: enableMIG"
                " -> featureGates of KAITO's chart: enableMIG=true",
            ],
            id="a gate that is off",
        ),
        pytest.param(
            {**GOOD, NODES: FORBIDDEN},
            None,
            [
                "ok API server: Kubernetes 1.33.2",
                "ok KAITO: 0.12.0, byo, enableMIG=false, vLLM=true",
                'info GPUs: cannot be seen: nodes is forbidden: User "me" cannot list',
            ],
            id="nodes that may not be read",
        ),
    ],
)
def test_cluster(lists, wanted, said, serve):
    """What the cluster has is held against what the program wants."""
    pytest.importorskip("kubernetes")
    found = shown(cluster_findings(open_cluster(kubeconfig=serve(lists)), wanted))
    assert found[: len(said)] == said


def test_needs_of_the_program(serve):
    """Everything the program names is looked for: there, missing, without a key, or not seen; no value of a Secret is shown."""
    pytest.importorskip("kubernetes")
    lists = {
        **GOOD,
        "/api/v1/namespaces/models/secrets": [named("hf-token", data={"HF_TOKEN": "Z2VoZWlt"}), named("push", data={})],
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": [named("workspaces.kaito.sh")],
    }
    needs = (
        need("CustomResourceDefinition", "workspaces.kaito.sh"),
        need("CustomResourceDefinition", "scaledobjects.keda.sh", provided_by="KEDA"),
        need("Secret", "hf-token", namespace="models", keys=("HF_TOKEN",)),
        need("Secret", "push", namespace="models", keys=(".dockerconfigjson",)),
        need("GatewayClass", "istio"),
        need("FeatureGate", "enableMIG", provided_by="KAITO's chart"),
        need("Software", "the GPU operator"),
        need("Secret", "of-another", severity="error"),
    )
    found = shown(cluster_findings(open_cluster(kubeconfig=serve(lists)), Wanted(needs=needs)))
    assert found[5:] == [
        "ok CRD workspaces.kaito.sh: there; for chat",
        "error CRD scaledobjects.keda.sh: missing; for chat -> install KEDA",
        "ok Secret models/hf-token (key HF_TOKEN): there; for chat",
        "error Secret models/push (key .dockerconfigjson): there, without .dockerconfigjson; for chat -> make the Secret",
        "error GatewayClass istio: missing; for chat -> make the GatewayClass",
        "error FeatureGate enableMIG: off; for chat -> install KAITO's chart",
        "info Software the GPU operator: cannot be seen from here; for chat -> make the Software",
    ]


def test_no_answer(tmp_path):
    """A cluster that does not answer is one error, within its time."""
    pytest.importorskip("kubernetes")
    file = tmp_path / "kubeconfig"
    names = "contexts: [{name: it, context: {cluster: it, user: it}}]\nusers: [{name: it, user: {token: geheim}}]\n"
    file.write_text(f"current-context: it\nclusters: [{{name: it, cluster: {{server: 'http://127.0.0.1:9'}}}}]\n{names}")
    (found,) = cluster_findings(open_cluster(kubeconfig=str(file)), None)
    assert (found.state, found.subject) == ("error", "API server")
    assert "geheim" not in found.found


@pytest.mark.process
@pytest.mark.parametrize(("named", "state"), [(True, "error"), (False, "warning")])
def test_a_kubeconfig_that_is_named(tmp_path, monkeypatch, named, state):
    """A kubeconfig that is asked for and cannot be read is an error; where none is named, none need be there."""
    pytest.importorskip("kubernetes")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "gone"))
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("")
    asked = Asked(program=tmp_path, kubeconfig=str(tmp_path / "gone") if named else None)
    found = [one for one in examine(asked, date(2026, 11, 28)) if one.subject == "kubeconfig"]
    assert [(one.state, one.found.startswith("no cluster: ")) for one in found] == [(state, True)]


@pytest.mark.process
def test_command(path, serve, tmp_path, monkeypatch, capsys):
    """`doctor` looks at everything, ends with 1 where something is an error, and its JSON says the same as its text."""
    pytest.importorskip("kubernetes")
    program = tmp_path / "infra"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    text = "import kaito_iac as kaito\nkaito.KaitoWorkspace('chat', preset='phi-4', location='eastus')\n"
    (program / "__main__.py").write_text(text)
    (program / "kaito-iac.toml").write_text('region = "eastus"\nquota = "gone.yaml"\n')
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("kaito_iac.cli.progress.PATIENCE", 3600.0)
    kubeconfig = serve(GOOD)
    assert main(["doctor", str(program), "--kubeconfig", kubeconfig, "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    by_subject = {one["subject"]: one for one in data["findings"]}
    assert by_subject["defaults"]["found"].endswith(f"kaito-iac.toml: region=eastus, quota={program / 'gone.yaml'}")
    assert by_subject["quota"]["state"] == "error"
    assert by_subject["shop, stack dev"]["state"] == "ok"
    assert by_subject["CRD workspaces.kaito.sh"]["state"] == "error"
    assert data["errors"] == sum(one["state"] == "error" for one in data["findings"])
    assert main(["doctor", str(program), "--kubeconfig", kubeconfig]) == 1
    ended = capsys.readouterr()
    heads = [line for line in ended.out.splitlines() if line and not line.startswith(" ")]
    assert heads == ["Tools", "Packages", "Configuration", "Program", "Cluster"]
    assert "geheim" not in ended.out + ended.err
    assert all(one["found"].split()[0] in ended.out for one in data["findings"])


def test_without_a_program_and_without_a_cluster(path, tmp_path, monkeypatch, capsys):
    """In an empty folder it says how to begin; --offline looks at no cluster; --strict counts warnings."""
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--offline"]) in (0, 1)
    out = capsys.readouterr().out
    assert "no Pulumi.yaml in" in out
    assert "fix: kaito-iac init" in out
    assert "Cluster" not in out
    assert main(["doctor", "--offline", "--strict"]) == 1


def test_defaults_that_cannot_be_read(path, tmp_path, capsys):
    """A file of defaults that cannot be read is a line for each of its problems, and does not end the examination."""
    (tmp_path / "kaito-iac.toml").write_text('cloud = "gcp"\nregoin = "x"\n')
    assert main(["doctor", str(tmp_path), "--offline", "--json"]) == 1
    found = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["subject"] == "defaults"]
    assert [(one["state"], one["found"].rpartition("toml: ")[2].partition(";")[0]) for one in found] == [
        ("error", "cloud: 'gcp'"),
        ("error", "regoin: an unknown key"),
    ]


def test_program_that_cannot_be_planned(path, tmp_path, monkeypatch, capsys):
    """A program with errors is one line, which names the first and the command that states all."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import kaito_iac as kaito\nkaito.KaitoWorkspace('chat', preset='phi4')\n")
    assert main(["doctor", str(tmp_path), "--offline", "--json"]) == 1
    found = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["area"] == "program"]
    assert [(one["state"], one["fix"]) for one in found] == [("error", "`kaito-iac plan` lists all of them")]
    assert found[0]["found"].startswith("1 error, the first: ")


@pytest.mark.cluster
def test_real_api_server():
    """A real API server is looked at to its end: every line of a cluster is there, and none says that it cannot be seen."""
    pytest.importorskip("kubernetes")
    kubeconfig = os.environ.get("KAITO_IAC_TEST_KUBECONFIG")
    if not kubeconfig:
        pytest.skip("needs an API server, named by KAITO_IAC_TEST_KUBECONFIG")
    found = list(cluster_findings(open_cluster(kubeconfig=kubeconfig), Wanted(needs=(need("Namespace", "kube-system"),))))
    assert found[0].subject == "API server"
    assert [one.found for one in found if "cannot be seen" in one.found] == []
    assert (found[-1].subject, found[-1].state) == ("Namespace kube-system", "ok")

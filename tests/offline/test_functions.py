"""Provider functions that need no cloud, results that a file gives, and results that are walked though they are not known."""

import json
import shutil
from pathlib import Path

import pulumi
import pulumi_azure_native as azure
import pulumi_kubernetes as kubernetes
import pytest

from kaito_iac.offline.invoke_file import answers, read_results
from kaito_iac.offline.recording import Refusal
from kaito_iac.offline.run import run_function
from kaito_iac.problem import Unknown

WORKSPACE = "apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {name: chat}\n"


def outputs(function, **given):
    """Return the exports of a program that ran to its end."""
    recording = run_function(function, **given)
    assert recording.error is None
    return recording.exports


def invoked(token: str, args: dict) -> dict:
    return outputs(lambda: pulumi.export("found", pulumi.runtime.invoke(token, args).value))["found"]


@pytest.mark.parametrize(
    ("token", "args", "result"),
    [
        pytest.param(
            "kubernetes:yaml:decode",
            {"text": "kind: A\n---\nkind: List\nitems: [{kind: B}, {kind: C}]\n"},
            {"result": [{"kind": "A"}, {"kind": "B"}, {"kind": "C"}]},
            id="objects of a text, those of lists one by one",
        ),
        pytest.param(
            "aws:index/getRegion:getRegion",
            {"region": "eu-west-1"},
            {
                "id": "eu-west-1",
                "name": "eu-west-1",
                "region": "eu-west-1",
                "endpoint": "ec2.eu-west-1.amazonaws.com",
                "description": Unknown("known only after the update"),
            },
            id="a region by name",
        ),
    ],
)
def test_functions_without_a_cloud(token, args, result):
    """Pure functions are answered as their providers do."""
    assert invoked(token, args) == result


def test_policy_document():
    """A policy document has the text that the provider makes of its statements."""
    statement = {
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["*"],
        "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:a", "values": ["b"]}],
    }
    found = invoked("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": [statement]})
    assert json.loads(found["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": "*",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:a": "b"}},
            }
        ],
    }


def test_the_client_of_the_configuration():
    """Subscription and tenant come from the configuration of the provider; the rest is unknown, not nothing."""

    def program():
        found = azure.authorization.get_client_config()
        pulumi.export("subscription", found.subscription_id)
        pulumi.export("scope", f"/subscriptions/{found.subscription_id}")
        pulumi.export("object", f"id {found.object_id}")

    found = outputs(program, config={"azure-native:subscriptionId": "1234"})
    assert (found["subscription"], found["scope"], type(found["object"])) == ("1234", "/subscriptions/1234", Unknown)


@pytest.mark.parametrize("variable", ["ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"])
def test_the_client_of_the_environment(monkeypatch, variable):
    """Without configuration, the environment says which subscription it is."""
    monkeypatch.setenv(variable, "5678")
    found = outputs(lambda: pulumi.export("id", azure.authorization.get_client_config().subscription_id))
    assert found == {"id": "5678"}


def test_partition_of_the_provider():
    """Region and partition follow the configuration of the stack."""
    partition = outputs(
        lambda: pulumi.export("found", pulumi.runtime.invoke("aws:index/getPartition:getPartition", {}).value["partition"]),
        config={"aws:region": "cn-north-1"},
    )
    assert partition == {"found": "aws-cn"}


def test_a_file_registers_its_objects(tmp_path: Path):
    """ConfigFile registers the objects of its file, which are counted like any others."""
    (tmp_path / "a.yaml").write_text(WORKSPACE)
    recording = run_function(lambda: kubernetes.yaml.ConfigFile("all", file=str(tmp_path / "a.yaml")))
    assert recording.by_name("chat").type == "kubernetes:kaito.sh/v1beta1:Workspace"


@pytest.mark.skipif(not (shutil.which("kubectl") or shutil.which("kustomize")), reason="needs kubectl or kustomize")
def test_a_kustomization_registers_its_objects(tmp_path: Path):
    """Directory registers what the user's kustomize makes of a folder."""
    (tmp_path / "a.yaml").write_text(WORKSPACE)
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\nnamePrefix: my-\n")
    recording = run_function(lambda: kubernetes.kustomize.Directory("all", directory=str(tmp_path)))
    assert recording.by_name("my-chat").type == "kubernetes:kaito.sh/v1beta1:Workspace"


def test_a_chart_registers_its_objects(tmp_path: Path, monkeypatch):
    """Chart registers what the user's helm makes of it, with the options that the provider hands on."""
    script = f"#!/bin/sh\necho \"$@\" > {tmp_path}/asked\nprintf '{WORKSPACE.replace(chr(10), chr(92) + 'n')}'\n"
    (tmp_path / "helm").write_text(script)
    (tmp_path / "helm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    options = kubernetes.helm.v3.ChartOpts(
        chart="models",
        version="1.2.3",
        namespace="ai",
        fetch_opts=kubernetes.helm.v3.FetchOpts(repo="https://charts.example.com"),
    )
    recording = run_function(lambda: kubernetes.helm.v3.Chart("mine", options))
    assert recording.by_name("chat").type == "kubernetes:kaito.sh/v1beta1:Workspace"
    asked = (tmp_path / "asked").read_text().split(" --values ")[0]
    assert asked == (
        "template mine models --namespace ai --version 1.2.3 --repo https://charts.example.com --include-crds --skip-tests"
    )


def fake_helm(folder: Path, monkeypatch, text: str = WORKSPACE, code: int = 0):
    """Put a helm on PATH that writes down what it is asked, and prints a text."""
    (folder / "objects.yaml").write_text(text)
    script = f'#!/bin/sh\necho "$@" > {folder}/asked\ncat {folder}/objects.yaml\necho broken >&2\nexit {code}\n'
    (folder / "helm").write_text(script)
    (folder / "helm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def release(**more):
    from pulumi_kubernetes.helm.v3 import Release

    terms = {"chart": "models", "version": "1.2.3", "namespace": "ai", "repository_opts": {"repo": "https://charts.example.com"}}
    return Release("mine", **{**terms, **more})


def chart(**more):
    from pulumi_kubernetes.helm.v4 import Chart

    terms = {"chart": "models", "version": "1.2.3", "namespace": "ai", "repository_opts": {"repo": "https://charts.example.com"}}
    return Chart("mine", **{**terms, **more})


NAMED = "template mine models --namespace ai --version 1.2.3 --repo https://charts.example.com --include-crds --skip-tests"


@pytest.mark.parametrize("made", [pytest.param(release, id="Release"), pytest.param(chart, id="Chart v4")])
def test_objects_of_charts_that_a_plugin_makes(tmp_path: Path, monkeypatch, made):
    """The objects of a chart are listed below it, and demand reads them."""
    fake_helm(tmp_path, monkeypatch)
    recording = run_function(lambda: made() and None)
    child = recording.by_name("mine:ai/chat")
    assert (child.type, child.parent) == ("kubernetes:kaito.sh/v1beta1:Workspace", recording.by_name("mine").urn)
    assert (tmp_path / "asked").read_text().split(" --values ")[0] == NAMED
    assert [one.where for one in recording.unseen] == []


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        pytest.param(
            lambda: chart(chart="karpenter"),
            "children and outputs of a component made by the plugin of kubernetes",
            id="a chart on record",
        ),
        pytest.param(
            lambda: chart(values={"a": pulumi.runtime.invoke_output("test:index:x", {})}),
            "children and outputs of a component made by the plugin of kubernetes",
            id="values that are not known",
        ),
    ],
)
def test_charts_that_are_not_rendered(tmp_path: Path, monkeypatch, made, reason):
    """A chart that is on record is not fetched, and one whose values are not known stays unseen."""
    fake_helm(tmp_path, monkeypatch)
    recording = run_function(lambda: made() and None)
    assert [one.reason for one in recording.unseen if one.where.endswith("::mine")] == [reason]
    assert not (tmp_path / "asked").exists()


def test_a_chart_that_helm_refuses(tmp_path: Path, monkeypatch):
    """What helm says of a chart that it cannot render is reported."""
    fake_helm(tmp_path, monkeypatch, code=1)
    (unseen,) = run_function(lambda: release() and None).unseen
    assert unseen.reason == "not rendered: helm template: broken"


def test_files_that_a_plugin_reads(tmp_path: Path):
    """ConfigFile, ConfigGroup and Directory of v2 list what their files hold."""
    (tmp_path / "a.yaml").write_text(WORKSPACE)
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\nnamePrefix: my-\n")

    def program():
        kubernetes.yaml.v2.ConfigFile("file", file=str(tmp_path / "a.yaml"))
        kubernetes.yaml.v2.ConfigGroup("group", files=[str(tmp_path / "a*.yaml")], yaml=WORKSPACE.replace("chat", "text"))
        kubernetes.kustomize.v2.Directory("folder", directory=str(tmp_path))

    recording = run_function(program)
    names = [one.name for one in recording.resources if one.type.endswith(":Workspace")]
    assert names == ["file:chat", "group:text", "group:chat", "folder:my-chat"]
    assert recording.unseen == ()


CALL = {"tok": "test:index:size", "args": {"gpus": 4}}


@pytest.mark.parametrize(
    ("lines", "half"),
    [
        pytest.param([{"request": CALL, "response": {"return": {"nodes": 8}}}], 4, id="a call"),
        pytest.param(
            [
                {"request": CALL, "response": {"failures": [{"reason": "no"}], "return": {}}},
                {"request": CALL, "response": {"return": {"nodes": 2}}},
            ],
            1,
            id="a call that failed, and again",
        ),
    ],
)
def test_calls_that_a_preview_recorded(tmp_path: Path, lines, half):
    """What the CLI records with PULUMI_DEBUG_GRPC in one preview serves as the file of results."""

    def program():
        pulumi.export("half", int(pulumi.runtime.invoke("test:index:size", {"gpus": 4}).value["nodes"]) // 2)

    other = {"method": "/pulumirpc.LanguageRuntime/Run", "request": {}, "response": {}}
    invokes = [{"method": "/pulumirpc.ResourceMonitor/Invoke", **line} for line in lines]
    path = tmp_path / "calls.json"
    path.write_text("\n".join(json.dumps(line) for line in [other, *invokes]))
    assert outputs(program, invokes=answers(read_results(path))) == {"half": half}


def test_methods_that_a_preview_recorded(tmp_path: Path):
    """A recorded call of a method is known by its arguments, without the component that it was called on."""
    asked = {"tok": "test:index:Box/size", "args": {"__self__": "urn:pulumi:dev::project::test:index:Box::box", "unit": "cm"}}
    line = {"method": "/pulumirpc.ResourceMonitor/Call", "request": asked, "response": {"return": {"result": 7}}}
    path = tmp_path / "calls.json"
    path.write_text(json.dumps(line))
    assert read_results(path) == [{"token": "test:index:Box/size", "args": {"unit": "cm"}, "result": {"result": 7}}]


def test_a_loop_over_an_unknown_is_one_turn():
    """A loop over a result that is not known is planned once, and the plan says so."""

    def program():
        for zone in pulumi.runtime.invoke("test:index:zones", {}).value["names"]:
            azure.resources.ResourceGroup(f"group-{zone}", location=zone)

    recording = run_function(program)
    assert [resource.name for resource in recording.resources[1:]] == ["group-unknown"]
    assert [unseen.reason for unseen in recording.unseen] == [
        "result of a provider function that was not supplied",
        "the program loops over the result, which is not known: one turn is planned",
    ]


def test_names_made_of_several_unknowns():
    """Resources whose names differ by an unknown alone are numbered, not refused as two of one name."""

    def program():
        zones = pulumi.runtime.invoke("test:index:zones", {}).value["names"]
        for zone in (zones[0], zones[1]):
            azure.resources.ResourceGroup(f"group-{zone}", location=zone)

    recording = run_function(program)
    assert [resource.name for resource in recording.resources[1:]] == ["group-unknown", "group-unknown-2"]


def test_a_program_that_needs_the_number(tmp_path: Path):
    """A program that cannot go on with an unknown ends with the piece for the file of results, which then lets it pass."""

    def program():
        pulumi.export("half", int(pulumi.runtime.invoke("test:index:size", {"gpus": 4}).value["nodes"]) // 2)

    error = run_function(program).error
    assert error is not None
    piece = '{"token": "test:index:size", "args": {"gpus": 4}, "result": {}}'
    assert error.message.splitlines()[-1] == (
        f"The result of test:index:size is not known offline; --invokes FILE gives it: {piece}"
    )
    path = tmp_path / "results.json"
    path.write_text(json.dumps([{**json.loads(piece), "result": {"nodes": 8}}]))
    assert outputs(program, invokes=answers(read_results(path))) == {"half": 4}


def test_a_secret_argument_is_not_told():
    """The piece for the file of results holds no arguments where one of them is a secret."""

    def program():
        pulumi.runtime.invoke("test:index:size", {"all": [{"token": pulumi.Output.secret("hunter2")}]})

    (unseen,) = run_function(program).unseen
    assert unseen.supply == '{"token": "test:index:size", "args": {}, "result": {}}'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("{", "results.json: ", id="no JSON"),
        pytest.param('[{"token": "a"}]', "results.json: [0]: no such entry", id="no result"),
        pytest.param('[{"token": "a", "result": {}, "arg": {}}]', "results.json: [0]: no such entry", id="a misspelt key"),
    ],
)
def test_files_of_results_that_cannot_be_read(tmp_path: Path, text, problem):
    """A file that is no list of results is refused."""
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(Refusal) as refusal:
        read_results(path)
    (found,) = refusal.value.problems
    assert found.code == "KO489"
    assert found.headline.startswith(problem)

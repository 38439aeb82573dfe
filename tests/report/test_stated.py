"""Declarations and waivers in a report, and inputs that are kept because they may hold GPUs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.findings import Facts
from kaito_iac.report.markdown import markdown
from kaito_iac.report.model import Report
from kaito_iac.report.outputs import text_of
from kaito_iac.stack.event_line import relevant
from kaito_iac.stack.events import read_events
from kaito_iac.stack.resource import DECLARATION_TYPE

from .conftest import Stream, state, urn

CHART = state("kubernetes:helm.sh/v3:Release", "triton", {"chart": "triton"})
DECLARED = {"resource": "triton", "gpus": 4, "reason": "two replicas of two"}
PACK = {"policyPackName": "gpu-quota", "policyPackVersion": "0.1.0", "policyPackVersionTag": "0.1.0"}
WAIVED = (
    "Every resource of a stack can be counted\n"
    "triton: Release 'triton' may hold GPUs that nobody counts (unknown (not seen)); "
    "waived until 2030-06-30 by platform: moved in July; expected a resource that can be counted [KQ114]"
)


def declaration(**inputs: object) -> dict[str, object]:
    return state(DECLARATION_TYPE, "triton-Release", {**DECLARED, **inputs})


def waived(stream: Stream) -> Stream:
    about = {"resourceUrn": urn("kubernetes:helm.sh/v3:Release", "triton"), "message": WAIVED, "color": "raw"}
    return stream.add(
        "policyEvent", {**about, "policyName": "unread-resources", **PACK, "enforcementLevel": "advisory", "severity": "high"}
    )


@pytest.mark.parametrize(
    ("step", "line"),
    [
        pytest.param(
            ("create", None, declaration()),
            "- **this change** declaration `triton`: `4 GPUs: two replicas of two`",
            id="one of this change is marked",
        ),
        pytest.param(
            ("same", declaration(), declaration()),
            "- declaration `triton`: `4 GPUs: two replicas of two`",
            id="one that was there",
        ),
        pytest.param(
            ("update", declaration(gpus=8), declaration()),
            "- **this change** declaration `triton`: `4 GPUs: two replicas of two`",
            id="one that changes its number",
        ),
        pytest.param(
            ("delete", declaration(), None),
            "- **this change** declaration `triton`: `no longer declared (4 GPUs: two replicas of two)`",
            id="one that goes",
        ),
    ],
)
def test_declarations(stream: Stream, step: tuple[str, object, object], line: str) -> None:
    """A report lists what is declared, and what of it this change brings."""
    log = read_events(stream.step("same", CHART, CHART).step(*step).end().lines)  # type: ignore[arg-type]
    assert line in markdown(Report(stacks=(stack_report(log),))).splitlines()


def test_waivers(stream: Stream) -> None:
    """A finding that a waiver lets pass is listed with owner, reason and last day, in every format."""
    log = read_events(waived(stream.step("same", CHART, CHART)).end().lines)
    report = Report(stacks=(stack_report(log),))
    line = "- waiver `triton`: `unread-resources until 2030-06-30, platform: moved in July`"
    assert line in markdown(report).splitlines()
    assert "unread-resources until 2030-06-30, platform: moved in July" in text_of(report, "html")
    assert '"kind": "waiver"' in text_of(report, "json")
    assert report.verdict == "fits"


QUOTA = """\
date: 2026-06-30
subscriptions: {sub: {regions: {eastus: {families: {StandardNCADSA100v4Family: {limit: 24, used: 0}}}}}}
budgets: {namespaces: {default: {gpus: 2}}}
"""
POOL = {"vmSize": "Standard_NC24ads_A100_v4", "count": 2, "agentPoolName": "a", "location": "eastus"}
FAMILY = "StandardNCADSA100v4Family in eastus"
ACCEPTED = {"declared-demand": {"declarations": "program"}}


def granted(rule: str, resource: str, expires: str = "2999-12-31") -> dict[str, object]:
    waiver = {"rule": rule, "resource": resource, "owner": "platform", "reason": "asked for", "expires": expires}
    return {"waivers": {"granted": [waiver]}}


@pytest.mark.parametrize(
    ("config", "errors"),
    [
        pytest.param(
            {}, [f"{FAMILY}: 48 vCPUs", "namespace default: triton: GPUs unknown", "triton: vCPUs unknown"], id="nothing"
        ),
        pytest.param(
            ACCEPTED,
            [f"{FAMILY}: 48 vCPUs", "namespace default: 4 GPUs", "triton: vCPUs unknown"],
            id="declarations of the program are counted where they are accepted",
        ),
        pytest.param(
            {**ACCEPTED, **granted("vcpu-quota", FAMILY)},
            ["namespace default: 4 GPUs", "triton: vCPUs unknown"],
            id="a waiver lets a finding of the quota file pass",
        ),
        pytest.param(
            granted("vcpu-quota", FAMILY, "2026-01-31"),
            [
                f"{FAMILY}: 48 vCPUs",
                "namespace default: triton: GPUs unknown",
                "triton: vCPUs unknown",
                f"waiver of vcpu-quota for {FAMILY}: the waiver of platform ended on 2026-01-31",
            ],
            id="a waiver that has expired",
        ),
        pytest.param(
            {"declared-demand": {"declared": [{"resource": "other", "gpus": -1, "reason": "x"}]}},
            [
                f"{FAMILY}: 48 vCPUs",
                "declared-demand.declared.0.gpus: -1",
                "namespace default: triton: GPUs unknown",
                "triton: vCPUs unknown",
            ],
            id="a configuration that is wrong",
        ),
    ],
)
def test_quota_with_a_policy_configuration(stream: Stream, tmp_path: Path, config: dict[str, object], errors: list[str]) -> None:
    """A quota file is held against what the policy configuration accepts as declared, with its waivers."""
    (tmp_path / "quota.yaml").write_text(QUOTA)
    (tmp_path / "policy.json").write_text(json.dumps(config))
    pool = state("azure-native:containerservice:AgentPool", "a", POOL)
    steps = stream.step("create", None, pool).step("create", None, CHART).step("create", None, declaration(resourceType=""))
    facts = Facts(quota=tmp_path / "quota.yaml", policy_config=tmp_path / "policy.json", today=date(2026, 7, 1))
    report = stack_report(read_events(steps.end().lines), facts)
    wrong = sorted(one.problem.headline for one in report.findings if one.problem.severity == "error")
    assert [headline.startswith(told) for headline, told in zip(wrong, errors, strict=True)] == [True] * len(errors), wrong
    waived = "vcpu-quota" in str(config) and "2999" in str(config)
    listed = [one.text for one in report.stated if one.kind == "waiver"]
    assert listed == (["KQ102 until 2999-12-31, platform: asked for"] if waived else [])


GPU = {"containers": [{"name": "c", "resources": {"limits": {"nvidia.com/gpu": 8}}}]}


@pytest.mark.parametrize(
    ("token", "inputs", "most"),
    [
        pytest.param(
            "kubernetes:ray.io/v1:RayCluster",
            {"spec": {"workerGroupSpecs": [{"replicas": 2, "template": {"spec": GPU}}]}},
            16,
            id="Ray",
        ),
        pytest.param("kubernetes:core/v1:List", {"items": [{"apiVersion": "v1", "kind": "Pod", "spec": GPU}]}, 8, id="a list"),
        pytest.param("aws:ec2/instance:Instance", {"instanceType": "p4d.24xlarge"}, 8, id="a machine"),
        pytest.param("azure-native:resources:Deployment", {"properties": {}}, None, id="a template"),
        pytest.param("shop:index:Thing", {}, None, id="a type of someone"),
    ],
)
def test_inputs_that_may_hold_gpus(stream: Stream, token: str, inputs: dict[str, object], most: float | None) -> None:
    """Whatever may hold GPUs is counted or unknown in a report, as in a plan."""
    report = stack_report(read_events(stream.step("create", None, state(token, "x", inputs, custom=True)).end().lines))
    held = [*(one.after for one in report.gpus), report.existing.after]
    assert sum(total.known.high for total in held) == (most or 0)
    assert bool([reason for total in held for reason in total.unknown]) == (most is None)


def test_group_of_a_launch_template(stream: Stream) -> None:
    """An autoscaling group is counted by the launch template that it names by id, where the stack has it."""
    outputs = {"name": "big", "latestVersion": 3}
    template = state("aws:ec2/launchTemplate:LaunchTemplate", "t", {"instanceType": "p5.48xlarge"}, id="lt-1", outputs=outputs)
    launch = {"id": "lt-1", "version": "3"}
    group = state("aws:autoscaling/group:Group", "g", {"minSize": 1, "maxSize": 4, "launchTemplate": launch})
    report = stack_report(read_events(stream.step("same", template, template).step("create", None, group).end().lines))
    assert [(one.name, one.after.known.high, one.after.unknown) for one in report.gpus] == [("NVIDIA H100", 32, ())]


@pytest.mark.parametrize(
    "token", ["kubernetes:core/v1:Secret", "kubernetes:rbac.authorization.k8s.io/v1:Role", "random:index:Id"]
)
def test_bulk(token: str) -> None:
    """Inputs of what stacks have many of, and what holds nothing, are not kept."""
    assert not relevant(token)


def test_prices(stream: Stream, tmp_path: Path) -> None:
    """Rates of a price file stand above list prices; one that cannot be read is an error."""
    text = "date: 2026-06-30\nsource: contract\nrates: {eastus: {Standard_NC24ads_A100_v4: {onDemand: 1.0}}}\n"
    (tmp_path / "prices.yaml").write_text(text)
    inputs = {"vmSize": "Standard_NC24ads_A100_v4", "count": 1, "agentPoolName": "a", "location": "eastus"}
    log = read_events(stream.step("create", None, state("azure-native:containerservice:AgentPool", "a", inputs)).end().lines)
    report = stack_report(log, Facts(prices=tmp_path / "prices.yaml"))
    assert report.money.after.known.high == 730
    (tmp_path / "prices.yaml").write_text("rates: 1")
    broken = stack_report(log, Facts(prices=tmp_path / "prices.yaml"))
    assert broken.verdict == "refused"
    assert {finding.problem.code for finding in broken.findings} == {"KQ113"}

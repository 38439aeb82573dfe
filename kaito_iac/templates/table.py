"""Which templates there are: what each is made of, what it asks, and what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kaito_iac.project_url import page_url

PROGRAM, POLICY, PIPELINE = "program", "policy pack", "pipeline"
KINDS: Final = (PROGRAM, POLICY, PIPELINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One value that a template asks for, beside the configuration that its Pulumi.yaml declares."""

    description: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template, and where in the repository its files come from."""

    name: str
    title: str
    kind: str = PROGRAM
    source: str
    """Folder of the repository that holds the program, pack or pipeline."""
    project: str = ""
    """Pulumi.yaml that declares the configuration, where it is not in the source."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Further files: name in the template to name in the source."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Configuration whose default differs from the source's."""
    extras: tuple[str, ...] = ("azure",)
    """Extras of kaito-iac that the project installs."""
    needs: str
    """What has to be there before `pulumi up`."""
    plan: str = ""
    """Options that `kaito-iac plan` takes here."""
    steps: tuple[str, ...] = ()
    """What to do next, of a template that is no program."""
    questions: Mapping[str, Question] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Text of the source to text of the template, which may hold ${QUESTION}."""


PROGRAM_FOLDER: Final = Question(description="Folder of the Pulumi program that pull requests change", default="infra")
STACK: Final = Question(description="Stack that is previewed", default="prod")
FILLED: Final = {
    "infra/platform infra/workloads": "${PROGRAM_FOLDER}",
    "[infra/platform, infra/workloads]": '["${PROGRAM_FOLDER}"]',
    "infra-platform infra-workloads": "${PROGRAM_NAME}",
    "stack: prod": "stack: ${STACK}",
    "KAITO_STACK: prod": "KAITO_STACK: ${STACK}",
    "default: prod": "default: ${STACK}",
    "uses: ./pipelines/github": "uses: ./.github/actions/kaito-iac",
    "for pull requests of this repository. Forks: fork-plan.yml and fork-post.yml.": "for pull requests of this repository.",
}
"""Texts in a pipeline of the repository about the repository itself, and what replaces them in a template."""
CI: Final = {"PROGRAM_FOLDER": PROGRAM_FOLDER, "STACK": STACK}

_COMMIT: Final = "commit the files, and open a pull request that changes the program"
_PAGE: Final = f"read {page_url('how-to/pull-request.md')}: identity, secrets, permissions"

TEMPLATES: Final = (
    Template(
        name="quickstart",
        title="One model on GPU nodes that exist",
        source="stacks/quickstart",
        project="Pulumi.yaml",
        defaults={"nodes": "existing"},
        needs="a cluster with KAITO in byo mode, its kubeconfig, and GPU nodes with the label nodeLabel",
    ),
    Template(
        name="quickstart-aks",
        title="A new AKS cluster with KAITO, a pool of GPU nodes and a model",
        source="stacks/aks",
        needs="`az login`, the right to create clusters, and quota for the GPU size",
    ),
    Template(
        name="quickstart-eks",
        title="KAITO and Karpenter on an EKS cluster that exists, and a model",
        source="stacks/eks",
        extras=(),
        needs="a kubeconfig of the cluster, EKS Pod Identity, and the node role KarpenterNodeRole-<cluster>",
    ),
    Template(
        name="chat-and-docs",
        title="A chat API, and questions answered from your own documents",
        source="stacks/chat-and-docs",
        needs="a cluster with KAITO and its RAG chart, and its kubeconfig",
    ),
    Template(
        name="tuning",
        title="An adapter trained from your own data, and served beside its base model",
        source="docs/examples/tune-and-serve",
        needs="a cluster with KAITO, its kubeconfig, and the Secret registry-push with a login for the adapter's registry",
    ),
    Template(
        name="platform",
        title="A platform for workloads: an AKS cluster, KAITO and pools, within a budget",
        source="stacks/platform",
        needs="`az login`, the rights to create clusters and to assign roles, and quota for the GPU sizes",
    ),
    Template(
        name="workloads",
        title="Workloads of a team on the platform of another stack",
        source="stacks/workloads",
        files={"references.json": "references.json"},
        plan="--references references.json",
        needs="a stack of the template platform, which exports operator and kubeconfig",
    ),
    Template(
        name="teams",
        title="Several teams on one cluster, with namespaces, budgets and gateways",
        source="stacks/multi-team",
        files={"quota.yaml": "quota.yaml"},
        needs="a cluster with KAITO and its production stack, Istio, KEDA and Prometheus",
    ),
    Template(
        name="npc",
        title="Many small models on MIG slices of nodes that exist",
        source="stacks/npc",
        extras=(),
        needs="a cluster with KAITO in byo mode and the gate enableMIG, and nodes with MIG slices of the GPU operator",
    ),
    Template(
        name="guardrails",
        title="Policy pack: what KAITO refuses, what is exposed, what cannot run",
        kind=POLICY,
        source="policies/guardrails",
        extras=("policy",),
        needs="nothing offline; in the engine the Pulumi CLI",
        steps=("kaito-iac plan PROGRAM --policy-pack . --policy-config config.json",),
    ),
    Template(
        name="gpu-quota",
        title="Policy pack: budgets and quota of GPUs",
        kind=POLICY,
        source="policies/gpu-quota",
        extras=("policy",),
        needs="a quota file, which `kaito-iac quota fetch` writes",
        steps=(
            "kaito-iac quota fetch --subscription ID --region REGION --output quota.yaml",
            "kaito-iac plan PROGRAM --policy-pack . --policy-config config.json",
        ),
    ),
    Template(
        name="pipeline-github",
        title="Pull requests on GitHub: preview, comment and code scanning",
        kind=PIPELINE,
        source="pipelines/github",
        files={".github/workflows/kaito-iac.yml": "pull-request.yml", ".github/actions/kaito-iac/action.yml": "action.yml"},
        questions=CI,
        replaced=FILLED,
        needs="an identity that reads the cloud, and the secret PULUMI_CONFIG_PASSPHRASE",
        steps=(_COMMIT, _PAGE),
    ),
    Template(
        name="pipeline-gitlab",
        title="Merge requests on GitLab: preview, comment and code quality",
        kind=PIPELINE,
        source="pipelines/gitlab",
        files={"kaito-iac.gitlab-ci.yml": "report.gitlab-ci.yml"},
        questions=CI,
        replaced=FILLED,
        needs="`include: kaito-iac.gitlab-ci.yml` in .gitlab-ci.yml, and the variable GITLAB_TOKEN",
        steps=(_COMMIT, _PAGE),
    ),
    Template(
        name="pipeline-azure-devops",
        title="Pull requests on Azure DevOps: preview and comment",
        kind=PIPELINE,
        source="pipelines/azure-devops",
        files={"pipelines/kaito-iac.yml": "report.yml"},
        questions=CI,
        replaced=FILLED,
        needs="a pipeline that extends the template, as build validation of the branch",
        steps=(_COMMIT, _PAGE),
    ),
)
"""Every template."""
BY_NAME: Final[Mapping[str, Template]] = {template.name: template for template in TEMPLATES}

"""The commands of the report, and their options: parsing only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from kaito_iac.cli.command import Argument, Group, Option
from kaito_iac.cli.exit_code import ExitCode
from kaito_iac.cli.options import (
    Json,
    Ledger,
    PolicyConfig,
    PolicyPacks,
    Prices,
    Quota,
    Region,
    Stack,
    Subscription,
    choice,
    together,
)
from kaito_iac.cli.printing import emit


def _platforms() -> tuple[str, ...]:
    from kaito_iac.cli.reporting import PLATFORMS

    return PLATFORMS


def _formats() -> tuple[str, ...]:
    from kaito_iac.cli.reporting import FORMATS

    return FORMATS


For = Annotated[
    str | None,
    Option(
        "--for",
        metavar="github|gitlab|azure-devops",
        help="Platform whose size limit applies to the comment; default github.",
        check=choice(_platforms),
    ),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        metavar="NAME",
        help="What to print: comment (default), summary, sarif, code-quality, gitlab, html, annotations, json.",
        check=choice(_formats),
    ),
]
Output = Annotated[Path | None, Option("--output", "-o", metavar="DIR", help="Folder to which each format is written as a file.")]
Time = Annotated[str, Option("--time", metavar="TEXT", help="Time in the last line; default: that of the events.")]
Commit = Annotated[str, Option("--commit", metavar="SHA", help="Commit in the last line.")]
Link = Annotated[str, Option("--link", metavar="URL", help="Address of the run, for the last line.")]
Key = Annotated[str, Option("--key", metavar="NAME", help="Key by which the comment is found again; default: project and stack.")]
Description = Annotated[
    Path | None,
    Option(
        "--description", metavar="FILE", help="Text of the pull request: resources it destroys without naming them are reported."
    ),
]

Events = Annotated[
    list[Path] | None,
    Option("--events", metavar="FILE", help="Engine events, one JSON a line; - reads stdin; may be repeated."),
]
Digest = Annotated[
    list[Path] | None,
    Option("--digest", metavar="FILE", help="Output of `pulumi preview --json`, for lines of the program."),
]
Plans = Annotated[
    list[Path] | None,
    Option("--plan", metavar="FILE", help="Plan of the head, as `kaito-iac plan --json` writes it; may be repeated."),
]
Bases = Annotated[
    list[Path] | None,
    Option("--base", metavar="FILE", help="With --plan: plan of the target branch, of the same stack; may be repeated."),
]
Root = Annotated[str, Option("--root", metavar="DIR", help="Folder of Pulumi.yaml inside the repository, for lines.")]


Store = Annotated[str, Option("--store", metavar="PLACE", help="Ledger of main and open pull requests: a folder, or git:BRANCH.")]
Owner = Annotated[str, Option("--owner", metavar="NAME", help="Owner of the entries: main, or for example pull-142.")]


def _facts(
    quota: Path | None,
    ledger: list[Path] | None,
    subscription: str,
    region: str | None,
    prices: Path | None,
    policy_config: Path | None,
) -> dict[str, Any]:
    """Return what judges a report."""
    return {
        "quota": quota,
        "ledger": tuple(ledger or ()),
        "subscription": subscription,
        "region": region,
        "prices": prices,
        "policy_config": policy_config,
    }


def render(
    events: Events = None,
    digest: Digest = None,
    plan: Plans = None,
    base: Bases = None,
    root: Root = "",
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Region = None,
    prices: Prices = None,
    policy_config: PolicyConfig = None,
    store: Store = "",
    owner: Owner = "",
    platform: For = None,
    output_format: Format = None,
    output: Output = None,
    time: Time = "",
    commit: Commit = "",
    link: Link = "",
    key: Key = "",
    description: Description = None,
    as_json: Json = False,
) -> ExitCode:
    """Turn events and documents of previews, or plans, into a report. Exit code 1: mandatory finding, 3: incomplete."""
    from kaito_iac.cli.reporting import Asked, Files, render_files

    asked = Asked(platform or "github", output_format or "comment", output, time, commit, link, key, description)
    facts = _facts(quota, ledger, subscription, region, prices, policy_config)
    together(None, policy_config, ledger, quota)
    asked = replace(asked, store=store, owner=owner)
    files = Files(tuple(events or ()), tuple(digest or ()), tuple(plan or ()), tuple(base or ()))
    return emit(render_files(files, {**facts, "root": root}, asked), as_json=as_json)


BaseReference = Annotated[
    str,
    Option("--base", metavar="REF", help="Git reference of the target branch: changes pending there are listed separately."),
]


def run(
    programs: Annotated[list[Path], Argument(metavar="PROGRAM...", help="Folders of stack programs.")],
    stack: Stack = None,
    policy_pack: PolicyPacks = None,
    policy_config: PolicyConfig = None,
    base: BaseReference = "",
    offline: Annotated[
        bool, Option("--offline", help="Plan instead of preview: no engine, cluster or credentials; needs --base.")
    ] = False,
    refresh: Annotated[bool, Option("--refresh", help="Read the cloud first, to find drift.")] = False,
    quota: Quota = None,
    ledger: Ledger = None,
    subscription: Subscription = "",
    region: Region = None,
    prices: Prices = None,
    store: Store = "",
    owner: Owner = "",
    platform: For = None,
    output_format: Format = None,
    output: Output = None,
    time: Time = "",
    commit: Commit = "",
    link: Link = "",
    key: Key = "",
    description: Description = None,
    as_json: Json = False,
) -> ExitCode:
    """Preview programs with the Pulumi CLI and report it. Exit code 1: mandatory finding, 3: incomplete."""
    from kaito_iac.cli.report_running import Wanted, run_programs
    from kaito_iac.cli.reporting import Asked

    asked = Asked(platform or "github", output_format or "comment", output, time, commit, link, key, description)
    policy_config = together(policy_pack, policy_config, ledger, quota)
    facts = _facts(quota, ledger, subscription, region, prices, policy_config)
    asked = replace(asked, store=store, owner=owner)
    wanted = Wanted(tuple(programs), stack, tuple(policy_pack or ()), policy_config, base, offline, refresh)
    return emit(run_programs(wanted, facts, asked), as_json=as_json)


def ledger_write(
    files: Annotated[list[Path], Argument(metavar="FILE...", help="Plans of stacks, as `kaito-iac plan --json` writes them.")],
    store: Store = "",
    owner: Owner = "main",
) -> ExitCode:
    """Write plans into the ledger: of the main branch at merge, of a pull request when it is reported."""
    from kaito_iac.cli.ledger_keeping import write_plans

    return emit(write_plans(tuple(files), store, owner), as_json=False)


def ledger_remove(store: Store = "", owner: Owner = "") -> ExitCode:
    """Remove the entries of a closed pull request from the ledger."""
    from kaito_iac.cli.ledger_keeping import remove_plans

    return emit(remove_plans(store, owner), as_json=False)


def merge(
    files: Annotated[
        list[Path],
        Argument(metavar="FILE...", help="Reports that were written with --json or --output."),
    ],
    platform: For = None,
    output_format: Format = None,
    output: Output = None,
    time: Time = "",
    commit: Commit = "",
    link: Link = "",
    key: Key = "",
    description: Description = None,
    as_json: Json = False,
) -> ExitCode:
    """Merge reports into one, which names missing files. Reports are checked against the schema."""
    from kaito_iac.cli.reporting import Asked, merge_files

    asked = Asked(platform or "github", output_format or "comment", output, time, commit, link, key, description)
    return emit(merge_files(tuple(files), asked), as_json=as_json)


def post(
    files: Annotated[
        list[Path],
        Argument(metavar="FILE...", help="Reports that were written with --json or --output."),
    ],
    platform: For = None,
    repository: Annotated[
        str, Option("--repository", metavar="NAME", help="owner/name, project id, or project/repository of Azure DevOps.")
    ] = "",
    number: Annotated[str, Option("--number", metavar="N", help="Number of the pull request.")] = "",
    url: Annotated[str, Option("--url", metavar="URL", help="Address of the platform's REST API.")] = "",
    run_number: Annotated[
        int, Option("--run-number", metavar="N", help="Number of this run; an older run never overwrites a newer one.")
    ] = 0,
    dry_run: Annotated[bool, Option("--dry-run", help="Print the comment and send nothing.")] = False,
    time: Time = "",
    commit: Commit = "",
    link: Link = "",
    key: Key = "",
    description: Description = None,
) -> ExitCode:
    """Write or update the one comment of a pull request. Uses the network and a token; needs the extra `report`."""
    from kaito_iac.cli.posting import Place, post_files
    from kaito_iac.cli.reporting import Asked

    place = Place(platform or "", repository, number, url, run_number, dry_run)
    asked = Asked(platform or "github", "comment", None, time, commit, link, key, description)
    return emit(post_files(tuple(files), place, asked), as_json=False)


report = Group("report", help="Report in pull requests what a preview changes: GPUs, money, quota, policies.")
report.add(
    "", {"render": render, "run": run, "merge": merge, "post": post, "ledger-write": ledger_write, "ledger-remove": ledger_remove}
)

"""The one comment of a pull request on three forges: found, written, updated, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaito_iac.report.assemble import stack_report
from kaito_iac.report.forge import Client, PostError
from kaito_iac.report.forge_azure import AzureDevOps
from kaito_iac.report.forge_github import GitHub
from kaito_iac.report.forge_gitlab import GitLab
from kaito_iac.report.model import Report
from kaito_iac.report.post import body_of, post
from kaito_iac.stack.events import read_events

from .conftest import Stream, state
from .forges import Fake, FakeAzure, FakeGitHub, FakeGitLab, serving

APP = "github-actions[bot]"
MAP = "kubernetes:core/v1:ConfigMap"


def report(count: int = 1, *, failed: bool = False, time: str = "") -> Report:
    stream = Stream().step("same", state(MAP, "kept", {"data": {}}), state(MAP, "kept", {"data": {}}))
    for number in range(count):
        stream.step("create", None, state(MAP, f"map-{number}", {"data": {}}))
    return Report(stacks=(stack_report(read_events(stream.end("failed" if failed else "succeeded").lines)),), time=time)


FORGES: dict[str, tuple[Any, Any, str, str]] = {
    "github": (GitHub, FakeGitHub, "shop/infra", APP),
    "gitlab": (GitLab, FakeGitLab, "42", "bot"),
    "azure-devops": (AzureDevOps, FakeAzure, "p/r", "bot"),
}


@pytest.fixture(params=sorted(FORGES))
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, Any, Fake]]:
    """Return the platform, its client and its fake."""
    real, fake, repository, user = FORGES[request.param]
    made = fake(user)
    with serving(made) as url:
        yield request.param, real(url, "token", repository, "7", wait=lambda seconds: None), made


def test_life_of_a_comment(place: tuple[str, Any, Fake]) -> None:
    """Written once, kept while only the last line differs, updated in place, and changed when the change is gone."""
    platform, forge, fake = place
    assert post(forge, report(0), platform) == "silent"
    assert post(forge, report(2, time="monday"), platform, run=1) == "created"
    assert post(forge, report(2, time="tuesday"), platform, run=2) == "equal"
    assert post(forge, report(3), platform, run=3) == "updated"
    assert fake.bodies() == [body_of(report(3), platform, 3)]
    assert post(forge, report(0), platform, run=4) == "updated"
    assert "has no changes" in fake.bodies()[0]


def test_behind_many_comments(place: tuple[str, Any, Fake]) -> None:
    """It is found behind 250 others, and one of someone else with the same first line is left alone."""
    platform, forge, fake = place
    for number in range(150):
        fake.add(f"looks good {number}", "somebody")
    fake.add(body_of(report(1), platform, 1))
    for number in range(100):
        fake.add(f"still {number}", "somebody")
    theirs = fake.add(body_of(report(1), platform, 1), "somebody")["body"]
    assert post(forge, report(2), platform, run=2) == "updated"
    assert len(fake.comments) == 252
    assert fake.bodies()[150] == body_of(report(2), platform, 2)
    assert fake.bodies()[-1] == theirs


def test_an_older_run(place: tuple[str, Any, Fake]) -> None:
    """An older run that comes late leaves the words of the newer one."""
    platform, forge, fake = place
    post(forge, report(2), platform, run=9)
    assert post(forge, report(1), platform, run=8) == "newer"
    assert fake.bodies() == [body_of(report(2), platform, 9)]


def test_two_at_once(place: tuple[str, Any, Fake]) -> None:
    """Two runs that write their first comment at once leave one, with the words of the later run."""
    platform, forge, fake = place

    def other(asked: str) -> None:
        if asked.startswith("POST"):
            fake.before = lambda asked: None
            fake.add(body_of(report(1), platform, 4))

    fake.before = other
    assert post(forge, report(2), platform, run=5) == "created"
    assert fake.bodies() == [body_of(report(2), platform, 5)]


def test_two_keys(place: tuple[str, Any, Fake]) -> None:
    """Two stacks have two comments."""
    platform, forge, fake = place
    post(forge, Report(stacks=report(1).stacks, key="a"), platform)
    post(forge, Report(stacks=report(1).stacks, key="b"), platform)
    assert len(fake.comments) == 2


def test_thread_status() -> None:
    """A thread of Azure DevOps is active while something blocks, and closed when nothing does."""
    fake = FakeAzure()
    with serving(fake) as url:
        forge = AzureDevOps(url, "token", "p/r", "7")
        post(forge, report(1, failed=True), "azure-devops")
        assert fake.status == {1: "active"}
        post(forge, report(2), "azure-devops")
        assert fake.status == {1: "closed"}


PERMISSIONS = {
    "github": "403 Forbidden; the token needs the permission `pull-requests: write`",
    "gitlab": "403 Forbidden; the token needs the scope `api` and at least the role Reporter",
    "azure-devops": "403 Forbidden; the token needs the right `Contribute to pull requests` for the build service",
}


def test_refused(place: tuple[str, Any, Fake]) -> None:
    """A forge that refuses is reported with the permission that is missing."""
    platform, forge, fake = place
    fake.answer = lambda *words: (403, {"message": "no"}, {})  # type: ignore[method-assign]
    with pytest.raises(PostError) as told:
        post(forge, report(1), platform)
    assert str(told.value).partition(": ")[2] == PERMISSIONS[platform]


def test_asked_to_wait() -> None:
    """A forge that asks to wait is asked again after the time it names, a broken one after a growing time, but not forever."""
    fake, waited = FakeGitLab(), list[float]()
    with serving(fake) as url:
        fake.instead = [(429, {}, {"Retry-After": "7"}), (502, {}, {}), (403, {}, {"Retry-After": "900"})]
        client = Client(url, {}, "a permission", wait=waited.append)
        assert client.call("GET", "/user").json() == {"id": "bot", "username": "bot"}
        assert waited == [7, 2, 60]
        fake.instead = [(429, {}, {})] * 5
        with pytest.raises(PostError, match=r"^GET /user: 429 Too Many Requests$"):
            client.call("GET", "/user")


def test_nobody_there() -> None:
    """A forge that cannot be reached is reported after a few tries."""
    waited: list[float] = []
    with pytest.raises(PostError, match=r"^GET /user: ConnectError$"):
        Client("http://127.0.0.1:9", {}, "", wait=waited.append).call("GET", "/user")
    assert waited == [1, 2, 4, 8]


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command takes place and token from the pipeline, writes the page of the run, and ends as the report does."""
    from kaito_iac.cli.main import main

    stream = Stream().step("create", None, state(MAP, "web", {"data": {}})).end("canceled")
    stream.write(tmp_path / "events.jsonl")
    main(["report", "render", "--events", str(tmp_path / "events.jsonl"), "--json"])
    (tmp_path / "report.json").write_text(capsys.readouterr().out)
    fake = FakeGitHub(APP)
    with serving(fake) as url:
        for name, value in {
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "shop/infra",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_RUN_NUMBER": "12",
            "GITHUB_TOKEN": "t",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        }.items():
            monkeypatch.setenv(name, value)
        words = ["report", "post", str(tmp_path / "report.json"), "--for", "github"]
        assert main([*words, "--dry-run"]) == 3
        dry = capsys.readouterr().out
        assert fake.asked == []
        assert main(words) == 3
    assert fake.bodies() == [dry]
    assert capsys.readouterr().err == "wrote the comment\n"
    assert "the run was cancelled" in (tmp_path / "summary.md").read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with serving(FakeGitHub(APP)) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        assert main(words) == 3
    assert capsys.readouterr().err == "the page of the run is not written: Is a directory\nwrote the comment\n"
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.delenv("GH_TOKEN", raising=False)
    assert main(words) == 3
    assert capsys.readouterr().err == "kaito-iac: no pull request to write to: the variable GITHUB_TOKEN missing\n"

"""Runs a stack program, or a function, the way the CLI's language host does, and gives back the recording."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import runpy
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi import runtime
from pulumi.runtime import settings as sdk_settings
from pulumi.runtime import stack as sdk_stack

from kaito_iac import errors
from kaito_iac.offline import config as stack_config
from kaito_iac.offline import failure, project, sandbox, source, walk
from kaito_iac.offline.deployment import Answer, Deployment
from kaito_iac.offline.engine import Engine
from kaito_iac.offline.loop import OfflineLoop, Stuck
from kaito_iac.offline.monitor import Monitor
from kaito_iac.offline.recording import LogEntry, ProgramError, Recording, Unseen
from kaito_iac.offline.rendered import with_rendered
from kaito_iac.offline.sdk import started_before_stopped, stop_callbacks
from kaito_iac.stack.resource import Secret, reveal


def run_program(
    program: Path,
    *,
    stack: str = "dev",
    dry_run: bool = True,
    config: Mapping[str, str] | None = None,
    references: Mapping[str, Mapping[str, Any]] | None = None,
    invokes: Mapping[str, Answer] | None = None,
) -> Recording:
    """Run the stack program in a folder, and record it; raises `Refusal` for what precedes the program.

    `config` overrides the stack's file, `references` holds the outputs of other stacks by `organization/project/stack`,
    `invokes` the results of provider functions by token. What the program itself does wrong is `recording.error`.
    """
    found = project.load(Path(program))
    values = stack_config.load(found, stack, config or {})
    deployment = Deployment(
        project=found.name,
        stack=stack,
        dry_run=dry_run,
        root=str(found.file.parent),
        config=values.values,
        secret_keys=values.secret_keys,
        encrypted=values.encrypted,
        references=references or {},
        invokes=invokes or {},
    )
    run = _Run(deployment, found.folder)
    for key in values.plain_secrets:
        message = f"config value {key} is declared secret and written in plain text, which the CLI refuses"
        run.engine.logs.append(LogEntry("warning", message))
    for key in dict.fromkeys(values.encrypted.values()):
        run.monitor.unseen.append(Unseen(key, "encrypted config value"))
    whole = found.entry.name == "__main__.py"  # the CLI lets a file of another name import no siblings
    with sandbox.inside(found.folder, importable=whole):
        return run.recorded(lambda: _run_file(found.folder if whole else found.entry))


def run_function(
    function: Callable[[], Any],
    *,
    project: str = "project",
    stack: str = "dev",
    dry_run: bool = True,
    config: Mapping[str, Any] | None = None,
    references: Mapping[str, Mapping[str, Any]] | None = None,
    invokes: Mapping[str, Answer] | None = None,
) -> Recording:
    """Run a function as if it were a stack program, and record it; `config` may hold any plain value and `Secret`s."""
    given = {key if ":" in key else f"{project}:{key}": value for key, value in (config or {}).items()}
    deployment = Deployment(
        project=project,
        stack=stack,
        dry_run=dry_run,
        config={key: stack_config.text(reveal(value)) for key, value in given.items()},
        secret_keys=tuple(key for key, value in given.items() if isinstance(value, Secret)),
        references=references or {},
        invokes=invokes or {},
    )
    return _Run(deployment, None).recorded(function)


class _Run:
    def __init__(self, deployment: Deployment, folder: Path | None) -> None:
        self.deployment = deployment
        self.monitor = Monitor(deployment)
        self.engine = Engine(self.monitor.decoder)
        self._folder = folder
        self._sources: dict[str, set[str]] = {}

    def recorded(self, function: Callable[[], Any]) -> Recording:
        """Run the function in a context of its own and return everything it showed."""
        error: ProgramError | None = None
        with contextlib.ExitStack() as held:
            held.enter_context(sandbox.collector_at_rest())
            held.enter_context(source.nearest_positions())
            held.enter_context(sandbox.settings_restored(sdk_settings.Settings))
            held.enter_context(started_before_stopped())
            context = contextvars.copy_context()
            if _loop_is_running():
                error = _in_thread(lambda: context.run(self._outcome, function))
            else:
                error = context.run(self._outcome, function)
        exports = self.monitor.exports(self._sources)
        resources, unseen = with_rendered(self.monitor.resources(exports), self.monitor.unseen)
        return Recording(
            project=self.deployment.project,
            stack=self.deployment.stack,
            organization=self.deployment.organization,
            dry_run=self.deployment.dry_run,
            resources=resources,
            exports=exports,
            logs=tuple(self.engine.logs),
            unseen=unseen,
            error=error,
        )

    def _outcome(self, function: Callable[[], Any]) -> ProgramError | None:
        """Run the function on a loop of its own and return what went wrong."""
        logger = logging.getLogger("asyncio")
        level, before = logger.level, _policy_state()
        raised: BaseException | None = None
        loop = OfflineLoop()
        asyncio.set_event_loop(loop)
        logger.setLevel(logging.CRITICAL)
        try:
            self._configure()
            answers = self.monitor.answers
            with sandbox.recursion_limit_restored(), walk.unknown_results(answers.looped, answers.unknown_keys, answers.hidden):
                loop.run_until_complete(self._main(function))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever a program may raise is its result
            if loop.stuck:
                return failure.of_waiting(loop.waiting())
            raised = error
        finally:
            _wind_up(loop)
            self.monitor.close()
            logger.setLevel(level)
            _restore_policy(before)
        ending = next(iter(errors.refusals.get() or ()), raised)
        return failure.of(ending, self.monitor, self._folder) if ending else None

    async def _main(self, function: Callable[[], Any]) -> None:
        errors.rehearsed.set(True)
        try:
            await sdk_stack.run_in_stack(function)
        except SystemExit as left:
            if left.code not in (None, 0):
                raise
        root = sdk_settings.get_root_resource()
        for name, value in getattr(root, "outputs", {}).items():
            self._sources[name] = {urn async for urn in _urns(value)}

    def _configure(self) -> None:
        deployment = self.deployment
        sdk_settings.ROOT.set(None)
        runtime.set_all_config(dict(deployment.config), list(deployment.secret_keys))
        sdk_settings.configure(
            sdk_settings.Settings(
                project=deployment.project,
                stack=deployment.stack,
                monitor=self.monitor,
                engine=self.engine,
                parallel=16,
                dry_run=deployment.dry_run,
                organization=deployment.organization,
                root_directory=deployment.root,
            )
        )


def _run_file(entry: Path) -> None:
    runpy.run_path(str(entry), run_name="__main__")


async def _urns(value: Any) -> AsyncIterator[str]:
    """Return the URNs of the resources that an exported value comes from."""
    if isinstance(value, pulumi.Output):
        for resource in await value.resources():
            yield str(await resource.urn.future())
    elif isinstance(value, pulumi.Resource):
        yield str(await value.urn.future())
    elif isinstance(value, Mapping | list | tuple):
        items: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        for item in items:
            async for urn in _urns(item):
                yield urn


def _wind_up(loop: OfflineLoop) -> None:
    """End everything that is still under way, and the loop."""
    try:
        if not loop.is_closed():
            _ended(loop, stop_callbacks())  # first: gRPC does not survive that the start of a service is cancelled
            pending = asyncio.all_tasks(loop)
            for task in pending:
                task.cancel()
            if pending and not loop.stuck:
                _ended(loop, asyncio.wait(pending, timeout=1))
            _ended(loop, loop.shutdown_asyncgens())
    finally:
        loop.close()


def _ended(loop: OfflineLoop, last: Coroutine[Any, Any, Any]) -> None:
    """Run one of the last things of a loop; what a failed run leaves behind cannot spoil its report."""
    try:
        loop.run_until_complete(last)
    except (Exception, Stuck):
        logging.getLogger(__name__).debug("the run did not end cleanly", exc_info=True)


def _loop_is_running() -> bool:
    return asyncio._get_running_loop() is not None


def _in_thread(function: Callable[[], ProgramError | None]) -> ProgramError | None:
    found: list[ProgramError | None] = []
    thread = threading.Thread(target=lambda: found.append(function()), name="offline run")
    thread.start()
    thread.join()
    return found[0]


def _policy_state() -> dict[str, Any]:
    """Return what this thread's event loop was, without making one."""
    local = getattr(asyncio.get_event_loop_policy(), "_local", None)
    return dict(vars(local)) if local is not None else {}


def _restore_policy(state: dict[str, Any]) -> None:
    local = getattr(asyncio.get_event_loop_policy(), "_local", None)
    if local is None:
        asyncio.set_event_loop(None)
        return
    vars(local).clear()
    vars(local).update(state)

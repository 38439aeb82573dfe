"""Stack programs on disk: where they are found, how they run, and what stops them."""

import os
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from kaito_iac.errors import SpecError
from kaito_iac.offline import LogEntry, ProgramError, Refusal, run_program
from kaito_iac.problem import Problem
from kaito_iac.testing import tree


def test_program_runs_in_its_folder(program):
    """The folder of the program is the working directory and the first place of imports; `main` points at it."""
    root = program(
        "raise SystemExit('the root is not the program')",
        {
            "stacks/one/__main__.py": """
                import os, sys, pulumi
                from sizes import SIZE
                pulumi.export("seen", [SIZE, os.path.basename(os.getcwd()), sys.path[0] == os.getcwd(), __name__])
                pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
                pulumi.export("root", os.path.relpath(pulumi.get_root_directory()))
            """,
            "stacks/one/sizes.py": "SIZE = 3",
        },
        manifest="name: demo\nruntime:\n  name: python\nmain: stacks/one\n",
    )
    expected = {
        "names": ["demo", "prod", "organization"],
        "root": "../..",
        "seen": [3, "one", True, "__main__"],
    }
    for place in (root, root / "Pulumi.yaml", root / "stacks/one", root / "stacks/one/__main__.py"):
        recording = run_program(place, stack="prod")
        assert (recording.error, recording.exports) == (None, expected)


def test_program_in_a_file_of_another_name(program):
    """A file that `main` names runs in its folder but imports no siblings, as under the CLI."""
    files = {
        "app/start.py": "import pulumi\npulumi.export('a', __name__)\nimport sizes_of_the_app",
        "app/sizes_of_the_app.py": "",
    }
    recording = run_program(program("", files, manifest="name: demo\nruntime: python\nmain: app/start.py\n"))
    assert recording.exports == {"a": "__main__"}
    assert recording.error is not None
    assert recording.error.message.splitlines()[-1] == "ModuleNotFoundError: No module named 'sizes_of_the_app'"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({}, ["no Pulumi.yaml here or above"], id="no project"),
        pytest.param({"Pulumi.yaml": "name: x\nruntime: python\n"}, ["no __main__.py"], id="no program"),
        pytest.param({"Pulumi.yaml": "name: x\nruntime: nodejs\n"}, ["'nodejs'"], id="another language"),
        pytest.param(
            {"Pulumi.yaml": "runtime: {name: yaml}\nconfig: 3\n"},
            ["'yaml'", "missing", "neither a mapping nor a folder"],
            id="everything wrong is reported at once",
        ),
        pytest.param(
            {"Pulumi.yaml": "name: [\n"},
            ["no YAML: did not find expected node content"],
            id="malformed YAML",
        ),
        pytest.param({"Pulumi.yaml": "- name\n"}, ["no mapping at the top"], id="a list"),
        pytest.param({"Pulumi.yaml": "name: x\nname: y\n"}, ["key name a second time"], id="a key twice"),
        pytest.param({"Pulumi.yaml": "name: !!int x\n"}, ["no int"], id="a tag that does not fit"),
        pytest.param({"Pulumi.yaml": "name: &a [*a]\n"}, ["anchor 'a' that is not defined before"], id="itself"),
        pytest.param({"Pulumi.yaml": "name: " + "[" * 5000}, ["more than 64 levels"], id="deep nesting"),
        pytest.param({"Pulumi.yaml": "name: " + "9" * 5000 + "\nruntime: go"}, ["'go'"], id="more digits than Python reads"),
        pytest.param({"Pulumi.yaml": "#" * 2**20 + "#"}, ["cannot be read (file of more than 1,048,576 bytes)"], id="too long"),
    ],
)
def test_what_is_no_program_is_refused(tmp_path, files, found):
    """What is no Python stack program is refused before anything runs, every reason at once."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(Refusal) as refusal:
        run_program(tmp_path)
    assert [problem.found for problem in refusal.value.problems] == found


def _boom(folder: Path) -> str:
    mark = "\n            ~~~~^^" if sys.version_info >= (3, 13) else ""
    return dedent(
        f"""\
        Traceback (most recent call last):
          File "{folder}/__main__.py", line 17, in <module>
            fail(){mark}
          File "{folder}/__main__.py", line 16, in fail
            raise ValueError("no luck")
        ValueError: no luck"""
    )


@pytest.mark.parametrize(
    ("source", "message", "user_error"),
    [
        pytest.param(
            'def fail():\n    raise ValueError("no luck")\nfail()', _boom, False, id="an exception shows the user's own lines"
        ),
        pytest.param("raise pulumi.RunError('choose a size')", "choose a size", True, id="a run error is its message"),
        pytest.param("raise SystemExit(3)", "the program ended itself with exit code 3", True, id="an exit code"),
        pytest.param("raise SystemExit('enough')", "the program ended itself: enough", True, id="an exit text"),
        pytest.param(
            "Box('box')",
            "two resources of type test:index:Box are called 'box'; give one of them another name "
            "(URN urn:pulumi:dev::demo::test:index:Box::box)",
            True,
            id="a name used twice",
        ),
        pytest.param(
            "import asyncio\nThing('held', {'a': pulumi.Output.from_input(asyncio.get_event_loop().create_future())})",
            "the program waits for an output that never gets a value; it holds up 'held' (test:index:Thing)",
            True,
            id="an output that never comes",
        ),
    ],
)
def test_what_stops_a_program(program, source, message, user_error):
    """A program that ends early says why in its user's words, and what it registered until then is there."""
    folder = program(f"\nBox('box')\n{source}")
    recording = run_program(folder)
    assert recording.error == ProgramError(message(folder) if callable(message) else message, (), user_error)
    assert recording.by_name("box").type == "test:index:Box"


def test_syntax_error_is_shown_without_our_frames(program):
    """A program that is no Python shows its line."""
    folder = program("x = (")
    error = run_program(folder).error
    assert error is not None
    assert error.message.splitlines() == [
        f'  File "{folder}/__main__.py", line 13',
        "    x = (",
        "        ^",
        "SyntaxError: '(' was never closed",
    ]


def test_problems_of_a_component_are_kept(program):
    """Problems that a component raises are there one by one, beside the message."""
    folder = program(
        """
        from kaito_iac.errors import SpecError
        from kaito_iac.problem import Problem
        raise SpecError("Box 'box'", [Problem("KS101", "size", "3", "a size"), Problem("KS102", "name", "empty")])
        """
    )
    error = run_program(folder).error
    problems = (Problem("KS101", "size", "3", "a size"), Problem("KS102", "name", "empty"))
    assert error == ProgramError(str(SpecError("Box 'box'", problems)), problems, True)


def test_exit_without_fault_is_success(program):
    """A program may end itself with exit code 0 and keeps its exports."""
    recording = run_program(program("pulumi.export('a', 1)\nraise SystemExit(0)"))
    assert (recording.error, recording.exports) == (None, {"a": 1})


def test_asynchronous_program(program):
    """An entry point given to `pulumi.run` is awaited and its result exported."""
    recording = run_program(program("async def main():\n    Box('box')\n    return {'a': 1}\npulumi.run(main)"))
    assert (recording.error, recording.exports, tree(recording)) == (None, {"a": 1}, "test:index:Box box")


def test_value_from_a_thread_of_the_program(program):
    """A program may wait for a thread of its own longer than an idle run may last."""
    recording = run_program(
        program(
            """
            import asyncio, threading, time
            loop = asyncio.get_event_loop()
            later = loop.create_future()
            def work():
                time.sleep(1.3)
                loop.call_soon_threadsafe(later.set_result, 7)
            threading.Thread(target=work).start()
            pulumi.export("value", pulumi.Output.from_input(later))
            """
        )
    )
    assert (recording.error, recording.exports) == (None, {"value": 7})


def _state() -> tuple[object, ...]:
    return (set(sys.modules), list(sys.path), list(sys.argv), os.getcwd(), dict(os.environ), threading.active_count())


@pytest.mark.parametrize("ending", ["", "raise ValueError('no')", "raise SystemExit(2)", "import nowhere"])
def test_nothing_of_a_run_stays(program, monkeypatch, ending):
    """A run, failed or not, leaves modules, paths, folder, environment and threads as they were, and starts afresh each time."""
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "not for programs")
    folder = program(
        f"""
        import os, sys
        import counter, decimal
        counter.RUNS.append(1)
        os.environ["LEFT"] = "behind"
        sys.path.append("/left/behind")
        pulumi.export("runs", len(counter.RUNS))
        pulumi.export("pulumi", [name for name in os.environ if name.startswith("PULUMI_")])
        {ending}
        """,
        {"counter.py": "RUNS = []"},
    )
    run_program(folder)
    before = _state()
    recording = run_program(folder)
    assert recording.exports == {"pulumi": [], "runs": 1}
    assert _state() == before


def test_module_of_the_same_name_is_out_of_the_way(program, monkeypatch):
    """A program gets its own module although another of that name is loaded, which is back afterwards."""
    other = type(sys)("settings_of_the_program")
    monkeypatch.setitem(sys.modules, "settings_of_the_program", other)
    folder = program(
        "import settings_of_the_program as s\npulumi.export('own', s.OWN)", {"settings_of_the_program.py": "OWN = True"}
    )
    recording = run_program(folder)
    assert (recording.error, recording.exports) == (None, {"own": True})
    assert sys.modules["settings_of_the_program"] is other


def test_output_of_the_program_is_not_ours(program, capfd):
    """What a program prints, and what processes it starts print, goes to standard error."""
    run_program(program("import subprocess\nprint('printed', flush=True)\nsubprocess.run(['echo', 'echoed'])"))
    said = capfd.readouterr()
    assert (said.out, sorted(said.err.split())) == ("", ["echoed", "printed"])


def test_plain_text_of_a_declared_secret(program):
    """A declared secret in plain text stays secret, and the run says that the CLI would refuse it."""
    folder = program(
        "pulumi.export('token', pulumi.Config().require_secret('token'))",
        {"Pulumi.dev.yaml": "config:\n  demo:token: word\n"},
        manifest="name: demo\nruntime: python\nconfig:\n  token: {type: string, secret: true}\n",
    )
    recording = run_program(folder)
    told = "config value demo:token is declared secret and written in plain text, which the CLI refuses"
    assert recording.logs == (LogEntry("warning", told),)
    assert repr(recording.exports) == "{'token': [secret]}"

"""Exit codes and where things are printed: in process, with what a user may get wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from galley_iac import __version__
from galley_iac.cli import main as command
from galley_iac.cli import output, plan
from galley_iac.cli.main import main
from galley_iac.errors import InputError, MachineError, PreviewError, Problem, UsageError

MANIFEST = "version: 1\nservices:\n  web: {kind: web, image: 'acme/web:1', expose: 80}\n"
WRONG = "version: 1\nservices:\n  web: {kind: web, image: 'acme/web:1'}\n  db: {kind: databas}\n"


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command sets a handler of its own for the process."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository on branch main is the current folder; there is no engine and no Pulumi."""
    folder = tmp_path / "shop"
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    (folder / "galley.yaml").write_text(MANIFEST)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GALLEY_TOOLS", str(tmp_path / "tools"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    monkeypatch.delenv("GALLEY_PULUMI", raising=False)
    return folder


def usage(*words: str) -> int:
    """The exit code of what argparse refuses."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(str(ended.value.code))


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert usage("--version") == 0
    assert capsys.readouterr().out == f"galley {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("up", "--nonsense"),
        ("up", "--branch", "a", "--pr", "1"),
        ("plan", "--pr", "0"),
        ("plan", "--pr", "-1"),
        ("plan", "--pr", "one"),
        ("exec", "api"),
        ("logs", "--tail", "some"),
    ],
)
def test_a_command_line_that_cannot_be(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert usage(*words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_a_number_that_is_none_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert usage("plan", "--pr", "one") == 2
    assert "argument --pr: one is not a pull request's number" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("plan",), ("plan", "--pr", "7"), ("plan", "--json"), ("validate",)])
def test_done(words: tuple[str, ...]) -> None:
    assert main(words) == 0


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "-f", "nowhere"),
        ("plan", "-f", "nowhere.yaml"),
        ("plan", "--var", "novalue"),
        ("plan", "--domain", "not a domain"),
        ("open", "--name", "../x"),
    ],
)
def test_wrong_input(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert "\n    " in printed.err, "a remedy"


@pytest.mark.parametrize("words", [("plan",), ("up",), ("validate",), ("preview",)])
def test_a_wrong_manifest(
    words: tuple[str, ...], repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "galley.yaml").write_text(WRONG)
    assert main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line for line in printed.err.splitlines() if line.startswith("galley.yaml:4")]
    assert [line for line in printed.err.splitlines() if line.startswith("galley.yaml:3")]


@pytest.mark.parametrize(
    "words",
    [
        ("up",),
        ("down",),
        ("ls",),
        ("status",),
        ("logs",),
        ("open",),
        ("preview",),
        ("exec", "web", "--", "true"),
        ("port-forward", "web"),
    ],
)
def test_no_engine(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert "Traceback" not in printed.err


def test_no_branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "galley.yaml").write_text(MANIFEST)
    monkeypatch.chdir(outside)
    assert main(["plan"]) == 2
    assert capsys.readouterr().err == (
        f"error: {outside}: no git branch is checked out here\n    name one: --branch NAME or --pr N\n"
    )
    assert main(["plan", "--branch", "main"]) == 0


def error_of(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON form of an error, which is all of stdout."""
    assert main(words) > 0
    printed = capsys.readouterr()
    assert printed.err == ""
    (key,) = (found := json.loads(printed.out))
    assert key == "error"
    return dict(found["error"])


def test_problems_as_data(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "galley.yaml").write_text(WRONG)
    found = error_of(("plan", "--json"), capsys)
    assert set(found) == {"kind", "message", "problems"}
    assert found["kind"] == "input"
    assert len(found["problems"]) > 1
    for problem in found["problems"]:
        assert set(problem) == {"file", "line", "column", "path", "rule", "remedy"}
        assert problem["file"] == "galley.yaml"
    assert [problem["line"] for problem in found["problems"]] == sorted(p["line"] for p in found["problems"])


def test_other_errors_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(("plan", "--json", "-f", "nowhere"), capsys) == {
        "kind": "input",
        "message": "nowhere: there is no such file\n    name the manifest with -f, or run in its folder",
        "problems": [],
    }
    assert error_of(("status", "--json"), capsys)["kind"] == "machine"


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (PreviewError("p is not up"), 1, "preview"),
        (UsageError("no"), 2, "input"),
        (InputError([Problem("f", 1, 1, "p", "r", "m")]), 2, "input"),
        (MachineError("no docker"), 3, "machine"),
    ],
)
def test_the_kinds_of_errors(
    error: PreviewError | InputError, code: int, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert output.error(error, as_json=True) == code
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == kind
    assert output.error(error, as_json=False) == code


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(plan, "run", fail)
    return main(["plan"])


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(KeyboardInterrupt(), monkeypatch) == 130
    assert capsys.readouterr().err.startswith("interrupted")


def test_sigterm_ends_a_command_as_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_: object) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr(plan, "run", end)
    assert main(["plan"]) == 130


def test_a_reader_that_went_away_is_no_error() -> None:
    """``galley plan | head -1``: what is printed has nowhere to go."""
    reader, writer = os.pipe()
    os.close(reader)
    command_line = [sys.executable, "-m", "galley_iac.cli.main", "plan"]
    environment = {**os.environ, "PYTHONPATH": str(Path(command.__file__).parents[2])}
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            command_line, stdout=closed, stderr=subprocess.PIPE, env=environment, check=False, timeout=60
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_stdout_is_data_and_stderr_the_rest(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "galley.yaml").write_text("version: 1\nservices:\n  web: {image: 'acme/web:1'}\n")
    assert main(["plan", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["name"] == "main-shop"
    assert printed.err.startswith("warning: galley.yaml:3:")


def test_every_verb_has_a_module() -> None:
    folder = Path(command.__file__).parent
    assert {
        verb for verb in command.VERBS if not (folder / f"{verb.replace('-', '_')}.py").is_file()
    } == set()

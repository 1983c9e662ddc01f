"""Nothing that a manifest or a repository says can become an instruction of its own."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.buildpack import Ask, detect, dockerfile
from galley_iac.buildpack.application import Role, Start
from galley_iac.buildpack.files import is_plain
from tests.unit.buildpack.shapes import SHAPES, package
from tests.unit.buildpack.tree import Tree

INSTRUCTION = re.compile(r"(FROM|RUN|COPY|ENV|ARG|USER|WORKDIR|CMD) |#|$| {4}")
FLASK = SHAPES["python-requirements-flask"].files

hostile = st.text(st.sampled_from("\n\r\t \\\"'`$#<>&;|[]{}aR-\0\u2028é"), max_size=40)


def instructions(text: str) -> list[str]:
    return [line.partition(" ")[0] for line in text.splitlines() if line and INSTRUCTION.match(line)]


@pytest.mark.parametrize(
    "command",
    ["npm run build", "make", "python manage.py collectstatic --no-input", "./build.sh a=b,c:d@e+f"],
)
def test_a_plain_command_reads_as_it_was_written(command: str) -> None:
    assert dockerfile.run(command) == f"RUN {command}"


@pytest.mark.parametrize(
    "command",
    [
        "a && b",
        "make\nUSER root",
        "make \\\nUSER root",
        "--mount=type=bind,source=/,target=/host cat /host/etc/shadow",
        '["/bin/sh", "-c", "id"]',
        "cat <<EOF",
        "echo $HOME",
        "# nothing",
        " make",
    ],
)
def test_any_other_command_is_one_word_for_the_shell(command: str) -> None:
    line = dockerfile.run(command)
    assert json.loads(line.removeprefix("RUN ")) == ["/bin/sh", "-c", command]
    assert len(line.splitlines()) == 1
    assert "<<" not in line


@given(hostile)
def test_a_command_adds_one_instruction(command: str) -> None:
    without, given_one = (detect(Tree(FLASK), Ask(command=one)).dockerfile for one in (None, f"x{command}"))
    assert sorted(instructions(given_one)) == sorted([*instructions(without), "RUN"])
    assert all(INSTRUCTION.match(line) for line in given_one.split("\n"))


@given(hostile)
def test_a_script_changes_nothing_but_the_last_line(script: str) -> None:
    text = detect(Tree({"package.json": package(scripts={"start": f"node {script}"})}), Ask()).dockerfile
    *before, last, end = text.split("\n")
    assert end == ""
    assert last.startswith("CMD [")
    assert json.loads(last.removeprefix("CMD "))
    assert (
        before
        == detect(Tree({"package.json": package(scripts={"start": "x"})}), Ask()).dockerfile.split("\n")[:-2]
    )


@given(hostile)
def test_a_process_of_a_procfile_is_data(process: str) -> None:
    text = detect(Tree({"requirements.txt": "", "Procfile": f"web: {process}"}), Ask()).dockerfile
    assert set(instructions(text)) <= {"", "#", "FROM", "ENV", "RUN", "USER", "WORKDIR", "COPY", "CMD"}
    assert all(INSTRUCTION.match(line) for line in text.split("\n"))


@pytest.mark.parametrize(
    "path",
    ["a b.txt", "req*.txt", "req[1].txt", "$HOME", "../x", "a/../b", "--from=x", "a\nb", "", "a\\b", "é.txt"],
)
def test_paths_that_mean_something_else_to_docker_are_known(path: str) -> None:
    assert not is_plain(path)


@pytest.mark.parametrize(
    "path", ["requirements.txt", "requirements/base-1.txt", ".npmrc", "apps/@shop/web/package.json"]
)
def test_ordinary_paths_are_plain(path: str) -> None:
    assert is_plain(path)


def test_a_requirements_file_with_such_a_name_is_copied_with_the_source() -> None:
    files = {"requirements.txt": "-r req[1].txt\n", "req[1].txt": "flask\n", "main.py": ""}
    text = detect(Tree(files), Ask()).dockerfile
    assert "req[1]" not in text
    assert text.index("COPY --chown=app:app . .") < text.index("pip install")


@pytest.mark.parametrize("name", ["a b", "$(id)", "-x", "a;b"])
def test_a_program_with_such_a_name_is_none(name: str) -> None:
    files = {"go.mod": "", "cmd/ok/main.go": "package main\n", f"cmd/{name}/main.go": "package main\n"}
    assert name not in detect(Tree(files), Ask()).dockerfile


def test_files_go_to_their_own_folders() -> None:
    assert dockerfile.copies(["a.txt", "b/c.txt", "d.txt", "b/e.txt"], "app") == [
        "COPY --chown=app:app a.txt d.txt ./",
        "COPY --chown=app:app b/c.txt b/e.txt ./b/",
    ]


def test_no_cmd_where_it_is_in_doubt() -> None:
    assert dockerfile.cmd([]) == []
    assert dockerfile.cmd([Start(Role.WEB, ("run",), "x")]) == ['CMD ["run"]']


@pytest.mark.parametrize("name", SHAPES)
def test_no_image_runs_as_root(name: str) -> None:
    last_stage = detect(Tree(SHAPES[name].files), SHAPES[name].ask).dockerfile.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert user in ("app", "node", "10001:10001")
    copied_as = re.findall(r"^COPY (?!--from)(\S+) ", last_stage, re.MULTILINE)
    assert all(flag.startswith("--chown") for flag in copied_as) or "caddy" in last_stage


@pytest.mark.parametrize("name", SHAPES)
def test_dependencies_are_installed_before_the_source_is_copied(name: str) -> None:
    text = detect(Tree(SHAPES[name].files), SHAPES[name].ask).dockerfile
    install = re.search(
        r"^RUN .*(pip install --req|pip install \.|sync|poetry install|npm (ci|install) --no-a|"
        r"(pnpm|yarn) install|mod download)",
        text,
        re.MULTILINE,
    )
    if install is None:
        assert name.startswith("static") or name == "go-vendor"
    elif dockerfile.WHOLE not in text:
        assert install.start() < re.search(r"^COPY .*\. \.$", text, re.MULTILINE).start()  # type: ignore[union-attr]

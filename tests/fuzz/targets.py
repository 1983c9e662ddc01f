"""What is fuzzed: each target takes text and may raise only what its contract names."""

from __future__ import annotations

import re
from collections.abc import Callable

from galley_iac.errors import InputError
from galley_iac.manifest import command, parse, paths, render, template
from galley_iac.manifest.command import CommandError
from galley_iac.manifest.compose import dotenv, parse_compose
from galley_iac.manifest.compose.dotenv import DotenvError
from galley_iac.manifest.paths import PathError
from galley_iac.manifest.template import Template, TemplateError
from galley_iac.plan.identity import Identity, preview_name
from galley_iac.source.patterns import Effort, Pattern, PatternError

_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML counts them


def manifest(text: str) -> None:
    """A galley.yaml: a Manifest that can be written and read again, or problems with a place."""
    try:
        found = parse(text, "galley.yaml").manifest
    except InputError as error:
        check_problems(error, text)
        return
    assert parse(render.to_yaml(found), "again").manifest.services == found.services


def compose(text: str) -> None:
    """A compose file, which may name itself and one env file."""
    files = {"compose.yaml": text, "base.yaml": text, ".env": "A=1\nB=$A\n"}
    try:
        found = parse_compose(text, "compose.yaml", files.get, ["debug"]).manifest
    except InputError as error:
        check_problems(error, text)
        return
    again = parse(render.to_yaml(found), "again").manifest
    unsaid = {problem.path.split(".")[1] for problem in render.unsaid(found)}
    for name, service in found.services.items():
        assert name in unsaid or again.services[name] == service


def check(fact: bool) -> None:
    """Fail when it does not hold."""
    assert fact


def check_problems(error: InputError, text: str) -> None:
    """Every problem is placed inside the text, says something, and is printed on lines of its own."""
    assert error.problems
    lines = len(_LINE_ENDS.findall(text)) + 2
    for problem in error.problems:
        assert 0 <= problem.line <= lines
        assert problem.rule
        assert problem.remedy
        assert str(problem).count("\n") == 1


def interpolation(text: str) -> None:
    """A template: resolved or not, it can be written again, and every part is text or what was looked up."""
    try:
        found = template.parse(text)
    except TemplateError as error:
        check(0 <= error.offset <= len(text))
        return
    assert template.parse(str(found)) == found
    secret = object()
    parts, missing = template.resolve(found, lambda name: secret if name == "S" else None)
    assert all(part is secret or isinstance(part, str) for part in parts)
    assert {unresolved.name for unresolved in missing} <= set(found.variables())
    assert template.parse(str(Template.literal(text))).text == text


def command_line(text: str) -> None:
    """A start command: words, or the whole of it as one argument of the shell."""
    try:
        words = command.argv(text)
    except CommandError:
        return
    assert words[0]
    if words[:2] == ("/bin/sh", "-c") and len(words) == 3 and words[2] == text:
        return
    assert command.argv(command.join(words)) == words


def path(text: str) -> None:
    """A path of a build: it never leads out of the repository."""
    try:
        normal = paths.normalise(text)
    except PathError:
        return
    found = paths.inside("a/b", normal)
    assert found is None or (not found.startswith("/") and ".." not in found.split("/"))


def env_file(text: str) -> None:
    """An env file."""
    try:
        found = dotenv.parse(text)
    except DotenvError as error:
        check(1 <= error.line <= text.count("\n") + text.count("\r") + 1)
        return
    assert all(assignment.name for assignment in found)


TREE = ("main.py", "README.md", "a", "a/b", "a/b/keep.txt", ".env", "node_modules/x/index.js")


def dockerignore(text: str) -> None:
    """A .dockerignore: every line says nothing, is a pattern, or is refused; what matches, matches again."""
    effort = Effort()
    for line in text.split("\n")[:50]:
        try:
            found = Pattern.of(line)
            again = found and Pattern.of(("!" if found.keeps else "") + found.text)
        except PatternError as error:
            check(bool(str(error)))
            continue
        if found is None or again is None:
            continue
        for name in TREE:
            assert found.matches(name, effort) == again.matches(name, effort)
            if found.matches(name, effort) and "/" in name:
                check(found.by_name or found.prefix in name)


def names(text: str) -> None:
    """A branch: the preview's name is a DNS label, and every name that a plan makes of it is valid."""
    name = preview_name(Identity("shop", branch=text or "x"))
    check(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", name) is not None and "--" not in name)


TARGETS: dict[str, Callable[[str], None]] = {
    "manifest": manifest,
    "compose": compose,
    "interpolation": interpolation,
    "command_line": command_line,
    "path": path,
    "env_file": env_file,
    "dockerignore": dockerignore,
    "names": names,
}

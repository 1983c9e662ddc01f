"""The shape of the code: one direction of imports, purity where it is promised, small modules."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.source_tree import PACKAGE, ROOT, Module, modules, tracked

LAYERS = (
    *("__version__", "errors", "timing", "duration", "settext", "masking", "home", "handover", "probe"),
    *("edge", "manifest", "plan", "policy", "life", "forge", "buildpack", "source", "engine", "cluster"),
    *("toolchain", "request", "targets", "program", "automation", "dashboard", "forges", "cli"),
)
"""From what everybody may use to what nobody may use; a part imports only from those before its own."""

PURE = ("edge", "manifest", "plan", "policy", "buildpack", "life", "forge", "duration")
PURE_IMPORTS = {
    *("__future__", "collections", "dataclasses", "difflib", "enum", "functools", "graphlib", "hashlib"),
    *("ipaddress", "itertools", "json", "math", "posixpath", "pydantic", "pydantic_core", "re", "shlex"),
    *("string", "textwrap", "tomllib", "typing", "yaml"),
}
"""All that a pure part may import: no clock, no environment, no file, no socket, no process, no chance."""

EFFECTS = frozenset({"open", "print", "input", "eval", "exec", "__import__", "breakpoint"})
PROVIDERS = ("pulumi_docker", "pulumi_kubernetes")
DAEMON = {"engine", "automation", "toolchain", "dashboard", "cli", "source"}
PULUMI = {"targets", "program", "automation", "dashboard"}
MAX_MODULE, MAX_FUNCTION = 250, 30


def top(name: str) -> str:
    return name.partition(".")[0]


def own_parts(module: Module) -> set[str]:
    """The parts of the package that a module imports."""
    return {[*name.split("."), ""][1] for name in module.imports() if top(name) == PACKAGE}


def wrong_direction(module: Module) -> list[str]:
    known = {part: position for position, part in enumerate(LAYERS)}
    own = known[module.part]
    return [f"{module.name} imports {part}" for part in sorted(own_parts(module)) if known[part] > own]


def impurities(module: Module) -> list[str]:
    """Imports beyond the list, and calls of functions that do something."""
    imported = {top(name) for name in module.imports()} - PURE_IMPORTS - {PACKAGE}
    called = {
        node.func.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return [f"{module.name}: {name}" for name in sorted(imported | (called & EFFECTS))]


def importers(name: str) -> set[str]:
    return {module.part for module in modules() if name in map(top, module.imports())}


def parts_of(chosen: Iterable[str]) -> list[Module]:
    return [module for module in modules() if module.part in chosen]


def test_every_part_has_its_place() -> None:
    """A new folder has to be given its place in the order before anything can be said of it."""
    assert {module.part for module in modules()} - {"", *LAYERS} == set()


def test_imports_go_one_way() -> None:
    inside = [module for module in modules() if module.part]
    assert len(inside) > 50
    assert [line for module in inside for line in wrong_direction(module)] == []


def test_a_wrong_direction_is_seen() -> None:
    text = "def late():\n    from galley_iac.targets.docker import declare\n"
    assert wrong_direction(sample("plan", text)) == ["galley_iac.plan.sample imports targets"]


def test_no_module_imports_itself_through_others() -> None:
    names = {module.name for module in modules()}
    graph = {
        module.name: {_module_of(name, names) for name in module.imports()} - {""} for module in modules()
    }
    assert tuple(graphlib.TopologicalSorter(graph).static_order())


def test_pure_parts_are_pure() -> None:
    pure = parts_of(PURE)
    assert len(pure) > 25
    assert [line for module in pure for line in impurities(module)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "import time",
        "from datetime import datetime",
        "def f():\n    import subprocess",
        "open('x')",
    ],
)
def test_an_impurity_is_seen(text: str) -> None:
    assert impurities(sample("plan", text))


def test_only_targets_import_a_provider() -> None:
    assert importers("pulumi_docker") == {"targets"}
    assert set().union(*map(importers, PROVIDERS)) == {"targets"}


def test_pulumi_is_known_to_what_declares_and_what_drives() -> None:
    assert importers("pulumi") <= PULUMI


def test_the_daemon_is_known_to_the_edges() -> None:
    assert importers("docker") <= DAEMON


def test_the_probe_needs_nothing_but_python() -> None:
    """It runs in a container that has no package of ours."""
    (script,) = [module for module in modules() if module.name.endswith("probe.ready")]
    allowed = {"__future__", "collections", "http", "signal", "socket", "struct", "sys", "time"}
    assert {top(name) for name in script.imports()} <= allowed


def test_modules_are_small() -> None:
    sizes = {module.name: len(module.text.splitlines()) for module in modules()}
    assert {name: size for name, size in sizes.items() if size > MAX_MODULE} == {}


def test_functions_are_small() -> None:
    sizes = {f"{module.name}.{name}": size for module in modules() for name, size in module.functions()}
    assert len(sizes) > 400
    assert {name: size for name, size in sizes.items() if size > MAX_FUNCTION} == {}


def test_every_module_says_what_it_is() -> None:
    assert [module.name for module in modules() if not ast.get_docstring(module.tree)] == []


def sample(part: str, text: str) -> Module:
    return Module(f"{PACKAGE}.{part}.sample", Path("sample.py"), text)


def _module_of(name: str, names: set[str]) -> str:
    """The module that an import of ``name`` runs; empty for another project's."""
    return next(
        (known for known in (name, name.rpartition(".")[0]) if known in names and known != PACKAGE), ""
    )


REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        *(("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("npmjs", "com")),
        *(("registry", "yarnpkg", "com"), ("proxy", "golang", "org"), ("sum", "golang", "org")),
        *(("deb", "debian", "org"), ("security", "debian", "org"), ("ftp", "debian", "org")),
        *(("archive", "ubuntu", "com"), ("repo1", "maven", "org"), ("repo", "maven", "apache", "org")),
        *(("crates", "io"), ("rubygems", "org"), ("dl-cdn", "alpinelinux", "org")),
        *(("index", "docker", "io"), ("registry-1", "docker", "io"), ("docker", "io/")),
    )
)
"""Put together here, so that this file does not hold what it looks for."""

MACHINE_PATHS = re.compile("|".join(("/" + "work/", "/tmp/" + "brief", "shared" + "/docs", "[.]py" + "env")))


def offences(found: Iterable[Path], pattern: re.Pattern[str]) -> list[str]:
    lines = ((path, line) for path in found for line in _text(path).splitlines())
    return [f"{path.relative_to(ROOT)}: {line.strip()[:80]}" for path, line in lines if pattern.search(line)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def hosts_pattern() -> re.Pattern[str]:
    """A host by itself, not the end of another one's name (``google.golang.org``)."""
    return re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, REGISTRY_HOSTS)) + ")")


def test_no_registry_is_named_by_its_host() -> None:
    """Packages are asked for by name, from whichever registry the user's own client is set to."""
    assert offences(tracked(), hosts_pattern()) == []


def test_a_registry_host_is_seen() -> None:
    assert all(hosts_pattern().search(f"https://{host}/simple") for host in REGISTRY_HOSTS)
    assert not hosts_pattern().search("apt-get install docker.io && go get google.golang.org/grpc")


def test_no_path_of_a_machine_it_was_written_on() -> None:
    assert offences(tracked(), MACHINE_PATHS) == []
    log = subprocess.run(
        ["git", "-C", ROOT, "log", "--format=%B"], capture_output=True, text=True, check=True
    )
    assert not MACHINE_PATHS.search(log.stdout)

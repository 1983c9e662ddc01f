"""The whole set-up in order: Pulumi, its plugins, a Docker engine, base images. Safe to run again."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from ctypes.util import find_library
from dataclasses import dataclass

from galley_iac.errors import MachineError
from galley_iac.toolchain import (
    apt,
    artifact,
    dockerd,
    download,
    engine,
    images,
    paths,
    pins,
    plugins,
    pulumi,
    recipes,
    servers,
)
from galley_iac.toolchain.cluster import lifecycle, place, programs
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import SystemRunner, ToolError


@dataclass(frozen=True)
class Choice:
    """What to set up. ``for_tests`` asks for an engine of our own and for all that a test may use.

    ``cluster`` starts a Kubernetes cluster; what a client of it needs comes with ``kubernetes``.
    """

    for_tests: bool = False
    kubernetes: bool = False
    cluster: bool = False
    images: bool = True


def set_up(choice: Choice, console: Console) -> engine.Engine:
    """Sets up what is missing and returns the engine. Raises MachineError with the remedy."""
    with means(console) as found:
        return _steps(choice, found)


@contextlib.contextmanager
def means(console: Console) -> Iterator[Means]:
    """What a set-up works with; one at a time on this machine. A tool that fails raises MachineError."""
    made = Means(paths.layout(), console, SystemRunner(), download.Site(console), os.environ)
    with artifact.lock(made.layout.lock, console.note):
        try:
            yield made
        except ToolError as error:
            raise MachineError(
                str(error), "run `galley setup` again; `galley doctor` shows what is there"
            ) from None


def stop() -> bool:
    """Ends the engine that the set-up started; its data stays. False when none was running."""
    return dockerd.Daemon(paths.layout()).stop(SystemRunner())


def stop_cluster() -> bool:
    """Ends the cluster and removes all that it has made. False when none was running."""
    return lifecycle.stop(paths.layout())


def remove() -> None:
    """Ends engine and cluster, and removes all that set-ups have made: programs, plugins, images, volumes.

    A PULUMI_HOME that the user has named stays: it holds plugins of other projects as well.
    """
    stop_cluster()
    stop()
    layout = paths.layout()
    own = [servers.folder(server, layout) for server in (*servers.ALL, pins.COMPOSE)]
    own.append(place.folders(layout).programs)
    for folder in (layout.engine, layout.pulumi, layout.root / "pulumi-home", *own):
        shutil.rmtree(folder, ignore_errors=True)


def _steps(choice: Choice, means: Means) -> engine.Engine:
    console = means.console
    with console.step(f"Pulumi {pins.PULUMI}, in {means.layout.root}"):
        pulumi.ensure(means)
    for plugin in _plugins(choice):
        with console.step(f"Pulumi plugin {plugin.name} {plugin.version}"):
            plugins.ensure(plugin, means)
    if choice.for_tests:
        with console.step("A registry and a browser for the tests"):
            _test_programs(means)
        with console.step("A forge, an object store and an ACME authority for the tests"):
            for server in servers.ALL:
                servers.ensure(server, means)
    with console.step("Docker engine"):
        found = engine.ensure_for_tests(means) if choice.for_tests else engine.ensure(means)
        console.note(f"{found.host}: {found.source}")
    if choice.images:
        with console.step("Base images"):
            images.ensure(found, _wanted(choice), means)
    if choice.cluster or choice.for_tests:
        with console.step(f"Kubernetes cluster {pins.KUBERNETES}"):
            _cluster(choice, means)
    return found


def _cluster(choice: Choice, means: Means) -> None:
    """The tests start theirs themselves, and end it: for them it is only built."""
    if not choice.cluster:
        programs.ensure(place.folders(means.layout), means)
        return
    started = lifecycle.start(means)
    means.console.note(f"KUBECONFIG={place.folders(means.layout).kubeconfig}, context {place.CONTEXT}")
    means.console.note(f"registry {started.registry}, ingress http://{started.ingress}")


def _plugins(choice: Choice) -> list[pins.Plugin]:
    """The tests bring previews up on both targets."""
    for_clusters = choice.kubernetes or choice.for_tests
    return [pins.DOCKER_PLUGIN, *([pins.KUBERNETES_PLUGIN] if for_clusters else [])]


_TEST_PROGRAMS = {
    "docker-registry": "docker-registry",
    "htpasswd": "apache2-utils",
    "chromium": "chromium",
    "slirp4netns": "slirp4netns",
}
"""Program → Debian's package."""


def _test_programs(means: Means) -> None:
    """What only the tests run: a registry and what writes its passwords, a browser and what drives it, and
    the way out of a network namespace, inside of which nothing can be installed.
    """
    missing = [package for program, package in _TEST_PROGRAMS.items() if means.runner.which(program) is None]
    # The Node.js that comes with Playwright does not start without it.
    if find_library("atomic") is None:
        missing.append("libatomic1")
    if missing:
        apt.install(missing, "the tests need a registry and a browser", means.runner, means.console)


def _wanted(choice: Choice) -> Sequence[recipes.Recipe]:
    return [recipe for recipe in recipes.load().values() if recipe.demo or choice.for_tests]

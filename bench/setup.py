"""Sets up what the benchmark needs: Pulumi, an engine of our own with the base images, and compose."""

from __future__ import annotations

from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import (
    engine,
    images,
    paths,
    pins,
    plugins,
    pulumi,
    recipes,
    servers,
    setup,
)
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.pulumi import Means


def main() -> None:
    """Sets up what is missing. Exits with 3 and the remedy when the machine cannot."""
    console = Console()
    try:
        with setup.means(console) as means:
            _steps(means)
    except MachineError as error:
        console.note(f"error: {error}")
        raise SystemExit(3) from None


def compose() -> Path:
    """Where compose is, once it has been set up."""
    return servers.program(pins.COMPOSE, paths.layout())


def _steps(means: Means) -> None:
    console = means.console
    with console.step(f"Pulumi {pins.PULUMI} and its Docker plugin"):
        pulumi.ensure(means)
        plugins.ensure(pins.DOCKER_PLUGIN, means)
    with console.step("Docker engine and base images"):
        found = engine.ensure_for_tests(means)
        images.ensure(found, [recipe for recipe in recipes.load().values() if recipe.demo], means)
    with console.step(f"docker compose {pins.COMPOSE.version}"):
        servers.ensure(pins.COMPOSE, means)


if __name__ == "__main__":
    main()

"""Every version that the set-up installs. The Python packages' versions in pyproject.toml go with these."""

from __future__ import annotations

from dataclasses import dataclass

PULUMI = "3.259.0"
"""CLI and SDK. Later CLI modules cannot be built from the Go module proxy."""

LANGUAGE_HOST = "3.79.0"
"""Only for the build from source: the last version of the host that is part of a module the proxy serves."""

KUBERNETES = "1.32.4"
"""The cluster for tests. The versions of its DNS and ingress are in their go.mod files."""

LEGO = "4.33.0"
"""The library for certificates inside the ingress controller: the version that its go.mod names."""

MINIMUM_GO = (1, 25)
MINIMUM_PYTHON = (3, 11)


@dataclass(frozen=True)
class Plugin:
    """A resource plugin: its official version, and the folder under ``go/`` from which it can be built.

    A built plugin reads its schema from beside it. ``carried`` are the files of ``module`` that go there;
    without any, it writes its schema itself.
    """

    name: str
    version: str
    recipe: str
    tags: str = ""
    module: str = ""
    carried: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name that Pulumi looks for in its plugin folder."""
        return f"resource-{self.name}-v{self.version}"

    @property
    def program(self) -> str:
        """The executable in that folder."""
        return f"pulumi-resource-{self.name}"


DOCKER_PLUGIN = Plugin("docker", "5.2.0", "plugin-docker", tags="no_compose")
"""The tag leaves a resource out that the Python package does not have, and 180 packages with it."""

KUBERNETES_PLUGIN = Plugin(
    "kubernetes",
    "4.25.0",
    "plugin-kubernetes",
    module="github.com/pulumi/pulumi-kubernetes/provider/v4",
    carried=(
        "cmd/pulumi-resource-kubernetes/schema.json",
        "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
    ),
)


@dataclass(frozen=True)
class Server:
    """A program that only tests or the benchmark run, built from the folder under ``go/`` of its name.

    ``variable`` is the linker's, for the version. ``carried`` are the folders of ``module`` that the program
    reads: they go beside it.
    """

    name: str
    version: str
    module: str
    package: str
    variable: str = ""
    carried: tuple[str, ...] = ()


GITEA = Server(
    "gitea",
    "1.24.6",
    module="code.gitea.io/gitea",
    package="code.gitea.io/gitea",
    variable="main.Version",
    carried=("options", "templates", "public"),
)
VERSITYGW = Server(
    "versitygw",
    "1.8.0",
    module="github.com/versity/versitygw",
    package="github.com/versity/versitygw/cmd/versitygw",
)
PEBBLE = Server(
    "pebble",
    "2.10.1",
    module="github.com/letsencrypt/pebble/v2",
    package="github.com/letsencrypt/pebble/v2/cmd/pebble",
    variable="main.version",
)
COMPOSE = Server(
    "compose",
    "2.40.3",
    module="github.com/docker/compose/v2",
    package="github.com/docker/compose/v2/cmd",
    variable="github.com/docker/compose/v2/internal.Version",
)
"""What the benchmark measures against: only `make bench` installs it."""

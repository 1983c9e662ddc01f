"""Which images are built: one per distinct build, named by content.

Of a secret that a build mounts, the name counts as content and the value does not. So an outsider's build,
which has substitutes for the values, gets an image and layers of its own (``BuiltImage.apart``): a step's key
in the builder's cache is the same whatever the value is, and a step with the real value may have fetched what
the outsider is not to see, as one with a substitute may have made what nobody else should run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from galley_iac.manifest.models import Build, Manifest, Service
from galley_iac.plan.identity import Identity, safe_name
from galley_iac.plan.model import BuiltImage, Generated
from galley_iac.plan.settings import Settings
from galley_iac.plan.variables import Variables

DEFAULT_DOCKERFILE = "Dockerfile"
_TAG_LENGTH = 16
_PROJECT_LENGTH = 60


@dataclass(frozen=True)
class Context:
    """What is known of a build context before the plan is made.

    ``path`` is relative to the repository's root; ``digest`` covers every file that .dockerignore leaves, the
    Dockerfile included; ``generated`` is set where the repository has none. ``command`` is the start
    command that was found then for the one service whose context this is; None where the manifest gives it.
    """

    path: str
    digest: str
    generated: Generated | None = None
    command: tuple[str, ...] | None = None


class Images:
    """Makes the built images of one manifest; the same build asked for twice is the same image."""

    def __init__(
        self,
        manifest: Manifest,
        contexts: Mapping[str, Context],
        identity: Identity,
        settings: Settings,
        variables: Variables,
    ) -> None:
        self._manifest = manifest
        self._contexts = contexts
        self._repository = repository_of(identity.project)
        self._settings = settings
        self._apart = f"{identity.digest()}.untrusted" if settings.untrusted else ""
        self._variables = variables
        self._made: dict[str, BuiltImage] = {}

    def built(self, service: str, build: Build) -> BuiltImage:
        """The image of a service's build; ``contexts`` has an entry per service with a build."""
        context = self._contexts[service]
        args = tuple(sorted((name, self._argument(service, name, build)) for name in build.args))
        names = self._secrets(service, build)
        apart = self._apart if names else ""
        tag = f"{self._repository}:{_content_hash(context, build, args, names, apart)}"
        if tag not in self._made:
            dockerfile = build.dockerfile or DEFAULT_DOCKERFILE
            self._made[tag] = BuiltImage(
                service, tag, context.path, dockerfile, build.target, args, context.generated, names, apart
            )
        return self._made[tag]

    def context(self, service: Service) -> Context | None:
        """The service's build context; None where nothing is built."""
        return self._contexts[service.name] if service.build else None

    def _secrets(self, service: str, build: Build) -> tuple[str, ...]:
        for index, name in enumerate(build.secrets):
            if name not in self._settings.secrets:
                path, remedy = f"services.{service}.build.secrets.{index}", f"`galley secret set {name}`"
                problem = self._manifest.problem(path, f"there is no secret {name}", f"set it with {remedy}")
                self._variables.problems.append(problem)
        return tuple(sorted(set(build.secrets)))

    def _argument(self, service: str, name: str, build: Build) -> str:
        path = f"services.{service}.build.args.{name}"
        return self._variables.plain(
            build.args[name], path, "a build argument stays readable in the image's history"
        )


def repository_of(project: str) -> str:
    """The part before the tag in the name of every image that is built for a project."""
    return f"galley-{safe_name(project, project, limit=_PROJECT_LENGTH)}"


def _content_hash(
    context: Context, build: Build, args: tuple[tuple[str, str], ...], secrets: tuple[str, ...], apart: str
) -> str:
    """Over all that the built image can depend on, except what its Dockerfile fetches."""
    generated = context.generated.dockerfile if context.generated else None
    source = [context.digest, build.dockerfile or DEFAULT_DOCKERFILE, build.target, args, generated]
    mounted = [secrets, apart] if secrets else []
    return hashlib.sha256(json.dumps([*source, *mounted]).encode()).hexdigest()[:_TAG_LENGTH]

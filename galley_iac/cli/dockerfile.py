"""The generated Dockerfile of one service, for the verbs that show and write it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from galley_iac.errors import UsageError
from galley_iac.manifest.models import Service
from galley_iac.manifest.names import did_you_mean
from galley_iac.plan.images import Context
from galley_iac.plan.model import Generated
from galley_iac.source.contexts import contexts_of
from galley_iac.source.find import Source, read


@dataclass(frozen=True)
class Found:
    """A service that is built without a Dockerfile. ``contexts`` are those of all services."""

    source: Source
    service: Service
    generated: Generated
    contexts: Mapping[str, Context]

    @property
    def folder(self) -> Path:
        """The build context."""
        return self.source.root / self.contexts[self.service.name].path

    @property
    def sharing(self) -> tuple[Service, ...]:
        """Every service of the same build, this one first."""
        services = self.source.manifest.services
        same = [name for name, context in self.contexts.items() if context.generated == self.generated]
        own = [name for name in same if self.contexts[name].path == self.contexts[self.service.name].path]
        return tuple(
            services[name] for name in sorted(own, key=lambda name: (name != self.service.name, name))
        )


def find(args: argparse.Namespace, name: str) -> Found:
    """The service ``name`` of the manifest that the options name.

    Raises UsageError where nothing is generated for it, InputError where it cannot be.
    """
    source = read(args.file, strict=args.strict, profiles=tuple(args.profile))
    service = source.manifest.services.get(name)
    if service is None:
        names = sorted(source.manifest.services)
        message = f"there is no service {name}{did_you_mean(name, names)}"
        raise UsageError(message, f"the services are {', '.join(names)}")
    if service.build is None:
        raise UsageError(f"{name} is not built: it has an `image`", "name a service with a `build`")
    contexts = contexts_of(source)
    context = contexts[name]
    if context.generated is None:
        dockerfile = Path(context.path, service.build.dockerfile or "Dockerfile")
        raise UsageError(f"{name} is built with the repository's own {dockerfile}", "look at it there")
    return Found(source, service, context.generated, contexts)

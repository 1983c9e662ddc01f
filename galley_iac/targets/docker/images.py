"""Images: built once by content, pulled once by name, and never taken away from another preview."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_docker as docker

from galley_iac.engine import labels
from galley_iac.home import build_log
from galley_iac.masking import Masker
from galley_iac.plan.model import BuiltImage, Image, PulledImage
from galley_iac.targets.docker import dockerfiles
from galley_iac.targets.docker.scope import Scope

Declared = Mapping[Image, docker.RemoteImage]


def declare(scope: Scope) -> Declared:
    """One resource per distinct image of the plan."""
    return {image: _declare(scope, image) for image in scope.plan.images}


def _declare(scope: Scope, image: Image) -> docker.RemoteImage:
    """``keep_locally``: another preview may use the same image, so only the garbage collection removes it.

    A built image's tag is part of the resource's name, so other content is another resource, and ``build``
    need only count when it is created: not at all when the engine has the tag, from whichever branch or
    machine it came. Where all is to be built anew, it counts again.
    """
    if isinstance(image, PulledImage):
        arguments = docker.RemoteImageArgs(name=image.reference, keep_locally=True)
        return docker.RemoteImage(image.reference, arguments, opts=scope.options())
    anew = scope.facts.anew
    build = _build(scope, image) if anew or image.tag not in scope.facts.built else None
    arguments = docker.RemoteImageArgs(name=image.tag, keep_locally=True, build=build)
    options = scope.options(ignore_changes=[] if anew else ["build"])
    return docker.RemoteImage(image.tag, arguments, opts=options)


def _build(scope: Scope, image: BuiltImage) -> docker.RemoteImageBuildArgs:
    """Labels are only those that follow from the content: a branch's would change the image.

    A host that no step asks for makes every step's key in the builder's cache another one.
    """
    return docker.RemoteImageBuildArgs(
        context=str((scope.root / image.context).resolve()),
        dockerfile=str(dockerfiles.write(image.tag, image.generated))
        if image.generated
        else image.dockerfile,
        target=image.target,
        build_args=dict(image.args) or None,
        label={labels.PROJECT: scope.plan.preview.identity.project},
        builder="default",
        secrets=_secrets(scope, image),
        extra_hosts=[f"{image.apart}.invalid:127.0.0.1"] if image.apart else None,
        build_log_file=_log(scope, image),
        no_cache=True if scope.facts.anew else None,
    )


def _secrets(scope: Scope, image: BuiltImage) -> list[docker.RemoteImageBuildSecretArgs] | None:
    """By a file in memory: what the provider is told goes into the state (docs/engine.md)."""
    if not image.secrets or scope.handover is None:
        return None
    values = {name: scope.handover.value(scope.secrets[name]) for name in image.secrets}
    return [docker.RemoteImageBuildSecretArgs(id=name, src=path) for name, path in values.items()]


def _log(scope: Scope, image: BuiltImage) -> str:
    """Masked where a step may show a secret: the builder does not do that."""
    path = build_log(image.tag)
    if not image.secrets or scope.handover is None:
        return str(path)
    return scope.handover.log(path, Masker(scope.secrets.values()))

"""What an update depends on and what it has made, as digests: while they are the same, there is nothing to
update.

It is kept as a stack tag when an update has gone through, and goes with the stack. Nothing relies on it for
its truth: without it, or when it differs in whatever way, Pulumi's engine compares as ever.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import docker

from galley_iac import __version__
from galley_iac.automation import backend, locks, passphrase, state
from galley_iac.automation.configuration import asked, config_file, project_stack
from galley_iac.automation.progress import resource_name
from galley_iac.engine import registries
from galley_iac.engine.images import identifiers
from galley_iac.engine.live import Live
from galley_iac.plan.model import Image
from galley_iac.request import Prepared

_PACKAGE = Path(__file__).parent.parent
_VARIABLES = ("GALLEY_PULUMI", "PULUMI_HOME")


@dataclass(frozen=True)
class Proof:
    """Three digests, keyed so that nothing can be guessed from them: of what the update was asked for with
    and its state, of the images that it uses, and of the objects that there are.
    """

    inputs: str
    images: str
    objects: str

    def __str__(self) -> str:
        return f"{self.inputs}.{self.images}.{self.objects}"

    @classmethod
    def parse(cls, text: str) -> Proof | None:
        """As it is written; None for anything else."""
        parts = text.split(".")
        return cls(*parts) if len(parts) == len(fields(cls)) else None


def can_be_proven(prepared: Prepared) -> bool:
    """Not in a shared backend, where others update too, and not on a cluster, which changes what it has."""
    return backend.local_state() is not None and prepared.settings.cluster is None


def proof(client: docker.DockerClient, prepared: Prepared, live: Live) -> Proof | None:
    """As things are now, ``live`` being what there is of the preview.

    None where nothing can be proven, or while the state is not whole, knows something else than there is, or
    is locked.
    """
    local, plan = backend.local_state(), prepared.plan
    if local is None or not can_be_proven(prepared) or not _is_at_rest(local, plan.name, live):
        return None
    key = passphrase.material()
    inputs = [_of_galley(), _of_request(prepared), _of_files(local, prepared)]
    images = identifiers(client, map(resource_name, plan.images))
    return Proof(_keyed(key, inputs), _keyed(key, images), _keyed(key, live.digest))


def is_complete(client: docker.DockerClient, images: Iterable[Image]) -> bool:
    """Whether the engine has all of them."""
    wanted = set(map(resource_name, images))
    return identifiers(client, wanted).keys() == wanted


def _keyed(key: bytes, value: object) -> str:
    return hmac.new(key, json.dumps(value, sort_keys=True).encode(), hashlib.sha256).hexdigest()


def _is_at_rest(local: Path, preview: str, live: Live) -> bool:
    """Whether the state knows exactly what there is, and no update is running or was cut off."""
    try:
        known = state.from_file(backend.state_file(local, preview))
    except ValueError:
        return False
    complete = bool(known.ids) and known.ids == live.ids and not known.pending
    return complete and not locks.owners(local, backend.PROJECT, preview)


def _of_galley() -> list[Any]:
    """This program, down to the last edit in a checkout, and the libraries that declare resources."""
    named = [os.environ.get(name) for name in _VARIABLES]
    return [__version__, sorted(_modules(_PACKAGE)), _libraries(), named]


def _modules(folder: Path) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _modules(Path(entry.path))
        elif entry.name.endswith(".py"):
            found = entry.stat()
            yield entry.path, found.st_size, found.st_mtime_ns


def _libraries() -> list[str]:
    """Name and version of what is installed beside the provider's library, without importing any."""
    found = importlib.util.find_spec("pulumi_docker")
    beside = Path(found.origin or "").parent.parent if found else Path()
    return sorted(path.name for path in beside.glob("pulumi*.dist-info"))


def _of_request(prepared: Prepared) -> Mapping[str, Any]:
    request, source = prepared.request, prepared.source
    logins = registries.access({}, os.environ, untrusted=request.untrusted)
    return {
        "plan": repr(prepared.plan),
        "asked": asked(request, source.path),
        "project": [dict(request.project_settings), dict(request.project_variables)],
        "secrets": sorted(request.secrets),
        "root": str(source.root),
        "logins": [sorted(logins.by_file), sorted(logins.by_variable)],
    }


def _of_files(local: Path, prepared: Prepared) -> list[str]:
    """The configuration, where secrets are encrypted with a random part, and the state."""
    name, project = prepared.plan.name, prepared.plan.preview.identity.project
    written = hashlib.sha256(backend.state_file(local, name).read_bytes()).hexdigest()
    return [config_file(project_stack(project)).digest(), config_file(name).digest(), str(local), written]

"""Which Docker engine is used: the one that is named or running, else one of our own."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac.errors import MachineError
from galley_iac.toolchain import dockerd, paths
from galley_iac.toolchain.ping import answers
from galley_iac.toolchain.pulumi import Means

USUAL_HOST = "unix:///var/run/docker.sock"


@dataclass(frozen=True)
class Engine:
    """``host`` is what DOCKER_HOST would hold; ``source`` says in words how it was found."""

    host: str
    source: str
    ours: bool = False


def find(environ: Mapping[str, str] = os.environ, ask: Callable[[str], bool] = answers) -> Engine | None:
    """The first engine that answers: DOCKER_HOST, the current docker context, the usual socket, our own.

    Raises MachineError if the engine that DOCKER_HOST names is silent: it is not replaced behind one's back.
    """
    named = environ.get("DOCKER_HOST")
    if named:
        if ask(named):
            return Engine(named, "named by DOCKER_HOST", named == _own_host(environ))
        raise MachineError(
            f"DOCKER_HOST names {named}, and no Docker engine answers there",
            "start that engine, or unset DOCKER_HOST to use another (`galley doctor` shows what is there)",
        )
    candidates = [*_context(environ), Engine(USUAL_HOST, "running on this machine")]
    own_engine = Engine(_own_host(environ), "started by `galley setup`", ours=True)
    return next((engine for engine in [*candidates, own_engine] if ask(engine.host)), None)


def ensure(means: Means) -> Engine:
    """An engine that answers; one of our own is started if none does. Raises MachineError."""
    return find(means.environ) or ensure_own(means)


def ensure_own(means: Means, *, apart: bool = False) -> Engine:
    """Our own engine, started if it does not answer; see :meth:`Daemon.start` for ``apart``."""
    daemon = dockerd.Daemon(means.layout)
    daemon.start(means.runner, means.console, apart=apart)
    return Engine(daemon.host, "started by `galley setup`", ours=True)


def ensure_for_tests(means: Means) -> Engine:
    """The engine that tests may use, started if it is our own. Raises MachineError."""
    named = means.environ.get("GALLEY_TEST_DOCKER_HOST")
    return for_tests(means.environ) if named else ensure_own(means, apart=True)


def for_tests(environ: Mapping[str, str] = os.environ, ask: Callable[[str], bool] = answers) -> Engine:
    """The engine that tests may use: the one that GALLEY_TEST_DOCKER_HOST names, else our own.

    Raises MachineError when it does not answer.
    """
    named = environ.get("GALLEY_TEST_DOCKER_HOST")
    engine = Engine(
        named or _own_host(environ), "named by GALLEY_TEST_DOCKER_HOST" if named else "our own", not named
    )
    if not ask(engine.host):
        raise MachineError(
            f"no Docker engine for tests answers at {engine.host}", "run `make test`, which starts one"
        )
    return engine


def _own_host(environ: Mapping[str, str]) -> str:
    return dockerd.Daemon(paths.layout(environ)).host


def _context(environ: Mapping[str, str]) -> list[Engine]:
    """The docker command's current context; none where it is the default one or cannot be read."""
    folder = Path(environ.get("DOCKER_CONFIG") or Path(environ.get("HOME") or Path.home()) / ".docker")
    name = environ.get("DOCKER_CONTEXT") or _read(folder / "config.json").get("currentContext")
    if not isinstance(name, str):
        return []
    meta = _read(folder / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json")
    host = meta.get("Endpoints", {}).get("docker", {}).get("Host")
    return [Engine(host, f"docker context {name}")] if isinstance(host, str) else []


def _read(path: Path) -> dict[str, Any]:
    """A JSON object; empty where there is none."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}

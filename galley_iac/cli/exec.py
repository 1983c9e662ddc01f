"""``galley exec``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import Any

from galley_iac.automation.kubernetes import places
from galley_iac.cli import target
from galley_iac.cluster import exec as cluster_exec
from galley_iac.cluster import live as cluster_live
from galley_iac.cluster import status as on_cluster
from galley_iac.cluster.client import Client
from galley_iac.engine.live import observe
from galley_iac.errors import MachineError, UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("exec", help="run a command in a service's container")
    target.add_options(parser)
    target.add_name(parser)
    parser.add_argument("service")
    parser.add_argument("command", nargs="+", help="after --: galley exec api -- python -V")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command's own exit code."""
    name = target.name(args)
    context = places.context_of(name)
    return _on_engine(name, args) if context is None else _on_cluster(Client(context), name, args)


def _on_engine(name: str, args: argparse.Namespace) -> int:
    """Becomes Docker's own client, which knows terminals, signals and exit codes."""
    program = shutil.which("docker")
    if program is None:
        raise MachineError(
            "the docker command is not installed", "install Docker's client; the engine is not enough"
        )
    host = target.engine_host()
    container = observe(target.client(host), name).container(args.service)
    if container is None or container.state != "running":
        raise _not_running(name, args.service, container.state if container else "not there")
    terminal = ["-t"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    command = [program, "-H", host, "exec", "-i", *terminal, container.id, *args.command]
    sys.stdout.flush()
    os.execv(program, command)


def _on_cluster(client: Client, name: str, args: argparse.Namespace) -> int:
    """In the service's own container of its newest pod."""
    live = cluster_live.observe(client, name)
    pod = live.pod(args.service)
    if pod is None or pod.main.state != "running":
        state = on_cluster.service_status(live, args.service).state
        raise _not_running(name, args.service, "not there" if state == "missing" else state)
    return cluster_exec.run(client, name, pod.name, args.service, args.command)


def _not_running(preview: str, service: str, state: str) -> UsageError:
    return UsageError(f"{service} of {preview} is {state}", "`galley status` shows what runs")

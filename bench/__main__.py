"""``python -m bench``: measures, prints the table, keeps every time as JSON."""

from __future__ import annotations

import argparse
import contextlib
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any

import docker

from bench import options, record, rounds
from bench.catalog import catalog
from bench.contenders.bare import Bare
from bench.contenders.base import Contender
from bench.contenders.compose import Compose
from bench.contenders.galley import Galley
from bench.figures import Sample
from bench.leftovers import Leftovers
from bench.running import CommandError
from bench.setup import compose
from bench.table import table
from galley_iac.errors import MachineError
from galley_iac.timing import stamp
from galley_iac.toolchain import engine, locate, paths

_ENGINE_SECONDS = 300


def main() -> int:
    """0 when all was measured, 1 when a contender failed, 3 when something is missing, 130 on Ctrl-C."""
    args = options.parse()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        found, tools = engine.for_tests(), locate.locate()
        if tools is None or not compose().is_file():
            raise MachineError("Pulumi or compose is not there", "run `make bench`, which sets them up")
    except MachineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    client = docker.DockerClient(base_url=found.host, timeout=_ENGINE_SECONDS)
    contenders: list[Contender] = [Galley(tools), Compose(compose()), Bare(tools)]
    chosen = [contender for contender in contenders if contender.name in args.contenders]
    return _measure(args, chosen, client, found.host)


def _measure(
    args: argparse.Namespace, contenders: list[Contender], client: docker.DockerClient, host: str
) -> int:
    """Whatever was measured before a failure or Ctrl-C is shown and kept."""
    about = _about(args, contenders, client)
    samples: list[Sample] = []
    code = 0
    try:
        # Closed here: what a turn has started is ended before anything else is done.
        with contextlib.closing(rounds.run(_course(args, contenders, host), Leftovers(client), _say)) as run:
            for sample in run:
                samples.append(sample)
                _say(f"  {sample.case}: {sample.seconds:.2f} s")
    except CommandError as error:
        code = 1
        _say(f"error: {error}")
    except KeyboardInterrupt:
        code = 130
        _say("interrupted: what was started has been ended")
    path = args.json or paths.layout().root / "bench" / f"{about['begun'].replace(':', '')}.json"
    record.save(path, record.document(samples, **about, ended=stamp(time.time())))
    shown = table(samples, [contender.name for contender in contenders]) or "nothing was measured"
    print(f"\n{shown}\n\nevery time: {path}")
    return code


def _course(args: argparse.Namespace, contenders: list[Contender], host: str) -> rounds.Course:
    known = catalog()
    return rounds.Course(
        applications=[known[name] for name in args.apps],
        contenders=contenders,
        cases=args.cases,
        rounds=args.rounds,
        seed=args.seed,
        token=f"bench{secrets.token_hex(3)}",
        docker_host=host,
        until=time.monotonic() + args.minutes * 60,
    )


def _about(
    args: argparse.Namespace, contenders: list[Contender], client: docker.DockerClient
) -> dict[str, Any]:
    asked = {name: value for name, value in vars(args).items() if not isinstance(value, Path)}
    versions = {contender.name: contender.version() for contender in contenders}
    versions["engine"] = client.version()["Version"]
    return {
        "begun": stamp(time.time()),
        "commit": record.commit(),
        "machine": record.machine(),
        "versions": versions,
        "asked": asked,
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

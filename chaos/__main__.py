"""``python -m chaos``: cuts commands off at random moments, prints where, keeps every outcome as JSON."""

from __future__ import annotations

import argparse
import itertools
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import docker

from bench import record
from bench.contenders.galley import Galley
from bench.running import CommandError
from chaos import cycle, report
from chaos.cycle import Lengths, Outcome
from chaos.ground import Ground, ground
from chaos.moments import Phase, Verb, faults
from galley_iac.errors import MachineError
from galley_iac.timing import stamp
from galley_iac.toolchain import engine, locate, paths

_ENGINE_SECONDS = 300


def main() -> int:
    """0 when every fault was made good and every phase was hit, 1 when not, 3 when something is missing on
    the machine, 130 on Ctrl-C. In every case nothing is left of the run.
    """
    args = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        found, tools = engine.for_tests(), locate.locate()
        if tools is None:
            raise MachineError("Pulumi is not there", "run `make chaos`, which sets it up")
    except MachineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    return _run(args, found.host, Galley(tools))


def _run(args: argparse.Namespace, docker_host: str, galley: Galley) -> int:
    """Whatever was seen before a failure or Ctrl-C is kept."""
    client = docker.DockerClient(base_url=docker_host, timeout=_ENGINE_SECONDS)
    begun = stamp(time.time())
    outcomes: list[Outcome] = []
    lengths: dict[Verb, Mapping[Phase, float]] = {}
    code = 1
    try:
        with ground(client, galley, docker_host, f"chaos{secrets.token_hex(3)}", args.seed) as where:
            _say("a neighbour comes up, and a rehearsal")
            where.prepare()
            lengths.update(cycle.rehearse(where))
            _strike(where, lengths, args, outcomes)
        code = _tell(outcomes)
    except CommandError as error:
        _say(f"error: {error}")
    except KeyboardInterrupt:
        code = 130
        _say("interrupted: what was started has been ended")
    path = args.json or paths.layout().root / "chaos" / f"{begun.replace(':', '')}.json"
    about = {"begun": begun, "ended": stamp(time.time()), "seed": args.seed, "commit": record.commit()}
    record.save(path, report.document(outcomes, lengths, **about, machine=record.machine()))
    print(f"every outcome: {path}")
    return code


def _strike(where: Ground, lengths: Lengths, args: argparse.Namespace, outcomes: list[Outcome]) -> None:
    until = time.monotonic() + args.minutes * 60
    for outcome in itertools.islice(cycle.run(where, faults(args.seed), lengths), args.faults):
        outcomes.append(outcome)
        came = f"arrived {outcome.struck}" if outcome.struck else "too late"
        _say(f"{len(outcomes):>4} {outcome.fault}: {came}: {'; '.join(outcome.wrong[:1]) or 'made good'}")
        if time.monotonic() > until:
            _say("the time is over: the rest is left out")
            return


def _tell(outcomes: list[Outcome]) -> int:
    failures = report.verdict(outcomes)
    print(f"\n{report.histogram(outcomes)}\n")
    print("\n".join(failures) or f"{len(outcomes)} faults, every one made good, every phase hit")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="cuts commands off at random moments")
    parser.add_argument("--faults", type=int, default=300, help="a third each of up, change, down (300)")
    parser.add_argument("--seed", type=int, default=1, help="decides which fault comes when (1)")
    parser.add_argument("--minutes", type=float, default=180, help="after these no new fault comes (180)")
    parser.add_argument("--json", type=Path, help="where every outcome is written")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

"""`galley setup` and `galley doctor`: what the command line calls."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from galley_iac.toolchain import doctor, setup
from galley_iac.toolchain.console import Console


def add_setup_options(parser: argparse.ArgumentParser) -> None:
    """The options of `galley setup`."""
    parser.add_argument("--kubernetes", action="store_true", help="also what previews on Kubernetes need")
    parser.add_argument(
        "--cluster", action="store_true", help="as --kubernetes, and a cluster of one node on this machine"
    )
    parser.add_argument("--no-images", action="store_true", help="leave the base images to the first preview")
    parser.add_argument(
        "--for-tests",
        action="store_true",
        help="with a Docker engine of its own, as the project's tests need it",
    )
    ending = parser.add_mutually_exclusive_group()
    ending.add_argument("--stop", action="store_true", help="end the Docker engine that a set-up has started")
    ending.add_argument("--stop-cluster", action="store_true", help="end the cluster and remove all of it")
    ending.add_argument("--remove", action="store_true", help="end it and remove all that set-ups have made")


def add_doctor_options(parser: argparse.ArgumentParser) -> None:
    """The options of `galley doctor`."""
    parser.add_argument("--json", action="store_true", help="for other programs")


def setup_command(options: argparse.Namespace) -> int:
    """Sets up what is missing; 0, or MachineError."""
    console = Console()
    if options.stop_cluster:
        return _end_cluster(console)
    if options.stop or options.remove:
        return _end(console, remove=options.remove)
    choice = setup.Choice(
        for_tests=options.for_tests,
        kubernetes=options.kubernetes or options.cluster,
        cluster=options.cluster,
        images=not options.no_images,
    )
    setup.set_up(choice, console)
    console.note("everything is there: try `galley up` in a folder with a galley.yaml")
    return 0


def _end_cluster(console: Console) -> int:
    ended = setup.stop_cluster()
    console.note("the cluster has ended, and nothing of it is left" if ended else "no cluster was running")
    return 0


def _end(console: Console, remove: bool) -> int:
    if remove:
        setup.remove()
        console.note("the engine has ended; programs, plugins, images and volumes are removed")
    else:
        ended = setup.stop()
        console.note("the engine has ended, its data stays" if ended else "no engine of ours was running")
    return 0


def doctor_command(options: argparse.Namespace, more: Sequence[doctor.Finding] = ()) -> int:
    """Prints the findings, and ``more`` of elsewhere; 0 when everything that is needed is there, else 3."""
    findings = [*doctor.examine(), *more]
    if options.json:
        json.dump({"findings": [asdict(finding) for finding in findings]}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(doctor.render(findings))
    return 0 if doctor.healthy(findings) else 3

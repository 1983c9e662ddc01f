"""``galley open``."""

from __future__ import annotations

import argparse
import webbrowser
from typing import Any

from galley_iac.cli import output, target
from galley_iac.cli.status import current
from galley_iac.errors import UsageError


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser("open", help="open the preview in a browser")
    target.add_options(parser)
    target.add_name(parser)
    parser.add_argument("service", nargs="?", help="which web or api (default: the first)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Opens the URL; prints it, which is all that can be done where there is no browser."""
    name = target.name(args)
    urls = {service.service: service.url for service in current(name).services if service.url}
    if not urls:
        raise UsageError(f"{name} has no public route, or is not up", "`galley status` shows its services")
    if args.service and args.service not in urls:
        raise UsageError(f"{args.service} has no public route", f"there is {', '.join(sorted(urls))}")
    url = (
        urls[args.service]
        if args.service
        else urls[min(urls, key=lambda service: (len(urls[service]), service))]
    )
    if args.json:
        output.data({"url": url})
    else:
        print(url)
        webbrowser.open(url)
    return 0

"""``galley dashboard``."""

from __future__ import annotations

import argparse
from typing import Any

from galley_iac.cli import output, target
from galley_iac.dashboard import settings


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    summary = "every preview, its services' state and logs, in a browser"
    parser: argparse.ArgumentParser = verbs.add_parser("dashboard", help=summary, description=summary)
    parser.add_argument(
        "--port", type=int, default=settings.DEFAULT_PORT, help="default: %(default)s; 0: any"
    )
    parser.add_argument("--host", default=settings.LOOPBACK, help="where to listen (default: %(default)s)")
    parser.add_argument(
        "--hostname", action="append", default=[], help="a further name that it answers to, as behind a proxy"
    )
    parser.add_argument(
        "--identity-header", default="", metavar="HEADER", help="where a reverse proxy says who asks"
    )
    counts = "whose word for that counts: loopback's"
    parser.add_argument("--proxy", action="append", default=[], metavar="NETWORK", help=counts)
    parser.add_argument(
        "--public", action="store_true", help="reading needs no login, also beyond loopback; acting does"
    )
    parser.add_argument(
        "--thumbnails", action="store_true", help="take a picture of each web, by a browser that is installed"
    )
    parser.add_argument(
        "--shell", action="store_true", help="whoever may act may open a shell in a service's container"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until it is interrupted."""
    from galley_iac.dashboard.server import serve

    proxies = tuple(settings.network(text) for text in args.proxy) or settings.LOOPBACKS
    serve(
        settings.Settings(
            args.host,
            args.port,
            tuple(args.hostname),
            args.identity_header,
            proxies,
            public=args.public,
            shell=args.shell,
            thumbnails=args.thumbnails,
        ),
        target.engine_host(),
        output.say,
    )
    return 0

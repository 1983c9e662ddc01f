"""``galley edge``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from galley_iac.cli import output, target
from galley_iac.edge import names
from galley_iac.edge.model import Issuer


def add_parser(verbs: Any) -> None:
    """Adds the verb with its actions."""
    parser = verbs.add_parser("edge", help="one router with certificates in front of all previews of a host")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    up, down, status = (actions.add_parser(name) for name in ("up", "down", "status"))
    for action, run in ((up, _up), (down, _down), (status, _status)):
        action.add_argument("--name", default=names.DEFAULT, help="which edge (default: %(default)s)")
        action.add_argument("--json", action="store_true", help="data on stdout, for scripts")
        action.set_defaults(run=run)
    _add_options(up)


def _add_options(up: argparse.ArgumentParser) -> None:
    """What is not given stays as it was."""
    up.add_argument(
        "--domain", action="append", dest="domains", help="where previews answer; may be repeated"
    )
    up.add_argument("--tls", dest="issuer", choices=list(Issuer), metavar="BY", help=_ISSUERS)
    up.add_argument("--certificate", type=_path, metavar="FILE", help="own: the certificate with its chain")
    up.add_argument("--key", type=_path, metavar="FILE", help="own: its private key")
    up.add_argument("--acme-directory", dest="directory", metavar="URL", help="acme: the authority")
    up.add_argument("--acme-email", dest="email", metavar="ADDRESS", help="acme: whom it may write to")
    up.add_argument("--acme-root", dest="acmeRoot", type=_path, metavar="FILE", help="acme: a private root")
    up.add_argument("--bind", metavar="ADDRESS", help="where to listen (default: 0.0.0.0)")
    up.add_argument("--http-port", type=int, dest="httpPort", metavar="PORT", help="default: 80")
    up.add_argument("--https-port", type=int, dest="httpsPort", metavar="PORT", help="default: 443")
    up.add_argument("--image", help="an image with Caddy 2 (default: caddy:2-alpine)")


_ISSUERS = "who makes certificates: internal (default), own or acme"


def _up(args: argparse.Namespace) -> int:
    from galley_iac.automation.edge import run, wanted

    given = {key: getattr(args, key) for key in wanted.KEYS}
    options = wanted.with_earlier(args.name, given)
    asked = wanted.wanted(args.name, options)
    host = target.engine_host()
    wanted.remember(args.name, given)
    root = run.up(target.client(host), asked, host)
    edge = asked.edge
    if args.json:
        output.data({"name": edge.name, "domains": edge.domains, "root_certificate": str(root or "")})
        return 0
    output.say(f"edge {edge.name} serves {', '.join(edge.domains)} on {edge.bind}:{edge.https_port}")
    if root:
        output.say(f"its authority's certificate, for clients to trust: {root}")
    for setting in _settings(edge.name, edge.domains[0], edge.https_port):
        output.say(f"    galley config set {setting}")
    return 0


def _settings(name: str, domain: str, port: int) -> list[str]:
    """What puts a project's previews behind the edge."""
    found = [f"domain {domain}", f"edge {name}"]
    return found if port == 443 else [*found, f"edgePort {port}"]


def _down(args: argparse.Namespace) -> int:
    from galley_iac.automation.edge import run

    removed = run.down(target.client(), args.name)
    if args.json:
        output.data({"name": args.name, "state": "absent", "removed": removed})
    else:
        words = "removed, with its certificates" if removed else "there was nothing to remove"
        output.say(f"edge {args.name}: {words}")
    return 0


def _status(args: argparse.Namespace) -> int:
    from galley_iac.engine import edges

    found = edges.status(target.client(), args.name)
    if args.json:
        output.data(found.as_data())
    else:
        print(found)
    return 0 if found.is_well else 1


def _path(text: str) -> str:
    """Absolute, since it is read again by a later update, from another folder."""
    return str(Path(text).absolute())

"""Entry of the command: picks the verb's module, runs it, and turns its errors into text and exit codes."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from galley_iac import __version__
from galley_iac.cli import output
from galley_iac.errors import GalleyError

VERBS = {
    "up": "bring the preview of a branch up, or up to date",
    "down": "remove a preview and prove that nothing of it is left",
    "reset": "throw the data of one service away and fill it anew",
    "sleep": "stop a preview and keep its data",
    "wake": "start a sleeping preview again",
    "pin": "keep a preview until it is unpinned",
    "unpin": "let a pinned preview's time count again",
    "extend": "let a preview stay longer",
    "ci": "do what a forge's event asks for: bring a preview up, remove it, answer a comment",
    "gc": "remove previews whose time is over or whose branch is gone, and what was left behind",
    "plan": "what would be declared, without looking at any engine",
    "eject": "write the generated Dockerfile of a service into the repository",
    "preview": "what an update would change, as Pulumi sees it",
    "ls": "all previews",
    "status": "one preview's services",
    "logs": "what the services write",
    "dashboard": "every preview, its services' state and logs, in a browser",
    "open": "open the preview in a browser",
    "validate": "check the manifest",
    "init": "write the galley.yaml that a compose file amounts to",
    "schema": "print the JSON Schema of galley.yaml",
    "doctor": "what is on this machine and what is missing",
    "setup": "install what is missing",
    "env": "what plain `pulumi` needs to see the same stacks",
    "secret": "set, list and remove secrets of the project or of one preview",
    "registry": "logins to private registries, for the whole project",
    "edge": "one router with certificates in front of all previews of a host",
    "access": "users and the token that open the project's previews",
    "config": "settings of the project or of one preview: limits, domain, subnets",
    "var": "set, list and remove plain variables",
    "exec": "run a command in a service's container",
    "port-forward": "reach a service's port from this machine",
}
_INTERRUPTED = 130
_AFTER_INTERRUPTION = {
    "up": "; `galley up` goes on from here, `galley down` removes what there is",
    "down": "; `galley down` goes on from here",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code (docs/cli.md)."""
    signal.signal(signal.SIGTERM, _end)
    words = list(sys.argv[1:] if arguments is None else arguments)
    args = _parser(words).parse_args(words)
    try:
        code: int = args.run(args)
        sys.stdout.flush()  # a reader that went away is noticed here, not when the interpreter ends
    except GalleyError as error:
        return output.error(error, as_json=getattr(args, "json", False))
    except KeyboardInterrupt:
        output.say("interrupted" + _AFTER_INTERRUPTION.get(getattr(args, "verb", ""), ""))
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _end(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does, so that what it started is ended too."""
    raise KeyboardInterrupt


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Only the verb that was asked for is imported: Pulumi's libraries cost half a second."""
    parser = argparse.ArgumentParser(
        prog="galley", description="A preview environment per branch, from galley.yaml."
    )
    parser.add_argument("--version", action="version", version=f"galley {__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", dest="verb", required=True)
    asked = next((word for word in words if not word.startswith("-")), "")
    for verb, summary in VERBS.items():
        if verb == asked:
            importlib.import_module(f"galley_iac.cli.{verb.replace('-', '_')}").add_parser(verbs)
        else:
            verbs.add_parser(verb, help=summary)
    return parser


if __name__ == "__main__":
    sys.exit(main())

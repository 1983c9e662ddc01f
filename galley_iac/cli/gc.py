"""``galley gc``."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley_iac import duration
from galley_iac.cli import output, target
from galley_iac.errors import UsageError
from galley_iac.life.garbage import Repository
from galley_iac.source.repository import branches_of, origin_of, root_of

if TYPE_CHECKING:
    from galley_iac.automation.gc import Collected
    from galley_iac.automation.survey import Garbage, Survey

_NONE = "none"


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        "gc", help="remove previews whose time is over or whose branch is gone, and what was left behind"
    )
    add = parser.add_argument
    add("-f", "--file", type=Path, default=Path(), help="the repository (default: .)")
    add("--project", default="", help="only this project's (default: all previews)")
    add("--branches", metavar="A,B", help="the repository's branches: previews of any other go")
    add("--branches-from", metavar="REMOTE", nargs="?", const="origin", help="ask git (default: origin)")
    add("--open-prs", metavar="1,2", help="the open pull requests, or `none`: previews of any other go")
    add("--images", action="store_true", help="also images that no container uses")
    add("--keep", metavar="DURATION", default="24h", help="how long such an image stays (default: 24h)")
    add("--dry-run", action="store_true", help="only say what would go; in a terminal without --yes as well")
    add("--yes", action="store_true", help="remove it")
    add("--json", action="store_true", help="data on stdout, for scripts")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Says what may go and why, and removes it; 1 when something could not be removed."""
    from galley_iac.automation.gc import Outcome, collect
    from galley_iac.automation.survey import Scope, survey
    from galley_iac.automation.workspace import Workspace

    scope = Scope(_repository(args), args.project, _keep(args) if args.images else None)
    workspace, client = Workspace(), target.client()
    found = survey(client, scope, time.time())
    if _is_dry(args):
        return _foretell(args, found)
    done = collect(workspace, client, found.garbage, scope, lambda one: _tell(args, one))
    _finish(args, found, done)
    return 1 if any(one.outcome is Outcome.FAILED for one in done) else 0


def _is_dry(args: argparse.Namespace) -> bool:
    """A person at a terminal sees first what would go; a script has said what it wants by running it."""
    return bool(args.dry_run) or (sys.stdin.isatty() and not args.yes)


def _repository(args: argparse.Namespace) -> Repository | None:
    """What was said of the repository here; None when nothing was."""
    if args.branches is None and args.branches_from is None and args.open_prs is None:
        return None
    root = root_of(args.file if args.file.is_dir() else args.file.parent)
    origin = origin_of(root)
    return Repository(
        project=args.project or origin.repository or root.name,
        forge=origin.forge,
        owner=origin.owner,
        name=origin.repository,
        branches=_branches(args, root),
        pull_requests=_pull_requests(args.open_prs),
    )


def _branches(args: argparse.Namespace, root: Path) -> frozenset[str] | None:
    """An empty list is more likely a question that was not answered than a repository without branches."""
    if args.branches is not None and args.branches_from is not None:
        raise UsageError("--branches and --branches-from are two answers to one question", "give one of them")
    if args.branches is not None:
        given = frozenset(part.strip() for part in args.branches.split(",") if part.strip())
        if not given:
            raise UsageError("--branches names no branch", "name those that there are: --branches main,dev")
        return given
    if args.branches_from is None:
        return None
    found = branches_of(root, args.branches_from)
    if found is None:
        raise UsageError(
            f"git ls-remote {args.branches_from} lists no branches",
            "check the remote; nothing is removed on the word of one that does not answer",
        )
    return found


def _pull_requests(text: str | None) -> frozenset[int] | None:
    if text is None:
        return None
    if text.strip() == _NONE:
        return frozenset()
    numbers = [part.strip() for part in text.split(",") if part.strip()]
    if not numbers or not all(number.isascii() and number.isdigit() for number in numbers):
        raise UsageError(
            f"--open-prs: {text!r} is no list of numbers", "write 1,2,3, or none when all are closed"
        )
    return frozenset(map(int, numbers))


def _keep(args: argparse.Namespace) -> float:
    keep = duration.parse(args.keep)
    if keep is None:
        raise UsageError(f"--keep: {args.keep!r} is no duration", "write it with a unit: 24h, 3d")
    return keep


def _foretell(args: argparse.Namespace, found: Survey) -> int:
    if args.json:
        data = [_as_data(one, "found") for one in found.garbage]
        output.data({"dry_run": True, "garbage": data, "left": list(found.left)})
        return 0
    for one in found.garbage:
        print(f"{_what(one)}: {one.reason.words}; {one.amount}")
    _say_left(found)
    if not found.garbage:
        output.say("there is nothing to remove")
    elif args.dry_run:
        output.say(f"nothing was removed (--dry-run); {len(found.garbage)} would be")
    else:
        output.say(f"nothing was removed; `galley gc --yes` removes these {len(found.garbage)}")
    return 0


def _tell(args: argparse.Namespace, one: Collected) -> None:
    if not args.json:
        why = f": {one.why}" if one.why else f": {one.garbage.reason.words}; {one.garbage.amount}"
        print(f"{_what(one.garbage)}: {one.outcome}{why}", flush=True)


def _finish(args: argparse.Namespace, found: Survey, done: Sequence[Collected]) -> None:
    if args.json:
        data = [_as_data(one.garbage, one.outcome, one.why) for one in done]
        output.data({"dry_run": False, "garbage": data, "left": list(found.left)})
        return
    _say_left(found)
    counts = Counter(one.outcome for one in done)
    words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    output.say(words or "there was nothing to remove")


def _say_left(found: Survey) -> None:
    for line in found.left:
        output.say(f"left alone: {line}")


def _what(one: Garbage) -> str:
    return one.name if one.sort == "preview" else f"{one.sort} {one.name}"


def _as_data(one: Garbage, outcome: str, why: str = "") -> dict[str, object]:
    data: dict[str, object] = {
        "sort": one.sort,
        "name": one.name,
        "cause": one.reason.cause,
        "reason": one.reason.words,
        **vars(one.amount),
        "outcome": outcome,
    }
    return {**data, "why": why} if why else data

"""A fake of a forge: a few paths of GitHub's REST API, on loopback, with a state that tests change and read.

It is no substitute for a real forge, which has tests of its own; it is here for what a real one does not do
on demand: to fail, to be late, to send a page at a time, and to have been changed between two questions.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = tuple[int, Any, dict[str, str]]
TOKEN = "token-of-the-fake-forge"


@dataclass
class Asked:
    """One request: ``path`` is unquoted, ``raw`` is not."""

    method: str
    path: str
    raw: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class Server:
    """Answers with whatever ``answer`` says, and keeps what it was asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Answer] = lambda _asked: (404, {"message": "Not Found"}, {})

    def of(self, method: str) -> list[Asked]:
        """The requests of one method."""
        return [asked for asked in self.asked if asked.method == method]


@contextlib.contextmanager
def serve(answer: Callable[[Asked], Answer]) -> Iterator[Server]:
    """A server for as long as the context lasts."""
    server = Server(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            split = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[-1] for name, values in parse_qs(split.query).items()}
            body = json.loads(text) if text else None
            asked = Asked(self.command, unquote(split.path), split.path, query, body, dict(self.headers))
            server.asked.append(asked)
            status, found, headers = server.answer(asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            data = found if isinstance(found, bytes) else b"" if found is None else json.dumps(found).encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


@dataclass
class FakeForge:
    """GitHub, as far as one repository with one pull request goes."""

    repository: str
    number: int = 12
    state: str = "open"
    merged: bool = False
    head: str = ""
    branch: str = "feature"
    author: str = "ann"
    fork: bool = False
    draft: bool = False
    labels: list[str] = field(default_factory=list)
    writers: set[str] = field(default_factory=lambda: {"max"})
    files: list[str] = field(default_factory=lambda: ["server.py"])
    comments: dict[int, tuple[str, str]] = field(default_factory=dict)
    statuses: list[tuple[str, str, str]] = field(default_factory=list)
    """Commit, state and description, in the order in which they came."""
    bodies: list[str] = field(default_factory=list)
    """Every text that our comment has had."""
    before: Callable[[Asked], None] = lambda _asked: None
    """Called with each request before it is answered: the place to change something in between."""
    refuses: tuple[str, ...] = ()
    """Ends of paths that are answered with 403."""

    def comment(self, author: str, body: str) -> None:
        """Somebody writes a comment."""
        self.comments[max(self.comments, default=0) + 1] = (author, body)

    def mine(self) -> list[str]:
        """The comments of ours."""
        return [body for author, body in self.comments.values() if author == "robot"]

    def answer(self, asked: Asked) -> Answer:
        """One request."""
        self.before(asked)
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"message": "Bad credentials"}, {}
        if asked.path.endswith(self.refuses or ("\0",)):
            return 403, {"message": "Resource not accessible by integration"}, {}
        for pattern, handler in self._routes().items():
            if found := re.fullmatch(pattern, f"{asked.method} {asked.path}"):
                return handler(asked, *found.groups())
        return 404, {"message": "Not Found"}, {}

    def pull(self) -> dict[str, Any]:
        """The pull request, in the shape of the API and of the events."""
        owner = "mallory" if self.fork else self.repository.partition("/")[0]
        name = f"{owner}/{self.repository.partition('/')[2]}"
        return {
            "number": self.number,
            "state": self.state,
            "merged": self.merged,
            "draft": self.draft,
            "head": {"sha": self.head, "ref": self.branch, "repo": {"full_name": name}},
            "user": {"login": self.author},
            "labels": [{"name": label} for label in self.labels],
        }

    def event(self, action: str) -> dict[str, Any]:
        """The payload of ``pull_request``."""
        return {
            "action": action,
            "number": self.number,
            "pull_request": self.pull(),
            "repository": {"full_name": self.repository},
            "sender": {"login": self.author},
        }

    def comment_event(self, author: str, body: str) -> dict[str, Any]:
        """Somebody writes a comment; the payload of ``issue_comment``."""
        self.comment(author, body)
        return {
            "action": "created",
            "issue": {"number": self.number, "pull_request": {"url": "x"}},
            "comment": {"body": body, "user": {"login": author}},
            "repository": {"full_name": self.repository},
        }

    def _routes(self) -> dict[str, Callable[..., Answer]]:
        at = rf"/repos/{re.escape(self.repository)}"
        return {
            "GET /user": lambda _asked: (200, {"login": "robot"}, {}),
            f"GET {at}": lambda _asked: (200, {"full_name": self.repository}, {}),
            rf"GET {at}/pulls/{self.number}": lambda _asked: (200, self.pull(), {}),
            rf"GET {at}/pulls/{self.number}/files": self._files,
            rf"GET {at}/branches/(.+)": self._branch,
            rf"GET {at}/collaborators/([^/]+)/permission": self._permission,
            rf"GET {at}/issues/{self.number}/comments": self._list,
            rf"POST {at}/issues/{self.number}/comments": self._add,
            rf"PATCH {at}/issues/comments/(\d+)": self._edit,
            rf"DELETE {at}/issues/comments/(\d+)": self._remove,
            rf"POST {at}/statuses/([0-9a-f]+)": self._status,
        }

    def _files(self, _asked: Asked) -> Answer:
        return 200, [{"filename": name} for name in self.files], {}

    def _branch(self, _asked: Asked, name: str) -> Answer:
        if name != self.branch or not self.head:
            return 404, {"message": "Branch not found"}, {}
        return 200, {"name": name, "commit": {"sha": self.head}}, {}

    def _permission(self, _asked: Asked, user: str) -> Answer:
        return 200, {"permission": "write" if user in self.writers else "read"}, {}

    def _list(self, _asked: Asked) -> Answer:
        found = [self._shown(number) for number in sorted(self.comments)]
        return 200, found, {}

    def _shown(self, number: int) -> dict[str, Any]:
        author, body = self.comments[number]
        return {"id": number, "user": {"login": author}, "body": body}

    def _add(self, asked: Asked) -> Answer:
        self.comment("robot", asked.body["body"])
        self.bodies.append(asked.body["body"])
        return 201, self._shown(max(self.comments)), {}

    def _edit(self, asked: Asked, number: str) -> Answer:
        self.comments[int(number)] = (self.comments[int(number)][0], asked.body["body"])
        self.bodies.append(asked.body["body"])
        return 200, self._shown(int(number)), {}

    def _remove(self, _asked: Asked, number: str) -> Answer:
        del self.comments[int(number)]
        return 204, None, {}

    def _status(self, asked: Asked, commit: str) -> Answer:
        self.statuses.append((commit, asked.body["state"], asked.body["description"]))
        return 201, {}, {}

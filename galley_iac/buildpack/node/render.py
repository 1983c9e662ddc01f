"""The Dockerfile of a Node project."""

from __future__ import annotations

from galley_iac.buildpack import caddy, dockerfile, procfile
from galley_iac.buildpack.application import Application, Ask, Refusal, Role, Start
from galley_iac.buildpack.dockerfile import CACHED, WHOLE
from galley_iac.buildpack.files import Files
from galley_iac.buildpack.node import frontend, manager, package, start
from galley_iac.buildpack.node.manager import Manager

_USER = "node"
_INSTALLED = {
    "PATH": "/app/node_modules/.bin:$PATH",
    "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",
}
"""The system's certificate authorities too: Node knows only its own, and a proxy may have another."""

_RUNTIME = {"NODE_ENV": "production", "HOST": "0.0.0.0", "HOSTNAME": "0.0.0.0"}
"""HOST and HOSTNAME are what servers of several frameworks bind to; Docker sets HOSTNAME to the container's
name.
"""


def application(files: Files, ask: Ask) -> Application:
    """The project as an image: a server, or a front end's files behind Caddy. Raises UnbuildableError."""
    found = package.read(files)
    chosen = manager.choose(files, found)
    front_end = frontend.find(files, found)
    starts = (*procfile.starts(files), *start.starts(files, found, chosen, front_end))
    command = ask.command or (f"{chosen.name} run build" if found.build else "")
    stage = f"FROM node:{package.node_version(files, found)}-alpine"
    if front_end and all(one.doubt for one in starts):
        site = frontend.checked(front_end, found, ask.command)
        if not ask.started:
            lines = _build(f"{stage} AS build", chosen, command, ask)
            text = dockerfile.render(lines + caddy.served(f"/app/{site.folder}", "build", site.single_page))
            return Application("Node", text, caddy.STARTS, start.LOOKED_FOR, start.EXAMPLE)
        starts = (_not_served(site),)
    text = dockerfile.render([*_build(stage, chosen, command, ask), *_serve(starts)])
    return Application("Node", text, starts, start.LOOKED_FOR, start.EXAMPLE)


def _not_served(site: frontend.FrontEnd) -> Start:
    """All services of a build share one image: when one of them runs a program, it is Node's, not Caddy's."""
    rule = f"another service of this build has a start command, so the files of {site.tool} are not served"
    remedy = "write `build.start` here too, or another `build.command`, which makes it a build of its own"
    return Start(Role.WEB, (), f"the files of {site.tool}", Refusal("start", rule, remedy))


def _build(stage: str, chosen: Manager, command: str, ask: Ask) -> list[list[str]]:
    """The stage with everything installed and built; as the user that runs it later."""
    prepare = [f"RUN {chosen.setup}"] if chosen.setup else []
    source = dockerfile.source(_USER)
    folder = f"RUN mkdir -p /app && chown {_USER}:{_USER} /app"
    install = f"RUN {chosen.install}"
    return [
        [dockerfile.header(f"Node with {chosen.name}")],
        [stage, *prepare, folder, f"USER {_USER}", "WORKDIR /app"],
        [dockerfile.env(_INSTALLED)],
        [CACHED, *dockerfile.copies(chosen.files, _USER), install] if chosen.files else [],
        dockerfile.arguments(ask.arguments),
        [source] if chosen.files else [WHOLE, source, install],
        [dockerfile.run(command)] if command else [],
    ]


def _serve(starts: tuple[Start, ...]) -> list[list[str]]:
    return [[dockerfile.env(_RUNTIME)], dockerfile.cmd(starts)]

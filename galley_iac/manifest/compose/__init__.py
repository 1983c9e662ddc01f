"""Text of a compose file → the same Manifest that a galley.yaml gives, and a notice for all that it cannot
say.

In order: files (``include``, ``extends``) and long forms, profiles, each service, what is between services.
docs/compose.md says what becomes of every key.
"""

from __future__ import annotations

from collections.abc import Collection

from galley_iac.errors import Problem
from galley_iac.manifest import graph, tree
from galley_iac.manifest.compose import depends, document, environment, images, service, volumes
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.files import Files, Read
from galley_iac.manifest.compose.service import Project
from galley_iac.manifest.models import Build, Manifest, Service
from galley_iac.manifest.nodes import Mark, PathKey
from galley_iac.manifest.parsing import Parsed
from galley_iac.manifest.rules import MOST_SERVICES
from galley_iac.manifest.template import Template

_OVERRIDES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml")
_STANDARD = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


def parse_compose(text: str, file: str, read: Read, profiles: Collection[str] = ()) -> Parsed:
    """Read a compose file.

    ``file`` is its name as errors show it. ``read`` gives the text of another file, by its path relative to
    the compose file's folder, or None; it decides which files may be read. ``profiles`` are those asked for.
    Raises InputError with every problem; the notices say what is not carried over and what happens instead.
    """
    report = Report(file)
    root = tree.parse(text, file, report.problems)
    top = Field((), root, Mark(1, 1))
    everything = document.services(root, read, report)
    volumes.check_top(top.get("volumes"), report)
    services = [found for found in everything if _is_active(found, profiles, report)]
    _check_number(top.get("services") or top, services, report)
    project = _project(everything, services, Files(report, read))
    result = {found.name: service.read(found, project) for found in services}
    _check_together(result, report)
    report.stop_if_wrong()
    _note_override(top, file, read, report)
    environment.note_dotenv(top, result.values(), read, report)
    manifest = Manifest(file=file, services=result, places=report.places, spelled=report.spelled)
    return Parsed(manifest, tuple(sorted(set(report.notices))))


def _is_active(found: Field, profiles: Collection[str], report: Report) -> bool:
    wanted = [report.text(item) for item in report.items(found.get("profiles"))]
    return not wanted or "*" in profiles or any(profile in profiles for profile in wanted)


def _project(everything: list[Field], services: list[Field], files: Files) -> Project:
    return Project(
        files=files,
        waits=depends.collect(services, files.report),
        all_names={found.name for found in everything},
        active={found.name for found in services},
        built=_built(services),
    )


def _built(services: list[Field]) -> dict[Template, Build]:
    """Builds by the name of the image that they make. Read on the side: each is reported where it stands."""
    aside = Report("")
    result: dict[Template, Build] = {}
    for found in services:
        image, build = images.image(found, aside), images.build(found, aside)
        if image is not None and build is not None:
            result.setdefault(image, build)
    return result


def _check_number(at: Field, services: list[Field], report: Report) -> None:
    if not services and not report.problems:
        report.wrong(at, "every service is in a profile that is not on", "ask for one with `--profile`")
    if len(services) > MOST_SERVICES:
        rule = f"there are more than {MOST_SERVICES} services"
        report.wrong(at, rule, "put some into profiles: a preview has a small network of its own")
        report.stop_if_wrong()


def _check_together(services: dict[str, Service], report: Report) -> None:
    described = Manifest(file=report.file, services={}, places=report.places, spelled=report.spelled)

    def problem(path: PathKey, rule: str, remedy: str) -> Problem:
        return described.problem(".".join(map(str, path)), rule, remedy)

    depends_on = {name: found.depends_on for name, found in services.items()}
    report.problems.extend(graph.check(depends_on, list(services), problem))


def _note_override(top: Field, file: str, read: Read, report: Report) -> None:
    """The override file, which Compose reads without being told; it is for the developer's machine."""
    if file.rpartition("/")[2] in _STANDARD:
        for name in _OVERRIDES:
            if read(name) is not None:
                report.note(
                    top, f"{name} is not read", "put what a preview needs into the compose file itself"
                )

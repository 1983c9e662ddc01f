"""What ``${...}`` may name at deploy time, and the resolution of a whole manifest's references.

The machine's own environment is not read: the same manifest and settings give the same plan everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from galley_iac.errors import Problem
from galley_iac.manifest import names
from galley_iac.manifest.models import Manifest
from galley_iac.manifest.template import Template, Unresolved, resolve
from galley_iac.plan.model import Route
from galley_iac.plan.preview import Preview
from galley_iac.plan.settings import Settings
from galley_iac.plan.values import Part, Secret, Value

OWN_PREFIX = "GALLEY_"
HOST_PREFIX = "GALLEY_PREVIEW_HOST_"
URL_PREFIX = "GALLEY_PREVIEW_URL_"

Found = str | Value | Secret
"""What a variable may stand for."""

_ONE_OF_THE_TWO = {"GALLEY_PR": "branch", "GALLEY_BRANCH": "pull request"}
"""Names that only the other sort of preview has."""


class Variables:
    """Resolves templates of one manifest and collects what could not be resolved as problems."""

    def __init__(
        self, manifest: Manifest, preview: Preview, routes: Sequence[Route], settings: Settings
    ) -> None:
        self._manifest = manifest
        self._settings = settings
        self._known = _known(preview, routes)
        self.problems: list[Problem] = []

    def value(self, template: Template, path: str) -> Value:
        """The value of the template that stands at ``path``; an unresolved reference becomes a problem."""
        parts: tuple[Found, ...]
        parts, unresolved = resolve(template, self._lookup)
        self.problems.extend(self._problem(path, reference) for reference in unresolved)
        return Value(tuple(_flat(parts)))

    def plain(self, template: Template, path: str, why: str) -> str:
        """As :meth:`value`, for places where neither a secret nor an open part can be; ``why`` ends the
        message.
        """
        value = self.value(template, path)
        if value.is_secret:
            self._refuse(path, f"a secret cannot stand here: {why}")
        elif any(not isinstance(part, str) for part in value.parts):
            self._refuse(path, f"the router's port is not known here: {why}")
        return str(value)

    def image(self, template: Template, path: str) -> str:
        """The name of an image to pull, checked now that every variable in it is known."""
        before = len(self.problems)
        name = self.plain(template, path, "an image is named before anything runs")
        if len(self.problems) == before and not names.IMAGE.fullmatch(name):
            remedy = "write `name:tag` or `registry/namespace/name:tag`"
            self.problems.append(self._manifest.problem(path, f"`{name}` is no image name", remedy))
        return name

    def _refuse(self, path: str, rule: str) -> None:
        remedy = "pass it to the running container by env, or use a plain variable or GALLEY_PREVIEW_HOST_..."
        self.problems.append(self._manifest.problem(path, rule, remedy))

    def _lookup(self, name: str) -> Found | None:
        if name in self._known:
            return self._known[name]
        if name in self._settings.secrets:
            return Secret(name)
        return self._settings.variables.get(name)

    def _problem(self, path: str, reference: Unresolved) -> Problem:
        if reference.message is not None:
            rule = f"${{{reference.name}}} is required: {reference.message}"
        else:
            rule = f"${{{reference.name}}} is not set"
        return self._manifest.problem(path, rule, self._remedy(reference.name))

    def _remedy(self, name: str) -> str:
        for prefix in (HOST_PREFIX, URL_PREFIX):
            if name.startswith(prefix):
                routed = ", ".join(sorted(key for key in self._known if key.startswith(prefix)))
                return f"only a web or api has a public host; there is {routed or 'none in this manifest'}"
        if name in _ONE_OF_THE_TWO:
            return f"this preview is a {_ONE_OF_THE_TWO[name]}'s: write ${{{name}:-}} where that may be so"
        if name.startswith(OWN_PREFIX):
            return f"there are {', '.join(sorted(self._known))}"
        ways = f"`galley var set {name} VALUE` or `galley secret set {name}`"
        return f"set it with {ways}, or write $$ for a dollar sign"


def _flat(parts: Iterable[Found]) -> Iterator[Part]:
    """A variable may itself be a value with open parts: a URL with the router's port."""
    for part in parts:
        if isinstance(part, Value):
            yield from part.parts
        else:
            yield part


def _known(preview: Preview, routes: Sequence[Route]) -> Mapping[str, Value | str]:
    identity = preview.identity
    known: dict[str, Value | str] = {"GALLEY_PREVIEW": preview.name}
    if identity.branch:
        known["GALLEY_BRANCH"] = identity.branch
    if identity.pull_request is not None:
        known["GALLEY_PR"] = str(identity.pull_request)
    for route in routes:
        suffix = route.service.replace("-", "_")
        known[HOST_PREFIX + suffix] = route.hosts[0]
        known[URL_PREFIX + suffix] = route.url
    return known

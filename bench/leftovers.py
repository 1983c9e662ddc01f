"""Removes from the engine what one project has made, by its name, which nobody else's holds."""

from __future__ import annotations

import contextlib
from typing import Any

import docker
from docker.errors import APIError


class Leftovers:
    """``remove`` is called when every contender has done its own ``down``: it takes images and cache, and
    whatever a failure has left.
    """

    def __init__(self, client: docker.DockerClient) -> None:
        self._api = client.api

    def remove(self, project: str) -> None:
        """Everything with the project in its name, and of the builder's cache what follows from its mark."""
        for entry in self._api.containers(all=True, filters={"name": project}):
            with contextlib.suppress(APIError):
                self._api.remove_container(entry["Id"], force=True, v=True)
        for entry in self._api.networks(filters={"name": project}):
            with contextlib.suppress(APIError):
                self._api.remove_network(entry["Id"])
        for entry in self._api.volumes(filters={"name": project}).get("Volumes") or ():
            with contextlib.suppress(APIError):
                self._api.remove_volume(entry["Name"])
        self._remove_images(project)
        self._remove_cache(project)

    def left(self, project: str) -> list[str]:
        """The names of what there still is, for who wants to be sure."""
        api, named = self._api, {"name": project}
        return [
            *(entry["Names"][0] for entry in api.containers(all=True, filters=named)),
            *(entry["Name"] for entry in api.networks(filters=named)),
            *(entry["Name"] for entry in api.volumes(filters=named).get("Volumes") or ()),
            *self._tags(project),
        ]

    def _tags(self, project: str) -> list[str]:
        return [tag for image in self._api.images() for tag in image["RepoTags"] or () if project in tag]

    def _remove_images(self, project: str) -> None:
        for tag in self._tags(project):
            with contextlib.suppress(APIError):
                self._api.remove_image(tag, force=True)

    def _remove_cache(self, project: str) -> None:
        """One by one, by id: a prune without a filter would take what others have built as well."""
        records = self._api.df().get("BuildCache") or []
        for record in marked(records, project):
            with contextlib.suppress(APIError):
                self._api.prune_builds(filters={"id": [record]}, all=True)


def marked(records: list[dict[str, Any]], project: str) -> list[str]:
    """The ids of the cache's records whose step names the project, and of those that follow from them.

    What follows comes first: a record that another one needs is not removed.
    """
    found = [record["ID"] for record in records if project in record.get("Description", "")]
    for known in found:
        found += [r["ID"] for r in records if known in _parents(r) and r["ID"] not in found]
    return found[::-1]


def _parents(record: dict[str, Any]) -> list[str]:
    """Engines before 23 name one parent, later ones a list."""
    return [*(record.get("Parents") or ()), *([record["Parent"]] if record.get("Parent") else [])]

"""The labels by which this project's objects are known. Their values are static: a changed label replaces the
object.
"""

from __future__ import annotations

PREFIX = "galley."
PROJECT = "galley.project"
PREVIEW = "galley.preview"
SERVICE = "galley.service"
IDENTITY = "galley.identity"
ROLE = "galley.role"
RUN = "galley.run"
KIND = "galley.kind"
PORT = "galley.port"
IMAGE = "galley.image"
"""On a service with a pulled image: the reference, since the image itself may have any number of names."""

BRANCH = "galley.branch"
PULL_REQUEST = "galley.pr"
URLS = "galley.urls"
"""On the router: a JSON object of service → URL."""

EDGE = "galley.edge"
"""On an edge's objects, which are no preview's: the edge's name."""

ADDRESS = "galley.edge.address"
"""On the edge's network: the edge's own address there."""

ROLE_NETWORK = "network"
ROLE_VOLUME = "volume"
ROLE_SERVICE = "service"
ROLE_JOB = "job"
ROLE_PROBE = "probe"
ROLE_ROUTER = "router"
ROLE_HELPER = "helper"
ROLE_EDGE = "edge"

"""What the settings of the cluster change: routes, certificates, volumes, logins."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import Any

import pytest

from galley_iac.engine.registries import Access, Login
from galley_iac.manifest import parse
from galley_iac.plan.cluster import Registry
from galley_iac.plan.model import MIB, BuiltImage, Image, Limits, Plan, PulledImage
from galley_iac.plan.settings import Settings
from galley_iac.targets.kubernetes.images import repository, tag_of
from galley_iac.targets.kubernetes.quantity import cpus, memory, requests
from tests.program.kubernetes_mocks import CLUSTER, declared
from tests.program.recording import Run, Secret
from tests.unit.plan import support

TEXT = """\
version: 1
services:
  web: {kind: web, image: "registry.test:5000/acme/web:1", expose: 80}
  db: {kind: database, image: "postgres:16-alpine", expose: 5432}
  w: {kind: worker, image: "acme/w:1", start: 'echo "$HOME $(NAME) $$"'}
"""


def plan() -> Plan:
    return support.plan(parse(TEXT, "galley.yaml").manifest, settings=Settings(cluster=CLUSTER))


def run(access: Access | None = None, **more: Any) -> Run:
    made = declared(plan(), cluster=dataclasses.replace(CLUSTER, **more), access=access)
    assert made.error is None
    return made


def test_a_certificate_that_is_there() -> None:
    spec = run(tls_secret="wildcard").one("Ingress", "web").inputs["spec"]
    assert spec["tls"] == [{"hosts": list(plan().routes[0].hosts), "secretName": "wildcard"}]
    assert "tls" not in run().one("Ingress", "web").inputs["spec"]


def test_a_certificate_that_is_made() -> None:
    made = run(issuer="letsencrypt", tls_secret="wildcard").one("Ingress", "web").inputs
    assert made["spec"]["tls"][0]["secretName"] == "web-tls"
    assert made["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "letsencrypt"


def test_a_gateway_takes_the_routes() -> None:
    made = run(gateway="edge/public")
    assert made.of("Ingress") == []
    (route,) = made.of("HTTPRoute")
    assert route.inputs["spec"] == {
        "parentRefs": [{"name": "public", "namespace": "edge"}],
        "hostnames": list(plan().routes[0].hosts),
        "rules": [{"backendRefs": [{"name": "web", "port": 80}]}],
    }
    assert route.inputs["metadata"]["labels"]["galley.service"] == "web"


def test_the_cluster_chooses_what_is_not_set() -> None:
    made = run(ingress_class="")
    assert "ingressClassName" not in made.one("Ingress", "web").inputs["spec"]
    claim = made.one("PersistentVolumeClaim", "db.data").inputs["spec"]
    assert "storageClassName" not in claim
    assert claim["resources"] == {"requests": {"storage": "1Gi"}}


def test_volumes_as_they_are_set() -> None:
    made = run(storage_class="fast", volume_size=1536 * MIB)
    claim = made.one("PersistentVolumeClaim", "db.data").inputs["spec"]
    assert (claim["storageClassName"], claim["resources"]["requests"]["storage"]) == ("fast", "1536Mi")


def test_a_command_is_taken_literally() -> None:
    """The cluster replaces ``$(NAME)`` and halves ``$$``, unless each dollar sign is doubled."""
    (own,) = run().one("Deployment", "w").inputs["spec"]["template"]["spec"]["containers"]
    assert own["args"] == ["/bin/sh", "-c", 'echo "$$HOME $$(NAME) $$$$"']
    assert "command" not in own


def test_without_a_login_the_registry_is_open() -> None:
    made = run()
    assert made.of("Secret") == []
    assert _auth(made) == [{"address": "http://registry.test:5000", "authDisabled": True}]


def test_a_configured_login_pushes_and_pulls() -> None:
    made = run(Access({"registry.test:5000": Login("robot", "s3cr3t-password")}))
    (block,) = _auth(made)
    assert (block["address"], block["username"]) == ("http://registry.test:5000", "robot")
    secret = made.one("Secret", "registry")
    assert secret.inputs["type"] == "kubernetes.io/dockerconfigjson"
    data = secret.inputs["stringData"]
    assert isinstance(data, Secret)
    auth = json.loads(data.value[".dockerconfigjson"])["auths"]["registry.test:5000"]["auth"]
    assert base64.b64decode(auth) == b"robot:s3cr3t-password"
    for one in made.of("Deployment"):
        assert one.inputs["spec"]["template"]["spec"]["imagePullSecrets"] == [{"name": "registry"}]


def test_the_user_s_own_login_stays_on_his_machine() -> None:
    made = run(Access(by_file=frozenset({"registry.test:5000"})))
    assert _auth(made) == [{"address": "http://registry.test:5000"}]
    assert made.of("Secret") == []


def _auth(made: Run) -> list[dict[str, Any]]:
    found = made.one("docker", "engine").inputs["registryAuth"]
    found = found.value if isinstance(found, Secret) else found
    blocks: list[dict[str, Any]] = json.loads(found)
    return blocks


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (BuiltImage("a", "galley-shop:0123", ".", "Dockerfile"), "r.test/p/galley-shop:0123"),
        (PulledImage("postgres:16-alpine"), "r.test/p/mirror/postgres:16-alpine"),
        (PulledImage("postgres"), "r.test/p/mirror/postgres:latest"),
        (PulledImage("ghcr.test/acme/web"), "r.test/p/mirror/ghcr.test/acme/web:latest"),
        (PulledImage("host:5000/acme/web:1"), "r.test/p/mirror/host-5000/acme/web:1"),
        (PulledImage("host:5000/web"), "r.test/p/mirror/host-5000/web:latest"),
        (PulledImage("web@sha256:0123"), "r.test/p/mirror/web:sha256-0123"),
        (PulledImage("host:5000/web:1@sha256:0123"), "r.test/p/mirror/host-5000/web:sha256-0123"),
    ],
)
def test_where_an_image_is_pushed(image: Image, expected: str) -> None:
    assert f"{repository(Registry('r.test/p'), image)}:{tag_of(image)}" == expected


def test_amounts_are_as_the_cluster_writes_them() -> None:
    written = {0.5: "500m", 1.0: "1", 2: "2", 0.25: "250m", 0.0001: "1m", 1.5: "1500m"}
    assert {number: cpus(number) for number in written} == written
    sizes = {1024 * MIB: "1Gi", 1536 * MIB: "1536Mi", 64 * MIB: "64Mi", 1024: "1Ki", 1000: "1000"}
    assert {size: memory(size) for size in sizes} == sizes
    assert requests(Limits(0.005, 16 * MIB)) == {"cpu": "5m", "memory": "16Mi"}

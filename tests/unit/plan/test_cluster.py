"""The settings of the Kubernetes target, and what it refuses of a manifest."""

from __future__ import annotations

import dataclasses

import pytest

from galley_iac.errors import InputError, UsageError
from galley_iac.plan.cluster import Cluster, Registry, read_registry
from galley_iac.plan.model import MIB, Plan
from galley_iac.plan.preview import Address, Layout
from galley_iac.plan.settings import Settings, make_settings
from tests.unit.plan.support import plan, services

ON_CLUSTER = Settings(cluster=Cluster(Registry("registry.test")))


def made(**texts: str) -> Settings:
    return make_settings({"target": "kubernetes", **texts}, {}, frozenset())


def planned(text: str, settings: Settings = ON_CLUSTER) -> Plan:
    return plan(services(text), settings=settings)


def test_docker_is_no_cluster() -> None:
    assert make_settings({"registry": "registry.test"}, {}, frozenset()).cluster is None
    assert make_settings({"target": "docker"}, {}, frozenset()).cluster is None


def test_a_cluster_needs_a_registry() -> None:
    with pytest.raises(UsageError, match=r"needs a registry.*\n +galley config set registry HOST/PATH"):
        made()


def test_every_setting_has_its_field() -> None:
    found = made(
        registry="registry.test/p",
        kubeContext="team@cluster",
        ingressClass="nginx",
        ingressNamespace="ingress-nginx",
        gateway="edge/public",
        tlsSecret="wildcard",
        certIssuer="letsencrypt",
        storageClass="fast",
        volumeSize="2g",
    ).cluster
    assert found == Cluster(
        Registry("registry.test/p"),
        "team@cluster",
        "nginx",
        "ingress-nginx",
        "edge/public",
        "wildcard",
        "letsencrypt",
        "fast",
        2048 * MIB,
    )
    assert found
    assert all(dataclasses.astuple(found))


@pytest.mark.parametrize(
    ("text", "prefix", "host", "address"),
    [
        ("registry.test", "registry.test", "registry.test", "https://registry.test"),
        ("registry.test/a/b/", "registry.test/a/b", "registry.test", "https://registry.test"),
        ("https://r.test:5000", "r.test:5000", "r.test:5000", "https://r.test:5000"),
        ("http://10.0.0.1:5000/a", "10.0.0.1:5000/a", "10.0.0.1:5000", "http://10.0.0.1:5000"),
    ],
)
def test_a_registry(text: str, prefix: str, host: str, address: str) -> None:
    found = read_registry(text)
    assert found
    assert (found.prefix, found.host, found.address) == (prefix, host, address)


def test_below_localhost_the_port_is_the_controller_s() -> None:
    assert made(registry="r.test").address == Address(port=None)
    assert made(registry="r.test", ingressPort="8080").address == Address(port=8080)


def test_a_domain_answers_as_on_docker() -> None:
    texts = {"domain": "preview.example", "layout": "nested", "ingressPort": "8080"}
    on_docker = make_settings(texts, {}, frozenset()).address
    assert made(registry="r.test", **texts).address == on_docker
    assert on_docker.layout is Layout.NESTED


def test_the_cluster_s_own_controller_routes() -> None:
    text = "web: {kind: web, image: acme/web, expose: 80}"
    assert planned(text).router is None
    assert planned(text).routes == planned(text, Settings()).routes
    assert planned(text, Settings()).router


REFUSED = {
    "web: {kind: web, image: acme/web, expose: 80, restart: never}": "services.web.restart",
    "w: {kind: worker, image: acme/w, restart: on-failure}": "services.w.restart",
    "w-: {kind: worker, image: acme/w}": "services.w-",
    "galley-probe: {kind: worker, image: acme/w}": "services.galley-probe",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_cluster_cannot_do_is_refused_by_name_and_line(text: str) -> None:
    with pytest.raises(InputError) as raised:
        planned(text)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (REFUSED[text], 3)
    assert planned(text, Settings())


def test_a_job_is_no_service_that_ends() -> None:
    assert planned("w: {kind: worker, image: acme/w, restart: never}").containers[0].is_job

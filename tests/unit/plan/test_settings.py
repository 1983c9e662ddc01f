"""What a project may set: every value is checked where it is set, by name."""

from __future__ import annotations

import pytest

from galley_iac.errors import UsageError
from galley_iac.plan.model import MIB, Limits
from galley_iac.plan.preview import Address, Layout, behind_edge
from galley_iac.plan.settings import DEFAULT_POOL, KEYS, Settings, check, make_settings


def made(**texts: str) -> Settings:
    return make_settings(texts, {}, frozenset())


def test_nothing_is_set() -> None:
    assert made() == Settings()
    assert made().address == Address()
    assert made().subnet_pool == DEFAULT_POOL


def test_what_is_set() -> None:
    settings = made(
        cpus="0.5",
        memory="512m",
        subnetPool="10.9.0.0/20",
        protocolTimeout="90s",
        routerImage="acme/caddy:2",
        probeImage="acme/python:3",
    )
    assert settings.limits == Limits(0.5, 512 * MIB)
    assert (settings.subnet_pool, settings.protocol_timeout) == ("10.9.0.0/20", 90.0)
    assert (settings.router_image, settings.probe_image) == ("acme/caddy:2", "acme/python:3")


def test_one_limit_leaves_the_other() -> None:
    assert made(cpus="2").limits == Limits(2.0, Settings().limits.memory)
    assert made(memory="64m").limits == Limits(Settings().limits.cpus, 64 * MIB)


def test_a_domain_is_behind_an_edge() -> None:
    assert made(domain="Preview.Example").address == behind_edge("preview.example")
    assert made(domain="preview.example", layout="nested").address.layout is Layout.NESTED
    assert made(domain="localhost", layout="flat").address == Address()


def test_variables_and_names_of_secrets_go_through() -> None:
    settings = make_settings({}, {"LEVEL": "debug"}, frozenset({"TOKEN"}))
    assert (settings.variables, settings.secrets) == ({"LEVEL": "debug"}, {"TOKEN"})


WRONG = {
    "cpus": ["0", "-1", "many", "", "nan", "inf"],
    "memory": ["0", "1", "-5m", "lots", "1 m", ""],
    "domain": [
        "",
        "a b",
        "a_b.example",
        "-a.example",
        "a..b",
        "a" * 64,
        "{env.HOME}",
        'x"}',
        "a\nb",
        "ä.example",
    ],
    "layout": ["", "Flat", "round"],
    "subnetPool": ["", "10.0.0.0/27", "10.0.0.1/16", "fd00::/48", "everything"],
    "protocolTimeout": ["", "0", "0s", "-1s", "soon"],
    "routerImage": ["", " ", "Not An Image", "x:y:z"],
    "probeImage": ["", "https://x/y"],
    "target": ["", "Docker", "swarm"],
    "registry": ["", "ftp://x", "Registry/x", "host:port", "a b", "host:5000//x", "user@host"],
    "kubeContext": ["", "a b", "x\n"],
    "ingressClass": ["", "Traefik", "-a", "a_b", "a" * 64],
    "ingressNamespace": ["", "a/b"],
    "ingressPort": ["", "0", "65536", "http", "-1", "8080.0"],
    "gateway": ["", "public", "a/b/c", "/b", "A/b"],
    "tlsSecret": ["", "a b"],
    "certIssuer": ["", "Let's Encrypt"],
    "storageClass": ["", "fast!"],
    "volumeSize": ["", "0", "big"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_a_wrong_value_is_refused_with_the_form(name: str, text: str) -> None:
    with pytest.raises(UsageError) as raised:
        made(**{name: text})
    assert str(raised.value) == f"{text!r} is no value of {name}\n    write {KEYS[name].form}"


def test_a_name_that_is_none() -> None:
    with pytest.raises(UsageError) as raised:
        check("colour", "red")
    start = "there is no setting colour\n    there are access, allowlist, certIssuer, cpuOvercommit,"
    assert str(raised.value).startswith(start)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_setting_refuses_something_and_says_what_it_takes(name: str) -> None:
    assert KEYS[name].summary
    assert KEYS[name].form
    with pytest.raises(UsageError):
        check(name, "\0 no value of anything")

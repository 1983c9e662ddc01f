"""What a stand-in takes from the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import machine
from tests.toolchain.fakes import FakeRunner


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bundle.pem").write_text("authorities")
    return {"SSL_CERT_FILE": str(tmp_path / "bundle.pem")}


def _settings(folder: Path, environ: dict[str, str], **answers: str) -> tuple[str, str]:
    runner = FakeRunner(answers={name.replace("_", " "): text for name, text in answers.items()})
    machine.write_settings(folder, runner, environ)
    return (folder / "pip.conf").read_text(), (folder / "npmrc").read_text()


def test_the_authorities_that_the_machine_trusts(tmp_path: Path, environ: dict[str, str]) -> None:
    _settings(tmp_path, environ)

    assert (tmp_path / "ca-certificates.crt").read_text() == "authorities"


def test_without_settings_only_the_authorities_are_named(tmp_path: Path, environ: dict[str, str]) -> None:
    pip, npm = _settings(tmp_path, environ)

    assert pip == "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n"
    assert npm == "cafile=/etc/ssl/certs/ca-certificates.crt\n"


def test_mirrors_are_passed_on_and_paths_of_the_machine_are_not(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    pip, npm = _settings(
        tmp_path,
        environ,
        pip="global.index-url='https://mirror.example/simple'\n:env:.find-links='/opt/wheels'\nglobal.cert='/x'\n",
        npm="https://mirror.example/npm\n",
    )

    assert pip.splitlines()[1:] == [
        "cert = /etc/ssl/certs/ca-certificates.crt",
        "index-url = https://mirror.example/simple",
    ]
    assert npm.splitlines()[1:] == ["registry=https://mirror.example/npm"]


def test_an_address_with_a_password_does_not_get_into_an_image(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    pip, npm = _settings(
        tmp_path,
        environ,
        pip="global.index-url='https://me:secret@mirror.example/simple'\n",
        npm="https://me:secret@mirror.example/npm\n",
    )

    assert "secret" not in pip + npm


def test_the_last_value_wins_as_it_does_for_pip(tmp_path: Path, environ: dict[str, str]) -> None:
    pip, _ = _settings(tmp_path, environ, pip="global.timeout='10'\n:env:.timeout='60'\n")

    assert "timeout = 60" in pip


def test_other_authorities_change_the_fingerprint(environ: dict[str, str]) -> None:
    before = machine.fingerprint(environ)
    Path(environ["SSL_CERT_FILE"]).write_text("others")

    assert machine.fingerprint(environ) != before


def test_a_machine_that_trusts_nobody(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="install ca-certificates or set SSL_CERT_FILE"):
        machine.fingerprint({"SSL_CERT_FILE": str(tmp_path / "none")}, usual=())

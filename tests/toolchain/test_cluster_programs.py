"""Getting what a cluster runs: packages where they are missing, builds, and the image of them."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths
from galley_iac.toolchain.cluster import place, programs
from tests.toolchain.fakes import FakeRunner, FakeSite, means

BUILT = {"kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The library for certificates, as Go's cache has it: read-only."""
    folder = tmp_path / "lego"
    (folder / "providers" / "dns").mkdir(parents=True)
    (folder / "providers" / "dns" / "all.go").write_text("package dns // 190 of them\n")
    (folder / "go.mod").write_text("module lego\n")
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


@pytest.fixture
def machine(library: Path) -> FakeRunner:
    """Has every package and Go; ``seen`` is what the ingress was built from."""
    answers = {
        "go version": "go version go1.26.0 linux/amd64",
        "go build": _build,
        "go mod download": json.dumps({"Dir": str(library)}),
    }
    return FakeRunner({name: f"/usr/bin/{name}" for name in ("go", *programs.PACKAGES)}, answers)


def _build(words: Sequence[str], folder: Path | None) -> str:
    """Programs into a folder, or one program, which says what it was built from."""
    assert folder is not None
    output = Path(words[words.index("-o") + 1])
    packages = words[words.index("-o") + 2 :]
    if output.is_dir():
        for package in packages:
            (output / Path(package).name).write_text("built")
    else:
        replaced = folder / "lego" / "providers" / "dns" / "dns.go"
        output.write_text(replaced.read_text() if replaced.exists() else "built")
    return ""


@pytest.fixture
def with_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The CNI plugins are there."""
    monkeypatch.setattr(programs, "NETWORK", tmp_path)


@pytest.mark.usefixtures("with_network")
def test_all_is_built_and_kept(tmp_path: Path, machine: FakeRunner) -> None:
    step, printed = means(tmp_path / "tools", machine, FakeSite())
    found = place.folders(step.layout)

    programs.ensure(found, step)
    built = [command for command in machine.commands if command.startswith("go build")]
    programs.ensure(found, step)

    assert {path.name for path in (found.programs / "bin").iterdir()} == {*BUILT, "policy", "pause"}
    assert "Kubernetes 1.32.4: built from source" in printed.getvalue()
    assert [command for command in machine.commands if command.startswith("go build")] == built
    assert [path.name for path in step.layout.root.iterdir()] == ["cluster-programs"], "nothing else is left"


@pytest.mark.usefixtures("with_network")
def test_the_image_holds_what_runs_in_pods(tmp_path: Path, machine: FakeRunner) -> None:
    step, _printed = means(tmp_path / "tools", machine, FakeSite())
    programs.ensure(place.folders(step.layout), step)

    with tarfile.open(step.layout.root / "cluster-programs" / "image.tar") as archive:
        layer = archive.extractfile("layer.tar")
        with tarfile.open(fileobj=layer) as inside:
            assert inside.getnames() == ["pause", "coredns", "traefik"]
            content = inside.extractfile("traefik")
            assert content is not None
            assert "was left out of this build" in content.read().decode()


@pytest.mark.usefixtures("with_network")
def test_missing_packages_are_installed(tmp_path: Path, machine: FakeRunner) -> None:
    del machine.programs["etcd"], machine.programs["conntrack"]
    machine.programs["apt-get"] = "/usr/bin/apt-get"
    machine.answers["apt-get"] = ""
    step, _printed = means(tmp_path / "tools", machine, FakeSite())
    if os.geteuid() != 0:
        with pytest.raises(MachineError, match="sudo apt-get install etcd-server conntrack"):
            programs.ensure(place.folders(step.layout), step)
        return
    programs.ensure(place.folders(step.layout), step)
    (install,) = [command for command in machine.commands if command.startswith("apt-get install")]
    assert install.endswith("etcd-server conntrack")


def test_the_recipes_name_what_is_replaced() -> None:
    recipe = paths.GO_RECIPES / "cluster-ingress"
    assert "github.com/go-acme/lego/v4 => ./lego\n" in (recipe / "go.mod").read_text()
    assert (recipe / "nodns" / "dns.go").is_file()

"""The cluster's texts and files, without starting anything: places, configuration, image, certificates."""

from __future__ import annotations

import json
import re
import ssl
import stat
import tarfile
import tomllib
from pathlib import Path
from string import Template

import pytest
import yaml

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths, pins
from galley_iac.toolchain.cluster import (
    access,
    certificates,
    components,
    config,
    image,
    lifecycle,
    place,
    programs,
)
from galley_iac.toolchain.cluster.api import Api
from galley_iac.toolchain.cluster.place import Folders, Place
from galley_iac.toolchain.runner import SystemRunner

PLACE = Place("10.212.9.1", "10.212.9.2", 30500, 30080)
SYSTEM = Path(lifecycle.__file__).parent / "manifests" / "system.yaml"


@pytest.fixture
def found(tmp_path: Path) -> Folders:
    """Folders below a place that may be written to."""
    folders = place.folders(paths.Layout(tmp_path, tmp_path))
    folders.data.mkdir()
    return folders


def test_addresses_are_kept(found: Folders) -> None:
    assert place.read(found) is None
    place.write(found, PLACE)
    assert place.read(found) == PLACE


def test_half_written_addresses_are_none(found: Folders) -> None:
    (found.data / "place.json").write_text('{"machine": "10.')
    assert place.read(found) is None


def test_the_node_is_beside_the_machine(found: Folders) -> None:
    chosen = place.choose()
    assert chosen.machine.rpartition(".")[0] == chosen.node.rpartition(".")[0]
    assert chosen.machine != chosen.node
    assert len(found.link) <= 15, "the kernel takes no longer name"
    assert chosen.registry_port != chosen.ingress_port


def test_files_are_what_their_readers_take(found: Folders) -> None:
    files = config.files(found, PLACE)
    assert {name: yaml.safe_load(text) for name, text in files.items() if not name.endswith(".toml")}
    containerd = tomllib.loads(files["containerd.toml"])
    sandbox = containerd["plugins"]["io.containerd.grpc.v1.cri"]
    assert sandbox["restrict_oom_score_adj"] is True
    assert sandbox["sandbox_image"] == config.IMAGE
    assert sandbox["cni"]["conf_dir"] == str(found.data / "cni")


def test_pods_run_in_a_control_group_of_ours(found: Folders) -> None:
    kubelet = json.loads(config.files(found, PLACE)["kubelet.json"])
    assert kubelet["cgroupRoot"] == f"/{found.cgroup}"
    assert kubelet["authentication"]["anonymous"] == {"enabled": False}
    assert kubelet["authorization"] == {"mode": "Webhook"}


def test_every_program_is_built_or_installed(found: Folders) -> None:
    started = [*components.first(found, PLACE), *components.later(found, PLACE)]
    outside = [component for component in started if component.outside]
    built = {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "policy"}
    named = {Path(component.command[0]).name for component in started} - built
    assert named - {Path(outside[0].command[0]).name} <= programs.PACKAGES.keys()
    assert [component.name for component in outside] == ["forward"]


def test_only_the_loopback_interface_of_the_machine_is_served(found: Folders) -> None:
    (forward,) = [one for one in components.first(found, PLACE) if one.outside]
    assert forward.command[-2:] == ("30500=10.212.9.2:30500", "30080=10.212.9.2:80")


def system() -> list[dict[str, object]]:
    text = Template(SYSTEM.read_text()).substitute(NODE=PLACE.node, IMAGE=config.IMAGE, DNS="10.96.0.10")
    return list(yaml.safe_load_all(text))


def test_pods_of_ours_are_of_the_image_that_is_there() -> None:
    deployments = [thing for thing in system() if thing["kind"] == "Deployment"]
    containers = [thing["spec"]["template"]["spec"]["containers"][0] for thing in deployments]  # type: ignore[index]
    assert [one["image"] for one in containers] == [config.IMAGE] * 2
    assert [one["command"][0] for one in containers] == ["/coredns", "/traefik"]
    assert {one["imagePullPolicy"] for one in containers} == {"Never"}


def test_a_volume_goes_with_its_claim() -> None:
    (storage,) = [thing for thing in system() if thing["kind"] == "StorageClass"]
    assert storage["reclaimPolicy"] == "Delete"


def test_recipes_agree_with_the_pins() -> None:
    modules = {name: (paths.GO_RECIPES / name / "go.mod").read_text() for name in programs.RECIPES}
    assert f"k8s.io/kubernetes v{pins.KUBERNETES}\n" in modules["cluster"]
    staging = set(re.findall(r"=> k8s.io/[a-z-]+ v(\S+)", modules["cluster"]))
    assert staging == {pins.KUBERNETES.replace("1.", "0.", 1)}
    assert re.search(rf"github.com/go-acme/lego/v4 v{re.escape(pins.LEGO)}\b", modules["cluster-ingress"])


def test_the_image_is_whole_and_always_the_same(tmp_path: Path) -> None:
    (tmp_path / "program").write_text("#!/bin/sh\n")
    for name in ("a.tar", "b.tar"):
        image.write(tmp_path / name, "name:tag", [tmp_path / "program"])
        (tmp_path / "program").touch()
    assert (tmp_path / "a.tar").read_bytes()[:1024] == (tmp_path / "b.tar").read_bytes()[:1024]
    with tarfile.open(tmp_path / "a.tar") as archive:
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
        first = json.load(archive.extractfile("config.json"))  # type: ignore[arg-type]
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert json.load(archive.extractfile("config.json")) == first  # type: ignore[arg-type]
    assert manifest == [{"Config": "config.json", "RepoTags": ["name:tag"], "Layers": ["layer.tar"]}]
    assert not (tmp_path / "layer.tar").exists()


def test_certificates_hold_for_the_node_and_nobody_reads_the_keys(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    certificates.make(folder, PLACE, SystemRunner())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    context = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    for name in ("api", "kubelet", "admin"):
        context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
        told = SystemRunner().run(["openssl", "verify", "-CAfile", folder / "ca.crt", folder / f"{name}.crt"])
        assert told.endswith(": OK\n")
    text = SystemRunner().run(["openssl", "x509", "-noout", "-text", "-in", folder / "api.crt"])
    assert "IP Address:10.212.9.2" in text
    assert "IP Address:10.96.0.1" in text


def test_requests_are_made_with_the_kubeconfigs_certificates(found: Folders) -> None:
    certificates.make(found.data / "certificates", PLACE, SystemRunner())
    local = Place("127.0.0.1", "127.0.0.1", 1, 1)
    found.kubeconfig.write_text(config.files(found, local)["kubeconfig"])
    assert not Api(found.kubeconfig).answers(), "nobody listens there"


def test_starting_takes_root() -> None:
    lifecycle.refuse(user=0)
    with pytest.raises(MachineError, match="takes root"):
        lifecycle.refuse(user=1000)


def test_no_cluster_is_none(tmp_path: Path) -> None:
    environ = {"GALLEY_TOOLS": str(tmp_path)}
    assert access.find(environ) is None
    assert access.for_tests(environ) is None
    assert not lifecycle.stop(paths.layout(environ))
    assert access.kubeconfig(environ) == tmp_path / "cluster" / "kubeconfig"


def test_addresses_of_a_cluster_that_has_ended_are_not_given_out(found: Folders) -> None:
    place.write(found, PLACE)
    found.pid_file.write_text("1\n")
    assert access.find({"GALLEY_TOOLS": str(found.data.parent)}) is None


def test_another_cluster_is_used_only_by_name() -> None:
    named = {access.CONTEXT_VARIABLE: "kind-x", "KUBECONFIG": "/a:/b"}
    with pytest.raises(
        MachineError, match="GALLEY_TEST_KUBE_REGISTRY and GALLEY_TEST_KUBE_INGRESS is not set"
    ):
        access.for_tests(named)
    whole = {**named, access.REGISTRY_VARIABLE: "localhost:5001", access.INGRESS_VARIABLE: "localhost:80"}
    expected = access.Access(Path("/a"), "kind-x", "localhost:5001", "localhost:80", ours=False)
    assert access.for_tests(whole) == expected

"""What a cluster runs: Kubernetes, DNS and ingress, built from source, and Debian's packages."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, artifact, gobuild, paths, pins
from galley_iac.toolchain.cluster import config, image
from galley_iac.toolchain.cluster.place import Folders
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import ToolError

PACKAGES = {
    "etcd": "etcd-server",
    "containerd": "containerd",
    "runc": "runc",
    "conntrack": "conntrack",
    "docker-registry": "docker-registry",
    "iptables": "iptables",
    "ip": "iproute2",
    "openssl": "openssl",
    "sysctl": "procps",
}
"""Debian's package for each program that is started by its name."""

NETWORK = Path("/usr/lib/cni/ptp")
"""Debian keeps the network plugins where no PATH leads."""
_KUBERNETES = "k8s.io/kubernetes/cmd"
_TRAEFIK = "github.com/traefik/traefik/v3/cmd/traefik"
_VERSION = "k8s.io/component-base/version"
_IN_PODS = ("pause", "coredns", "traefik")
RECIPES = ("cluster", "cluster-dns", "cluster-ingress")


def ensure(found: Folders, means: Means) -> None:
    """Installs and builds what is missing. Raises MachineError with the remedy."""
    _install(means)
    key = f"{pins.KUBERNETES}-{paths.recipe_hash(*(paths.GO_RECIPES / name for name in RECIPES))}"
    stamp = artifact.ensure(found.programs, pins.KUBERNETES, key, lambda draft: _make(draft, means))
    means.console.note(f"Kubernetes {stamp.version}: {stamp.source}")


def _install(means: Means) -> None:
    missing = [package for program, package in PACKAGES.items() if means.runner.which(program) is None]
    if not NETWORK.exists():
        missing.append("containernetworking-plugins")
    if missing:
        apt.install(missing, "a Kubernetes cluster needs them", means.runner, means.console)


def _make(draft: Path, means: Means) -> str:
    go = gobuild.find(means.runner, means.console)
    folder = draft / "bin"
    folder.mkdir()
    major, minor, _ = pins.KUBERNETES.split(".")
    version = {"gitVersion": f"v{pins.KUBERNETES}", "gitMajor": major, "gitMinor": minor}
    programs = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
    packages = [*(f"{_KUBERNETES}/{name}" for name in programs), "./policy", "./pause"]
    go.build("cluster", packages, folder, {f"{_VERSION}.{name}": text for name, text in version.items()})
    go.build("cluster-dns", ".", folder / "coredns", {})
    _build_ingress(go, folder / "traefik", means)
    image.write(draft / "image.tar", config.IMAGE, [folder / name for name in _IN_PODS])
    for name in _IN_PODS[1:]:
        (folder / name).unlink()
    return "built from source, from the Go module proxy"


def _build_ingress(go: gobuild.Go, output: Path, means: Means) -> None:
    """Traefik without the 190 DNS providers of its library for certificates: they would double the time.

    That library is copied out of Go's cache, and the one package that names them is replaced by ours.
    """
    with tempfile.TemporaryDirectory(dir=means.layout.root, prefix=".traefik-") as folder:
        try:
            library = go.download(f"github.com/go-acme/lego/v4@v{pins.LEGO}", Path(folder))
        except ToolError as error:
            raise MachineError(f"traefik cannot be built: {error}", "run `galley setup` again") from None
        module = Path(shutil.copytree(paths.GO_RECIPES / "cluster-ingress", Path(folder) / "recipe"))
        _copy(library, module / "lego")
        shutil.rmtree(module / "lego" / "providers" / "dns")
        _copy(module / "nodns", module / "lego" / "providers" / "dns")
        go.build(module, _TRAEFIK, output, {})


def _copy(source: Path, target: Path) -> None:
    """Go's cache is read-only; the copy has to be removed again."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for folder in [target, *(path for path in target.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)

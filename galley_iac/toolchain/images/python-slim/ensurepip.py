"""Installs the pip wheel that this image carries, as the standard library's ensurepip would."""

import glob
import os
import subprocess
import sys

_WHEELS = "/usr/local/share/python-wheels"


def version():
    """The version of the wheel carried."""
    return os.path.basename(_wheel()).split("-")[1]


def bootstrap(**_options):
    """Install pip into the running interpreter's prefix, without touching the network."""
    command = [sys.executable, os.path.join(_wheel(), "pip"), "install", "--quiet", "--no-index", "--no-cache-dir"]
    subprocess.run([*command, "--root-user-action=ignore", "--find-links", _WHEELS, "pip"], check=True)


def _wheel():
    return glob.glob(os.path.join(_WHEELS, "pip-*.whl"))[0]

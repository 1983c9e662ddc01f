"""The application."""

import importlib.util
import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer() -> dict[str, object]:
    found = {
        "name": "poetry",
        "user": os.getuid(),
        "port": os.environ["PORT"],
        "files": sorted(path.name for path in Path().iterdir()),
    }
    return {**found, "pytest": importlib.util.find_spec("pytest") is not None}

"""The application."""

import importlib.util
import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer() -> dict[str, object]:
    found = {"name": "poetry", "user": os.getuid(), "port": os.environ["PORT"], "files": sorted(os.listdir())}
    return {**found, "pytest": importlib.util.find_spec("pytest") is not None}

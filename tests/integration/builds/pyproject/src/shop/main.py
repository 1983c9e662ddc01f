"""The application, which is imported from src without being installed."""

import os
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def answer() -> dict[str, object]:
    return {
        "name": "pyproject",
        "user": os.getuid(),
        "port": os.environ["PORT"],
        "files": sorted(path.name for path in Path().iterdir()),
    }

"""The application."""

import os
from importlib.metadata import version
from pathlib import Path

import uvicorn
from fastapi import FastAPI


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def answer() -> dict[str, object]:
        found = {
            "name": "uv",
            "user": os.getuid(),
            "port": os.environ["PORT"],
            "files": sorted(path.name for path in Path().iterdir()),
        }
        return {**found, "version": version("shop")}

    return app


def main() -> None:
    uvicorn.run(create_app(), host="0.0.0.0", port=int(os.environ["PORT"]))

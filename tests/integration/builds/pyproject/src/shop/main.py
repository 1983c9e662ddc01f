"""The application, which is imported from src without being installed."""

import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def answer() -> dict[str, object]:
    return {"name": "pyproject", "user": os.getuid(), "port": os.environ["PORT"], "files": sorted(os.listdir())}

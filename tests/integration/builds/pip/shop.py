"""The application and its worker."""

import os
from pathlib import Path

from celery import Celery
from fastapi import FastAPI

NAME = "pip"
app = FastAPI()
celery = Celery("shop", broker="memory://")


@app.get("/")
def answer() -> dict[str, object]:
    return {
        "name": NAME,
        "user": os.getuid(),
        "port": os.environ["PORT"],
        "files": sorted(path.name for path in Path().iterdir()),
    }

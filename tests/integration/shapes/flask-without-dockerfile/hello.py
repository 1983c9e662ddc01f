"""Signs what it is asked to sign, so that one can tell whether it has the right key."""

from __future__ import annotations

import hashlib
import hmac
import os

from flask import Flask

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]


@app.get("/")
def state() -> dict[str, object]:
    return {"debug": app.debug, "user": os.getuid()}


@app.get("/sign/<text>")
def sign(text: str) -> str:
    return hmac.digest(app.secret_key.encode(), text.encode(), hashlib.sha256).hex()

"""ASGI without a framework: the version of the database, asked with the password of its env file."""

import json

import psycopg


async def app(scope, _receive, send):
    if scope["type"] != "http":
        return
    with psycopg.connect("postgres://postgres:pw@db/postgres", connect_timeout=3) as connection:
        (version,) = connection.execute("SHOW server_version_num").fetchone()
    body = json.dumps({"postgres": int(version) // 10000, "path": scope["path"]}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})

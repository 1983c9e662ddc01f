"""A guest book: one page, one table."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from psycopg.rows import dict_row

from entry import Entry, EntryError

LISTED = 50
TABLE_LOCK = 1  # any number, as long as every process takes the same

app = Flask(__name__)


def connect() -> psycopg.Connection[dict[str, Any]]:
    """A connection; as a context manager it commits, or rolls back, and closes."""
    return psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row, connect_timeout=3)


def create_table() -> None:
    """Make the table if it is not there.

    Several server processes start at once, and CREATE TABLE IF NOT EXISTS can fail when two run it together.
    """
    with connect() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [TABLE_LOCK])
        connection.execute(
            "CREATE TABLE IF NOT EXISTS entries"
            " (id serial PRIMARY KEY, name text NOT NULL, message text NOT NULL)"
        )


def newest() -> list[dict[str, Any]]:
    """The newest entries, newest first."""
    with connect() as connection:
        rows = connection.execute("SELECT id, name, message FROM entries ORDER BY id DESC LIMIT %s", [LISTED])
        return rows.fetchall()


@app.get("/")
def page() -> str:
    """The guest book with its form."""
    return render_template("page.html", entries=newest())


@app.get("/entries")
def entries() -> list[dict[str, Any]]:
    """The same for programs."""
    return newest()


@app.post("/entries")
def sign() -> ResponseReturnValue:
    """Add what the form says, and show the page again."""
    try:
        entry = Entry.of(request.form.get("name", ""), request.form.get("message", ""))
    except EntryError as error:
        return f"{error}\n", 400
    with connect() as connection:
        connection.execute("INSERT INTO entries (name, message) VALUES (%s, %s)", [entry.name, entry.message])
    return redirect(url_for("page"), code=303)


@app.get("/healthz")
def healthz() -> tuple[str, int]:
    """200 only if the database answers."""
    try:
        with connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return "the database does not answer\n", 503
    return "ok\n", 200


create_table()

# Python from poetry.lock. Made by Galley: `galley eject` writes it into the repository.

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VIRTUAL_ENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH \
    POETRY_VIRTUALENVS_CREATE=false \
    POETRY_CACHE_DIR=/tmp/poetry

# Only the preview's router and its other services can connect: what they say of a client is true.
ENV FORWARDED_ALLOW_IPS=*

RUN python -m venv /opt/poetry && /opt/poetry/bin/pip install poetry==2.5.1
RUN useradd --create-home --uid 10001 app && install --directory --owner=app --group=app /app /opt/venv

USER app
WORKDIR /app
RUN python -m venv /opt/venv

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=app:app pyproject.toml poetry.lock ./
RUN /opt/poetry/bin/poetry install --only main --no-interaction --no-root

COPY --chown=app:app . .

CMD ["/bin/sh", "-c", "exec gunicorn --bind 0.0.0.0:${PORT:-8000} wsgi:app"]

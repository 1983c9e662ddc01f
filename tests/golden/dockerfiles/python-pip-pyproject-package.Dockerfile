# Python from pyproject.toml. Made by Galley: `galley eject` writes it into the repository.

FROM python:3.10-slim
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VIRTUAL_ENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH

# Only the preview's router and its other services can connect: what they say of a client is true.
ENV FORWARDED_ALLOW_IPS=*

RUN useradd --create-home --uid 10001 app && install --directory --owner=app --group=app /app /opt/venv

USER app
WORKDIR /app
RUN python -m venv /opt/venv

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=app:app pyproject.toml ./
RUN python -c "import pip._vendor.tomli as tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project'].get('dependencies', []), sep='\n')" > /tmp/requirements.txt && pip install --requirement /tmp/requirements.txt

COPY --chown=app:app . .
RUN pip install --no-deps .

CMD ["/bin/sh", "-c", "exec hypercorn --bind 0.0.0.0:${PORT:-8000} shop.asgi:app"]

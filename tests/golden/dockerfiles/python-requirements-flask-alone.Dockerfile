# Python from requirements.txt. Made by Galley: `galley eject` writes it into the repository.

FROM python:3.12-slim
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
COPY --chown=app:app requirements.txt ./
RUN pip install --requirement requirements.txt

COPY --chown=app:app . .

CMD ["/bin/sh", "-c", "exec flask --app app:create_app run --host 0.0.0.0 --port ${PORT:-8000}"]

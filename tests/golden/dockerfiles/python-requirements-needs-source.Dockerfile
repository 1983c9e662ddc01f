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

# The source is needed to install, so a push installs again.
COPY --chown=app:app . .
RUN pip install --requirement requirements.txt

CMD ["python", "main.py"]

# One image for web, worker, beat and the preparation of the database; see docker-compose.yml.
# It contains no secrets and no data: those come from the environment and the volume at /data.
FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements.txt requirements-s3.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt -r requirements-s3.txt

FROM python:3.13-slim
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
# pg_dump and pg_restore for backups, of the server's version or newer.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker \
    && install --directory --owner tracker --group tracker --mode 0700 /data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY tracker tracker
COPY recommendations recommendations
COPY templates templates
COPY static static
# Compiled here, since the container cannot write to its own files.
RUN python -m compileall -q tracker recommendations
USER tracker
VOLUME /data
EXPOSE 8000
CMD ["python", "manage.py", "watched", "--serving", "--name", "web", "--grace", "8", "--", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "6", "--blocking-threads", "16", "tracker.wsgi:application"]

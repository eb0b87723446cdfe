# The portal for compose.yaml. The last stage also has the database's own pg_dump, for backup and restore.
FROM python:3.13-slim-trixie AS build
WORKDIR /portal
COPY requirements.txt .
RUN python3 -m venv .venv
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN PORTAL_MODE=demo DATA_DIR=/tmp/data STATIC_ROOT=/portal/collected .venv/bin/python manage.py collectstatic --noinput
RUN .venv/bin/python -m compileall -q challenges members mixportal priorities

FROM python:3.13-slim-trixie AS portal
RUN apt-get update && apt-get install --yes --no-install-recommends openssl libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --no-create-home portal && install --directory --owner=portal /etc/ssl/portal
COPY --from=build /portal /portal
WORKDIR /portal
ENV PATH=/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 PORTAL_MODE=production STATIC_ROOT=/portal/collected
USER portal
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["gunicorn", "mixportal.wsgi", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000"]

FROM postgres:18-trixie AS operator
RUN apt-get update && apt-get install --yes --no-install-recommends age python3 && rm -rf /var/lib/apt/lists/*
RUN install --directory --owner=postgres --mode=700 /backups
COPY --from=build /portal /portal
WORKDIR /portal
ENV PYTHONPATH=/portal/.venv/lib/python3.13/site-packages PYTHONUNBUFFERED=1 PORTAL_MODE=production
USER postgres
ENTRYPOINT ["python3", "manage.py"]
CMD ["help"]

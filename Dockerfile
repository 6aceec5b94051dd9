# One image for web, worker, clock and reconciler; the command tells them apart.
FROM python:3.13-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
    # The embedded servers are for scripts/run; here PostgreSQL and Valkey are services.
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/base.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home pantau \
    && install -d -o pantau -g pantau /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . /app
# Translations are compiled into the image; only /data is written to.
RUN PYTHONPATH=/app /venv/bin/python -c "from ilp.launch.prepare import compile_translations; compile_translations()" \
    && /venv/bin/python -m compileall -q /app
ENV PATH=/venv/bin:$PATH PANTAU_DATA=/data PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER pantau
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-m", "ilp.launch", "probe", "web"]
CMD ["python", "-m", "ilp.launch", "service", "web", "--host", "0.0.0.0", "--port", "8000"]

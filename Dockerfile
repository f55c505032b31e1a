# One image for every process: web, workers, schedule.
FROM python:3.13-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir "uv==0.*"
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev

FROM python:3.13-slim

ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/glossa GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000
# libseccomp2 locks the processes in that uploaded files are parsed.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/glossa --create-home glossa
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
USER glossa
VOLUME /var/lib/glossa
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/', timeout=4)"]
CMD ["python", "-m", "granian", "config.asgi:application", "--interface", "asgi", "--no-ws", "--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "20", "--backpressure", "8192", "--log-level", "warning"]

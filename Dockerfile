# The indexer and the service. docs/running.md says how to use it; compose.yaml does.
FROM python:3.13-slim AS build
RUN python -m venv /opt/health-search/.venv
WORKDIR /build
COPY requirements.txt ./
RUN /opt/health-search/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY indexer indexer
COPY service service
RUN /opt/health-search/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/health-search health-search
COPY --from=build /opt/health-search /opt/health-search
ENV PATH=/opt/health-search/.venv/bin:$PATH \
    HEALTH_SEARCH_INDEX=/var/lib/health-search/index
USER health-search
WORKDIR /var/lib/health-search
VOLUME /var/lib/health-search
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["health-search", "serve", "--host", "0.0.0.0"]

# SPDX-License-Identifier: EUPL-1.2
FROM python:3.11-slim-bookworm AS build

WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY hotspot hotspot
COPY api api
COPY geodata geodata
RUN python -m venv /opt/hotspot \
    && /opt/hotspot/bin/python -m pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --create-home --home-dir /data hotspot
COPY --from=build /opt/hotspot /opt/hotspot
ENV PATH="/opt/hotspot/bin:$PATH" \
    HOTSPOT_STORE_URL="sqlite:////data/hotspot.db" \
    HOTSPOT_API_ACCESS="controlled" \
    HOTSPOT_API_JOURNAL="true" \
    NUMBA_CACHE_DIR="/tmp/numba" \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["hotspot", "serve", "--host", "0.0.0.0", "--port", "8000"]

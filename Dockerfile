# syntax=docker/dockerfile:1
FROM python:3.13-slim-trixie AS build
WORKDIR /build
RUN python -m venv /opt/pullquote
COPY requirements.lock ./
RUN /opt/pullquote/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN /opt/pullquote/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Pullquote" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --home-dir /data pullquote \
    && install -d -o pullquote -g pullquote /data
COPY --from=build /opt/pullquote /opt/pullquote
COPY seeds /seeds
ENV PATH=/opt/pullquote/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PULLQUOTE_ARTICLES=/seeds \
    PULLQUOTE_DATA=/data
USER 10001:10001
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s \
    CMD ["pullquote", "doctor", "--alive"]
CMD ["pullquote", "run"]

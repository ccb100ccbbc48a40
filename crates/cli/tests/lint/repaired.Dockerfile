FROM ubuntu:20.04

RUN apt-get update && apt-get install -y --no-install-recommends \
    python3 \
    && rm -rf /var/lib/apt/lists/* \
    && apt-get clean

ARG DB_PASSWORD
ENV DB_PASSWORD=${DB_PASSWORD}

RUN useradd -m -u 1000 appuser
USER appuser

EXPOSE 8080

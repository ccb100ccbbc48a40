FROM postgres:16.2-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-16-postgis-3 \
    && rm -rf /var/lib/apt/lists/*
ENV POSTGRES_PASSWORD=postgres
COPY initdb/*.sql /docker-entrypoint-initdb.d/

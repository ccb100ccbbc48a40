FROM alpine:3.19 AS base
WORKDIR /app
FROM base AS app
COPY app.conf .
FROM alpine:3.19
COPY app.conf .
USER 1000

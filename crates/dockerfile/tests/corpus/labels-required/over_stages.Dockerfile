FROM alpine:3.19 AS build
RUN mkdir /a
FROM alpine:3.19 AS base
LABEL org.opencontainers.image.title="shop"
FROM base
LABEL org.opencontainers.image.version="1.0.0"
USER 1000

FROM alpine:3.19
LABEL maintainer="jane@example.org"
LABEL org.opencontainers.image.authors="jane@example.org"
USER 1000

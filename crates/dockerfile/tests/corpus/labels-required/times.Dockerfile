FROM alpine:3.19
LABEL org.opencontainers.image.created="2024-03-01"
LABEL org.opencontainers.image.created="2024-03-01T10:00:00+01:00"
LABEL org.opencontainers.image.created="2024-03-01 10:00:00Z"
LABEL org.opencontainers.image.created="2024-13-01T10:00:00Z"
LABEL org.opencontainers.image.created="2024-03-01T10:00:00.123Z"
LABEL org.opencontainers.image.created="${BUILD_DATE}"
USER 1000

FROM alpine:3.19 AS a
LABEL org.opencontainers.image.created="2024-03-01"
FROM alpine:3.19 AS b
LABEL org.opencontainers.image.created="2024-03-01T10:00:00+01:00"
FROM alpine:3.19 AS c
LABEL org.opencontainers.image.created="2024-03-01 10:00:00Z"
FROM alpine:3.19 AS d
LABEL org.opencontainers.image.created="2024-13-01T10:00:00Z"
FROM alpine:3.19 AS e
LABEL org.opencontainers.image.created="2024-03-01T10:00:00.123Z"
FROM alpine:3.19 AS f
LABEL org.opencontainers.image.created="${BUILD_DATE}"
USER 1000

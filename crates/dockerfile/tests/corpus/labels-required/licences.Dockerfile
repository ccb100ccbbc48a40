FROM alpine:3.19 AS a
LABEL org.opencontainers.image.licenses="MIT"
FROM alpine:3.19 AS b
LABEL org.opencontainers.image.licenses="Apache 2"
FROM alpine:3.19 AS c
LABEL org.opencontainers.image.licenses="MIT OR Apache-2.0"
FROM alpine:3.19 AS d
LABEL org.opencontainers.image.licenses="GPL-2.0-only WITH Classpath-exception-2.0"
FROM alpine:3.19 AS e
LABEL org.opencontainers.image.licenses="mit"
FROM alpine:3.19 AS f
LABEL org.opencontainers.image.licenses="Proprietary"
USER 1000

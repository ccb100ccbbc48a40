FROM alpine:3.19 AS a
LABEL org.opencontainers.image.version="1.4"
FROM alpine:3.19 AS b
LABEL org.opencontainers.image.version="v1.4.2"
FROM alpine:3.19 AS c
LABEL org.opencontainers.image.version="1.4.2-rc.1+build.5"
FROM alpine:3.19 AS d
LABEL org.opencontainers.image.version="01.4.2"
FROM alpine:3.19 AS e
LABEL org.opencontainers.image.version="$VERSION"
USER 1000

FROM alpine:3.19 AS a
LABEL org.opencontainers.image.url="example.org/shop"
FROM alpine:3.19 AS b
LABEL org.opencontainers.image.url="http://example.org"
FROM alpine:3.19 AS c
LABEL org.opencontainers.image.url="not a url"
FROM alpine:3.19 AS d
LABEL org.opencontainers.image.url="ftp://example.org/x"
FROM alpine:3.19 AS e
LABEL org.opencontainers.image.url="$URL"
USER 1000

FROM alpine:3.19
LABEL org.opencontainers.image.url="example.org/shop"
LABEL org.opencontainers.image.url="http://example.org"
LABEL org.opencontainers.image.url="not a url"
LABEL org.opencontainers.image.url="ftp://example.org/x"
LABEL org.opencontainers.image.url="$URL"
USER 1000

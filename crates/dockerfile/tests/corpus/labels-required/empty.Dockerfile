FROM alpine:3.19
LABEL org.opencontainers.image.title=""
LABEL org.opencontainers.image.url=
LABEL org.opencontainers.image.version=''
USER 1000

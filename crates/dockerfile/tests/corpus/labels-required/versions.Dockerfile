FROM alpine:3.19
LABEL org.opencontainers.image.version="1.4"
LABEL org.opencontainers.image.version="v1.4.2"
LABEL org.opencontainers.image.version="1.4.2-rc.1+build.5"
LABEL org.opencontainers.image.version="01.4.2"
LABEL org.opencontainers.image.version="$VERSION"
USER 1000

FROM --platform=linux/amd64 debian:12.5
FROM --platform=$TARGETPLATFORM debian:12.5
FROM --platform=$BUILDPLATFORM debian:12.5
USER 1000

ARG PLATFORM=linux/arm64
FROM --platform=$PLATFORM debian:12.5
FROM --platform=linux/$TARGETARCH debian:12.5
USER 101

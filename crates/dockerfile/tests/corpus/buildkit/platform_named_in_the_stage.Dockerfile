FROM --platform=linux/amd64 debian:12.5 AS build_amd64
FROM --platform=linux/arm64 debian:12.5 AS build_arm64
FROM build_${TARGETARCH} AS build
USER 1000

FROM --platform=$TARGETPLATFORM debian:12.5
FROM --platform=${TARGETPLATFORM} debian:12.5
USER 101

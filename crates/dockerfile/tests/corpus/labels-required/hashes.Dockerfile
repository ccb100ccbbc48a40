FROM alpine:3.19
LABEL org.opencontainers.image.revision="4c7d1c2"
LABEL org.opencontainers.image.revision="main"
LABEL org.opencontainers.image.revision="4C7D1C2F9E0F8F4F9B7D0E6A5C4B3A2918273645"
LABEL org.opencontainers.image.revision="$GIT_SHA"
LABEL org.opencontainers.image.revision="4c7d1c2f9e"
USER 1000

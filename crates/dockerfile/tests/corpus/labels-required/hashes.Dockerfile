FROM alpine:3.19 AS a
LABEL org.opencontainers.image.revision="4c7d1c2"
FROM alpine:3.19 AS b
LABEL org.opencontainers.image.revision="main"
FROM alpine:3.19 AS c
LABEL org.opencontainers.image.revision="4C7D1C2F9E0F8F4F9B7D0E6A5C4B3A2918273645"
FROM alpine:3.19 AS d
LABEL org.opencontainers.image.revision="$GIT_SHA"
FROM alpine:3.19 AS e
LABEL org.opencontainers.image.revision="4c7d1c2f9e"
USER 1000

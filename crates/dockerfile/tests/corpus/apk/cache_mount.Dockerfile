FROM alpine:3.19
RUN --mount=type=cache,target=/var/cache/apk apk add curl=8.5.0-r0
RUN --mount=type=cache,target=/etc/apk/cache apk add curl=8.5.0-r0
USER 1000
CMD ["curl", "--version"]

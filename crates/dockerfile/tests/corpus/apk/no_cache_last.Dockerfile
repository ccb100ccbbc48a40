FROM alpine:3.19
RUN apk add curl=8.5.0-r0 --no-cache
USER 1000
CMD ["curl", "--version"]

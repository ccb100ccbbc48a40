FROM alpine:3.19
RUN apk --no-cache add curl=8.5.0-r0
USER 1000
CMD ["curl", "--version"]

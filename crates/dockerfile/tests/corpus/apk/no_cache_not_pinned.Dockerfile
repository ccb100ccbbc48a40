FROM alpine:3.19
RUN apk add --no-cache curl ca-certificates
USER 1000
CMD ["curl", "--version"]

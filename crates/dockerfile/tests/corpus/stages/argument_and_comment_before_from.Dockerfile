# a comment
ARG VERSION=3.19

# another
FROM alpine:${VERSION}
USER 1000

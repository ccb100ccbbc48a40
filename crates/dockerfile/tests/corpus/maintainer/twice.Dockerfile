FROM alpine:3.19 AS a
MAINTAINER one
FROM alpine:3.19
maintainer two
USER 1000

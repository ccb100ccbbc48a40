FROM alpine:3.19 AS a
FROM alpine:3.19 AS a
FROM alpine:3.19 AS a
USER 1000

RUN mkdir /a
FROM alpine:3.19
USER 1000

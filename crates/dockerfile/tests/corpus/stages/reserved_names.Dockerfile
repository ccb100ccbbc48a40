FROM alpine:3.19 AS scratch
RUN mkdir /a
FROM alpine:3.19 AS context
RUN mkdir /b
USER 1000

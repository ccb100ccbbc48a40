FROM alpine:3.19
WORKDIR /path with spaces
WORKDIR   /padded
USER 1000

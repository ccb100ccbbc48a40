FROM --platform=linux/amd64 debian:12.5
USER 101

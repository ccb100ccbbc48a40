ARG TAG=latest
FROM debian:${TAG}
USER 101

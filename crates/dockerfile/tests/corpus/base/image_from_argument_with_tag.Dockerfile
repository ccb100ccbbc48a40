ARG BASE=debian:12.5
FROM ${BASE}
ARG REG=docker.io
FROM ${REG}/library/debian:12.5
FROM ${REG}/library/debian
USER 101

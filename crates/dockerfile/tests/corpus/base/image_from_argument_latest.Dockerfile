ARG BASE=debian:latest
FROM ${BASE}
USER 101

ARG REG=quay.io
FROM ${REG}/acme/base:1.0
FROM scratch
FROM registry.example.org/base:1.0
FROM localhost:5000/base:1.0
FROM docker.io/debian:12.5 AS base
FROM base
FROM hub.docker.com/acme/base:1.0
USER 1000

FROM docker.io/library/debian:12.5
FROM ghcr.io/acme/base:1.0
FROM registry.example.org:5000/base:1.0
FROM debian:12.5
FROM acme/base:1.0
USER 1000

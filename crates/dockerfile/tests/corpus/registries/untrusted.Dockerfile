FROM quay.io/acme/base:1.0
FROM gcr.io/distroless/static-debian12:nonroot
FROM evil.example.com/debian:12.5
USER 1000

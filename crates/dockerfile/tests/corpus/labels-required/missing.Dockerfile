FROM alpine:3.19
LABEL org.opencontainers.image.title="shop"
USER 1000

FROM alpine:3.19
LABEL org.opencontainers.image.title="shop" org.example.extra="1"
LABEL org.example.more=2
USER 1000

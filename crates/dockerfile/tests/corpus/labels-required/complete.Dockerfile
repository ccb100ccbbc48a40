FROM alpine:3.19
LABEL org.opencontainers.image.title="shop" \
      org.opencontainers.image.url="https://example.org/shop" \
      org.opencontainers.image.created="2024-03-01T10:00:00Z" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="4c7d1c2f9e0f8f4f9b7d0e6a5c4b3a2918273645" \
      org.opencontainers.image.version="1.4.2" \
      maintainer="jane@example.org"
USER 1000

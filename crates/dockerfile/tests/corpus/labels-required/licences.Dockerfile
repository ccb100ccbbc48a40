FROM alpine:3.19
LABEL org.opencontainers.image.licenses="MIT"
LABEL org.opencontainers.image.licenses="Apache 2"
LABEL org.opencontainers.image.licenses="MIT OR Apache-2.0"
LABEL org.opencontainers.image.licenses="GPL-2.0-only WITH Classpath-exception-2.0"
LABEL org.opencontainers.image.licenses="mit"
LABEL org.opencontainers.image.licenses="Proprietary"
USER 1000

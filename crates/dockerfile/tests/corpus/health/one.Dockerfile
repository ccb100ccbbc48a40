FROM alpine:3.19
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 CMD ["wget", "-q", "--spider", "http://localhost:8080/"]
USER 1000
CMD ["serve"]

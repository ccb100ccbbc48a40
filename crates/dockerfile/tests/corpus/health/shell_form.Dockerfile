FROM alpine:3.19
HEALTHCHECK CMD wget -q --spider http://localhost:8080/ || exit 1
USER 1000
CMD ["serve"]

FROM alpine:3.19
RUN <<SCRIPT
apk add git
apk add --no-cache curl
SCRIPT

USER 1000
CMD ["git"]

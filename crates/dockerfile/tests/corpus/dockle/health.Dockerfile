FROM alpine:3.19
HEALTHCHECK CMD ["true"]
USER 1000
CMD ["true"]

FROM alpine:3.19
HEALTHCHECK CMD ["true"]
CMD ["true"]

FROM alpine:3.19
USER rootless
USER 0x0
USER 01000
CMD ["true"]

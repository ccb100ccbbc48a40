FROM alpine:3.19
USER 00
CMD ["true"]

FROM alpine:3.19
USER 1001:0
CMD ["true"]

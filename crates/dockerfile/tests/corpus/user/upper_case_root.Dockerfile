FROM alpine:3.19
USER ROOT
CMD ["true"]

FROM alpine:3.19
RUN apk add --no-cache watchexec@testing
USER 1000
CMD ["watchexec"]

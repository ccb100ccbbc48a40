FROM alpine:3.19
USER "app"
USER "1000"
CMD ["true"]

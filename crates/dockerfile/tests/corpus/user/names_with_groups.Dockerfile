FROM alpine:3.19
USER app:app
USER 1000:app
USER app:1000
CMD ["true"]

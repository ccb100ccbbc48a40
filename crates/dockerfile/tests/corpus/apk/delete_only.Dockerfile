FROM alpine:3.19
RUN apk del apk-tools && apk info
USER 1000
CMD ["true"]

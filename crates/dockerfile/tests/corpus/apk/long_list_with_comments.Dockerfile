FROM alpine:3.19
RUN apk --no-cache add \
    # certificates
    ca-certificates \
    # shell
    bash \
    tzdata
USER 1000
CMD ["bash"]

FROM alpine:3.19 AS rootfs
RUN apk add --no-cache --root /out --initdb --keys-dir /etc/apk/keys --repositories-file /etc/apk/repositories busybox=1.36.1-r15
RUN apk add -p /out --no-cache busybox=1.36.1-r15
FROM scratch
COPY --from=rootfs /out /base
USER 1000
CMD ["/bin/busybox"]

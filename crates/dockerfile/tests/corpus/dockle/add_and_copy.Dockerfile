FROM alpine:3.19
ADD a.txt /a.txt
ADD rootfs.tar.gz /
COPY b.txt /b.txt
USER 1000

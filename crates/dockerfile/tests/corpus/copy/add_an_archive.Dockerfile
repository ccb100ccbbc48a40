FROM alpine:3.19
ADD rootfs.tar.gz /
ADD rootfs.tar.xz /
ADD rootfs.tgz /
ADD rootfs.tar /
ADD rootfs.tar.zst /
ADD rootfs.tbz2 /
ADD bundle.zip /opt/
ADD rootfs.gz /opt/
USER 1000

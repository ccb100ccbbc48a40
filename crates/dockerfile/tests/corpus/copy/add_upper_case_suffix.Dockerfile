FROM alpine:3.19
ADD ROOTFS.TAR.GZ /
ADD "rootfs.tar.gz" /
ADD rootfs.tar.gz.asc /
ADD *.tar.gz /opt/
ADD dist/*.txt /opt/
USER 1000

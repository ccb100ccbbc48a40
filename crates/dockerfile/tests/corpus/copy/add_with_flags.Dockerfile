FROM alpine:3.19
ADD --chown=1000:1000 app.conf /etc/app.conf
ADD --link rootfs.tar.gz /
ADD --chmod=755 run.sh /run.sh
USER 1000

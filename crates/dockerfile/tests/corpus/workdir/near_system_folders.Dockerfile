FROM alpine:3.19
WORKDIR /proc
WORKDIR /process
WORKDIR /devel/app
WORKDIR /sys/fs
WORKDIR /opt/proc/
USER 1000

FROM alpine:3.19
WORKDIR /proc/self/fd/8
WORKDIR /dev/shm
WORKDIR /boot/grub
WORKDIR "/proc/1"
USER 1000

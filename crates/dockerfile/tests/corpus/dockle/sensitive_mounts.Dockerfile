FROM debian:12.5
VOLUME /proc
VOLUME ["/dev", "/data"]
VOLUME /sys/fs /srv
VOLUME /device
USER 1000

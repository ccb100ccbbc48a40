FROM alpine:3.19
COPY *.txt /opt/app
COPY conf.d /etc/conf.d
USER 1000

FROM alpine:3.19
COPY app.conf etc/app.conf
COPY app.conf ./
COPY app.conf .
COPY app.conf "relative dir/"
USER 1000

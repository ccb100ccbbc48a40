FROM alpine:3.19
COPY a.txt b.txt /opt/app
COPY a.txt b.txt /opt/app/
COPY a.txt /opt/app
USER 1000

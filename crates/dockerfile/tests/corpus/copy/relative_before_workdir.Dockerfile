FROM alpine:3.19
COPY app.conf .
WORKDIR /app
COPY app.conf .
USER 1000

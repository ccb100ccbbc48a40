FROM alpine:3.19
WORKDIR /app
COPY app.conf etc/app.conf
COPY . .
USER 1000

FROM alpine:3.19
WORKDIR /app
WORKDIR "/srv/app"
WORKDIR '/srv/app'
USER 1000

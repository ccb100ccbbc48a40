FROM debian:12.5
WORKDIR usr/src/app
WORKDIR again
FROM debian:12.5
WORKDIR /app
WORKDIR src
USER 1000

ARG STAGE=build
FROM golang:1.22.1 AS build
RUN go build -o /app .
FROM alpine:3.19
COPY --from=$STAGE /app /usr/local/bin/app
USER 1000

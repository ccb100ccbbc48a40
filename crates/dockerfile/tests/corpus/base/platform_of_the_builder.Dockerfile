FROM --platform=$BUILDPLATFORM golang:1.22.1 AS build
RUN go build -o /app .
FROM --platform=${BUILDPLATFORM} golang:1.22.1
USER 101

FROM alpine:3.19 AS app
COPY --from=build /app /app
USER 1000
FROM golang:1.22.1 AS build
RUN go build -o /app .
USER 1000

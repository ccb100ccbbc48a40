FROM golang:1.22.1 AS Build
RUN go build -o /app .
FROM alpine:3.19
COPY --from=build /app /usr/local/bin/app
USER 1000

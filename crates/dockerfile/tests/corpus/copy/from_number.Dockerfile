FROM golang:1.22.1
RUN go build -o /app .
FROM alpine:3.19
COPY --from=0 /app /usr/local/bin/app
COPY --from=1 /app /usr/local/bin/app
COPY --from=7 /app /usr/local/bin/app
USER 1000

FROM golang:1.22.1 AS Build
RUN go build -o /app .
FROM build
USER 65532
ENTRYPOINT ["/app"]

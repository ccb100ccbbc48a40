FROM golang:1.22.1
RUN go build -o /app .
FROM alpine:3.19
COPY --from=0 /app /app
USER 65532
ENTRYPOINT ["/app"]

FROM golang:1.22.1 AS build
RUN go build -o /app .
FROM build AS test
RUN go test ./...
FROM scratch
COPY --from=build /app /app
USER 65532
ENTRYPOINT ["/app"]

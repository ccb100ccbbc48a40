FROM golang:1.22.1-alpine3.19 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/shop ./cmd/shop
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/shop /shop
EXPOSE 8080
ENTRYPOINT ["/shop"]

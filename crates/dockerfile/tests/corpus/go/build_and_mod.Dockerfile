FROM golang:1.22.1-alpine3.19
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download && go mod verify
COPY . .
RUN go build -o /out/app ./cmd/app && go vet ./... && go test ./...
USER 1000
CMD ["/out/app"]

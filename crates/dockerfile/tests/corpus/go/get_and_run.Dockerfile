FROM golang:1.22.1-alpine3.19
WORKDIR /src
RUN go get github.com/gin-gonic/gin
RUN go get -u github.com/gin-gonic/gin@v1.9.1
RUN go get -d ./...
RUN go run github.com/swaggo/swag/cmd/swag
RUN go run github.com/swaggo/swag/cmd/swag@v1.16.3 init
RUN go run ./cmd/gen && go run main.go
USER 1000
CMD ["server"]

FROM golang:1.22.1-alpine3.19
RUN go install github.com/go-delve/delve/cmd/dlv@v1.22.1
USER 1000
CMD ["dlv"]

FROM golang:1.22.1-alpine3.19
RUN go install github.com/go-delve/delve/cmd/dlv
RUN go install github.com/go-delve/delve/cmd/dlv@latest
RUN go install github.com/go-delve/delve/cmd/dlv@master
USER 1000
CMD ["dlv"]

FROM golang:1.22.1-alpine3.19
WORKDIR /src
COPY . .
RUN go install ./...
RUN go install .
RUN go install ./cmd/server
RUN go install
USER 1000
CMD ["server"]

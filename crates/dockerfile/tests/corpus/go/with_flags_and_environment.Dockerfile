FROM golang:1.22.1-alpine3.19
RUN CGO_ENABLED=0 go install -ldflags="-s -w" github.com/grafana/k6@v0.49.0
RUN CGO_ENABLED=0 go install -ldflags "-s -w" github.com/grafana/k6
RUN go install -tags=extended github.com/gohugoio/hugo@v0.123.7
RUN GOBIN=/out go install golang.org/x/tools/cmd/stringer@${TOOLS_VERSION}
RUN go install $MODULE
USER 1000
CMD ["k6"]

FROM golang:1.22.1 AS build
RUN go build -o /app .
FROM scratch
COPY --from=build /app app
COPY ["a", "b"]
ADD x.tar.gz here/
USER 1000

FROM golang:1.22.1 AS build
COPY --from=build /a /b
FROM alpine:3.19 AS app
COPY --from=build /a /b
COPY --from=app /a /b
USER 1000

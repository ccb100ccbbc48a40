FROM alpine:3.19 AS build
RUN mkdir /a
FROM scratch
COPY --from=build / /
USER 1000

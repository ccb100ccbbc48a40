FROM alpine:3.19 AS build
USER 1000
RUN mkdir /tmp/a
FROM alpine:3.19
COPY --from=build /tmp/a /a
CMD ["true"]

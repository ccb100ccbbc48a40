FROM alpine:3.19 AS build
RUN mkdir /a
FROM alpine:3.19 AS base
HEALTHCHECK CMD ["true"]
FROM base AS app
CMD ["true"]
FROM alpine:3.19
COPY --from=build /a /a

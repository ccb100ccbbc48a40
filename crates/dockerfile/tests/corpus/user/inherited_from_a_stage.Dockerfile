FROM alpine:3.19 AS base
USER 1000
FROM base
CMD ["true"]

FROM alpine:3.19 AS a
HEALTHCHECK CMD ["a"]
FROM alpine:3.19
USER 1000
CMD ["serve"]

FROM alpine:3.19 AS build
USER root
RUN mkdir /a
FROM alpine:3.19
USER 1000
CMD ["true"]

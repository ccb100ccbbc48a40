FROM alpine:3.19
RUN apk upgrade --no-cache
RUN apk -U upgrade
RUN apk update && apk upgrade
USER 1000
CMD ["true"]
